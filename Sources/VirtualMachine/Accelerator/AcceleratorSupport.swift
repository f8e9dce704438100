import Acceleration
package import KVM
package import KVMAccelerator
package import Machine

/// The user's choice of accelerator; the raw values are the arguments of `--accel`.
package enum AcceleratorChoice: String, CaseIterable, Sendable {
    /// The faster of KVM and the software CPU, among those that can run the guest.
    case auto
    /// KVM.
    case kvm
    /// The software CPU.
    case software
}

/// The host's support for guests of one architecture in KVM.
package enum KVMSupport: Sendable {
    /// KVM runs these guests. The same loop takes `slowdown` times as long in a guest as on the host.
    case works(slowdown: Double)
    /// KVM does not run these guests. The text is the reason, one sentence without a period.
    case refusal(String)
}

/// The choice among the accelerators that the host and the guest allow.
package enum AcceleratorSupport {
    /// Returns the accelerators that can run guests of one architecture on hosts of another, if the host supports them.
    package static func accelerators(
        host: Architecture, guest: Architecture
    ) -> [AcceleratorChoice] {
        let hasSoftwareCPU = GuestSupports.all.contains { $0.architecture == guest && $0.hasSoftwareCPU }
        return (host == guest ? [.kvm] : []) + (hasSoftwareCPU ? [.software] : [])
    }

    /// Returns the host's support for AArch64 guests in KVM.
    package static func kvmOfAArch64() -> KVMSupport { kvm(.aarch64) }

    /// Returns the host's support for x86-64 guests in KVM.
    package static func kvmOfX86() -> KVMSupport { kvm(.x86_64) }

    private static func kvm(_ architecture: Architecture) -> KVMSupport {
        switch KVMProbe.report(architecture) {
        case .refusal(let text): .refusal(text)
        case .works(let time): .works(slowdown: time / SpeedLoop.onHost().nanosecondsPerIteration)
        }
    }

    /// Returns the reason why KVM cannot run guests of an architecture, one sentence without a period; nil if it can.
    static func kvmRefusal(_ architecture: Architecture) -> String? {
        if case .refusal(let text) = KVMProbe.report(architecture) { text } else { nil }
    }

    /// Returns the choice of `auto` for AArch64 guests, by the time that KVM and the software CPU take for the same
    /// loop, in nanoseconds per iteration.
    ///
    /// KVM without hardware support interprets each instruction, which is slower than the software CPU.
    package static func automaticChoice(
        kvm: KVMProbe.Report, software: @autoclosure () -> Double?
    ) -> (usesKVM: Bool, reason: String) {
        switch kvm {
        case .refusal(let text): return (false, text)
        case .works(let time):
            guard let software = software(), software < time else { return (true, "KVM runs AArch64 guests here") }
            return (false, "KVM is \(slowdownInWords(time / software)) than the software CPU here")
        }
    }

    /// Returns a factor in words, such as `2.5 times slower`.
    package static func slowdownInWords(_ factor: Double) -> String {
        let tenths = Int(min(factor, 1e6) * 10)
        return (tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\(tenths / 10)") + " times slower"
    }

    /// Returns the API version of `/dev/kvm`, or the error that prevents reading it.
    package static func kvmDevice() -> Result<Int, KVMError> {
        do throws(KVMError) {
            let system = try KVMSystem()
            return .success(try system.apiVersion())
        } catch {
            return .failure(error)
        }
    }
}
