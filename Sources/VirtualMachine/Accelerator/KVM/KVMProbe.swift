import AArch64
import Glibc
import KVM

/// Proves that the host's KVM runs AArch64 guests, with one that turns itself off; within bounded time.
///
/// A `/dev/kvm` that opens may still run nothing, or never come back.
package enum KVMProbe {
    /// Why KVM can't be used, in one sentence without a full stop; nil: it runs guests.
    package static func refusal(seconds: UInt64 = 3) -> String? {
        #if arch(arm64)
        let result = Monitor<String??>(nil)
        let kick = Monitor<pthread_t?>(nil)
        KVMKickSignal.install()
        do throws(HostError) {
            // A thread that KVM never lets go is left behind: there is no way to end it.
            _ = try HostThread(named: "kvm probe") {
                kick.withLock { $0 = pthread_self() }
                let refusal = runGuest()
                result.withLock { $0 = .some(refusal) }
            }
        } catch {
            return error.description
        }
        if let refusal = result.wait(nanoseconds: seconds * 1_000_000_000, { $0 }) { return refusal }
        kick.withLock { if let thread = $0 { pthread_kill(thread, KVMKickSignal.number) } }
        if let refusal = result.wait(nanoseconds: 1_000_000_000, { $0 }) { return refusal }
        return "/dev/kvm opens, but a guest of three instructions had not ended after \(seconds) s"
        #else
        return "KVM runs guests of the host's own architecture only, and this host is no AArch64"
        #endif
    }

    /// Runs PSCI's SYSTEM_OFF.
    private static func runGuest() -> String? {
        let size = 65536
        guard let host = aligned_alloc(size, size) else { return "the host has no memory left" }
        defer { free(host) }
        let program: [UInt32] = [
            0x52B0_8000,  // mov w0, #0x84000000
            0x1100_2000,  // add w0, w0, #8
            0xD400_0002,  // hvc #0
            0x1400_0000,  // b .
        ]
        memset(host, 0, size)
        for (index, word) in program.enumerated() {
            host.storeBytes(of: word.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
        }
        synchronizeCode(host, count: 4 * program.count)
        do throws(KVMError) {
            let system = try KVMSystem()
            let limit = system.check(.armVMPhysicalAddressSize)
            let machine = try system.makeVirtualMachine(type: limit == 0 ? 0 : min(40, limit))
            try machine.setMemory(slot: 0, base: 0, size: UInt64(size), host: host, isReadOnly: false)
            var target = try machine.preferredTarget()
            target.insert(.psci02)
            let vcpu = try machine.makeVCPU(0)
            try vcpu.initialize(target)
            try vcpu.write(KVMRegisterID.pc, 0)
            switch vcpu.run() {
            case .poweredOff: return nil
            case .interrupted: return "/dev/kvm opens, but a guest of three instructions does not end"
            case let exit: return "/dev/kvm opens, but a guest of three instructions ended with \(exit)"
            }
        } catch {
            return "\(error.operation): \(HostError.text(error.errno))"
        }
    }
}
