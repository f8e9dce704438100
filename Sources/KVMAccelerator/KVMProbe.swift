import Acceleration
import Platform
import HostIO
import KVM
package import Machine

/// A test that the host's KVM runs guests, with a loop of some million instructions, within bounded time.
///
/// A `/dev/kvm` that opens may still not run a guest, or never return, or interpret each instruction because there is
/// no hardware support.
package enum KVMProbe {
    /// The result of the probe.
    package enum Report: Sendable {
        /// The guest ran, and an iteration of its loop took this much of the host's time.
        case works(nanosecondsPerIteration: Double)
        /// KVM can't run the guest, for this reason: one sentence without a period.
        case refusal(String)
    }

    /// Probes KVM with a guest of an architecture.
    package static func report(_ architecture: Architecture = .aarch64, seconds: UInt64 = 2) -> Report {
        guard architecture == .host, let runGuest = guests[architecture] else {
            return .refusal(
                "KVM runs guests of the host's own architecture only, and this host is no \(architecture.rawValue)")
        }
        return report(seconds: seconds, runGuest)
    }

    private static let guests: [Architecture: @Sendable () -> Report] = [
        .aarch64: runAArch64Guest, .x86_64: runX86_64Guest,
    ]

    private static func report(seconds: UInt64, _ runGuest: @escaping @Sendable () -> Report) -> Report {
        let result = LockedValue<Report?>(nil)
        let kick = LockedValue<pthread_t?>(nil)
        VCPUKickSignal.install()
        do throws(HostError) {
            // A thread that never returns from KVM is abandoned: there is no way to end it.
            _ = try HostThread(named: "kvm probe") {
                kick.withLock { $0 = pthread_self() }
                let report = runGuest()
                result.withLock { $0 = report }
            }
        } catch {
            return .refusal(error.description)
        }
        if let report = result.wait(nanoseconds: seconds * 1_000_000_000, { $0 }) { return report }
        kick.withLock { if let thread = $0 { pthread_kill(thread, VCPUKickSignal.number) } }
        if let report = result.wait(nanoseconds: 1_000_000_000, { $0 }) { return report }
        return .refusal("/dev/kvm opens, but a guest of a few instructions can't be stopped after \(seconds) s")
    }

    /// Runs a vCPU whose program is the loop and then `ends`; `left` returns the number of remaining iterations.
    static func run(
        _ vcpu: borrowing KVMVCPU, ends: (KVMExit) -> Bool, left: () throws(KVMError) -> UInt64
    ) throws(KVMError) -> Report {
        let start = HostClock.ofThisThread()
        let exit = vcpu.run()
        let time = Double(HostClock.ofThisThread() &- start)
        if ends(exit) { return .works(nanosecondsPerIteration: time / Double(SpeedLoop.iterations)) }
        guard exit == .interrupted else {
            return .refusal("/dev/kvm opens, but a guest of a few instructions ended with \(exit)")
        }
        let done = SpeedLoop.iterations &- min(try left(), SpeedLoop.iterations)
        guard done > 0 else { return .refusal("/dev/kvm opens, but a guest's first instructions do not end") }
        return .works(nanosecondsPerIteration: time / Double(done))
    }
}
