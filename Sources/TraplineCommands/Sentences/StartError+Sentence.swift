package import HostIO
package import VirtualMachine

extension VirtualMachineError {
    /// One line for the user: the failure, its reason, and advice.
    package var sentence: String {
        switch self {
        case .start(let error): error.sentence
        case .machine(let error): error.sentence
        }
    }
}

extension StartError {
    /// One line for the user, in the words of the command line.
    package var sentence: String {
        "\(subject.text)\(reason)\(advice.map { "; \($0.text)" } ?? "")"
    }
}

extension StartError.Subject {
    /// The beginning of the line, before the reason.
    fileprivate var text: String {
        switch self {
        case .machine(let name): "--machine \(name) "
        case .accelerator(let name): "--accel \(name): "
        case .processor(let name): "--cpu \(name): "
        case .network(.passt): "--net passt: "
        case .network(.tap(let name)): "--net tap:\(name): "
        case .network(.unix(let path)): "--net unix:\(path): "
        case .disk(let path): "disk \(path): "
        case .semihosting: "--semihosting: "
        case .virtualClock: "--clock virtual: "
        case .other: ""
        }
    }
}

extension StartError.Advice {
    fileprivate var text: String {
        switch self {
        case .softwareCPU: "use --accel software"
        case .kvm(let host): "use --accel kvm on an \(host) host"
        case .passt(let socket): "start what serves it first, such as: passt --socket \(socket)"
        case .lessMemory: "give the guest less (--mem)"
        case .leaveOut(let machine): "leave it out for \(machine)"
        }
    }
}
