import KVM

/// What to run the vCPUs with; `--accel` names them.
package enum AcceleratorChoice: String, CaseIterable, Sendable {
    /// KVM where it runs AArch64 guests, else the software CPU.
    case auto
    case kvm
    case software
}

/// Which accelerators can run an AArch64 guest on this host.
package enum AcceleratorSupport {
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

    /// Whether a choice comes to KVM, and why if there was something for `auto` to choose.
    static func usesKVM(_ choice: AcceleratorChoice) throws(StartError) -> (Bool, reason: String) {
        switch choice {
        case .software: return (false, "")
        case .kvm:
            guard let refusal = kvmRefusal() else { return (true, "") }
            throw StartError(description: "--accel kvm: \(refusal); use --accel software")
        case .auto:
            #if arch(arm64)
            guard let refusal = kvmRefusal() else { return (true, "KVM runs AArch64 guests here") }
            return (false, refusal)
            #else
            return (false, "")
            #endif
        }
    }
}
