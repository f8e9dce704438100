import KVM
package import Machine

/// What to run the vCPUs with; `--accel` names them.
package enum AcceleratorChoice: String, CaseIterable, Sendable {
    /// KVM where it runs AArch64 guests, else the software CPU.
    case auto
    case kvm
    case software
}

/// Which accelerators can run which guests.
package enum AcceleratorSupport {
    /// What this host's processor is.
    #if arch(arm64)
    package static let hostArchitecture = MachineLayout.Architecture.aarch64
    #else
    package static let hostArchitecture = MachineLayout.Architecture.x86_64
    #endif

    /// What runs guests of an architecture on hosts of one, where all is well there.
    package static func accelerators(
        host: MachineLayout.Architecture, guest: MachineLayout.Architecture
    ) -> [AcceleratorChoice] {
        (host == guest ? [.kvm] : []) + (guest == .aarch64 ? [.software] : [])
    }

    /// Why KVM can't be used, in one sentence without a full stop; nil if it can.
    package static func kvmRefusal() -> String? { KVMProbe.refusal() }

    /// The version `/dev/kvm` reports, or why it can't be asked.
    package static func kvmDevice() -> Result<Int, HostError> {
        do throws(KVMError) {
            let system = try KVMSystem()
            return .success(try system.apiVersion())
        } catch {
            return .failure(HostError(error.operation, errno: error.errno))
        }
    }

    /// Why KVM can't run a PC's guests; likewise.
    package static func kvmRefusalOfX86() -> String? { KVMProbe.refusal(.x86_64) }

    /// Whether a choice comes to KVM, and why if it was `auto`'s.
    static func usesKVM(
        _ choice: AcceleratorChoice, _ architecture: MachineLayout.Architecture
    ) throws(StartError) -> (Bool, reason: String) {
        if architecture == .x86_64 {
            guard choice != .software else {
                throw StartError(
                    description:
                        "--accel software: there is no software CPU for x86-64; use --accel kvm on an x86-64 host")
            }
            guard let refusal = KVMProbe.refusal(.x86_64) else { return (true, "") }
            throw StartError(description: "--machine pc needs KVM, as there is no software CPU for x86-64: \(refusal)")
        }
        switch choice {
        case .software: return (false, "")
        case .kvm:
            guard let refusal = kvmRefusal() else { return (true, "") }
            throw StartError(description: "--accel kvm: \(refusal); use --accel software")
        case .auto:
            // Elsewhere there is nothing to choose, and nothing to say.
            #if arch(arm64)
            guard let refusal = kvmRefusal() else { return (true, "KVM runs AArch64 guests here") }
            return (false, refusal)
            #else
            return (false, "")
            #endif
        }
    }
}
