import Acceleration
package import KVM
package import KVMAccelerator
package import Machine

/// The choice of accelerator, by the names of `--accel`.
package enum AcceleratorChoice: String, CaseIterable, Sendable {
    /// KVM where it runs AArch64 guests faster, else the software CPU.
    case auto
    case kvm
    case software
}

/// Whether KVM runs an architecture's guests.
package enum KVMSupport: Sendable {
    /// KVM runs them, and takes `slowdown` times as long as the host itself.
    case works(slowdown: Double)
    /// KVM doesn't run them, for this reason: one sentence without a period.
    case refusal(String)
}

/// Which accelerators can run which guests.
package enum AcceleratorSupport {
    /// The accelerators that can run guests of one architecture on hosts of another, if the host supports them.
    package static func accelerators(
        host: Architecture, guest: Architecture
    ) -> [AcceleratorChoice] {
        let hasSoftwareCPU = GuestSupports.all.contains { $0.architecture == guest && $0.hasSoftwareCPU }
        return (host == guest ? [.kvm] : []) + (hasSoftwareCPU ? [.software] : [])
    }

    /// Whether KVM runs AArch64 guests.
    package static func kvmOfAArch64() -> KVMSupport { kvm(.aarch64) }

    /// Whether KVM runs a PC's guests.
    package static func kvmOfX86() -> KVMSupport { kvm(.x86_64) }

    private static func kvm(_ architecture: Architecture) -> KVMSupport {
        switch KVMProbe.report(architecture) {
        case .refusal(let text): .refusal(text)
        case .works(let time): .works(slowdown: time / SpeedLoop.onHost().nanosecondsPerIteration)
        }
    }

    /// The reason why KVM can't run guests of an architecture, one sentence without a period; nil if it can.
    static func kvmRefusal(_ architecture: Architecture) -> String? {
        if case .refusal(let text) = KVMProbe.report(architecture) { text } else { nil }
    }

    /// The choice of `auto` for AArch64 guests, by the times that KVM and the software CPU take for the same loop.
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

    /// A factor in words, such as `2.5 times slower`.
    package static func slowdownInWords(_ factor: Double) -> String {
        let tenths = Int(min(factor, 1e6) * 10)
        return (tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\(tenths / 10)") + " times slower"
    }

    /// The version `/dev/kvm` reports, or why it can't be asked.
    package static func kvmDevice() -> Result<Int, KVMError> {
        do throws(KVMError) {
            let system = try KVMSystem()
            return .success(try system.apiVersion())
        } catch {
            return .failure(error)
        }
    }
}
