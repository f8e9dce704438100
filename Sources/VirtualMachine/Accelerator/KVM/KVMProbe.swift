import AArch64
import Glibc
import KVM
package import Machine

/// Proves that the host's KVM runs guests, with one of three instructions; within bounded time.
///
/// A `/dev/kvm` that opens may still run nothing, or never come back.
package enum KVMProbe {
    /// Why KVM can't run guests of an architecture, in one sentence without a full stop; nil: it does.
    package static func refusal(_ architecture: MachineLayout.Architecture = .aarch64, seconds: UInt64 = 3) -> String? {
        guard architecture == AcceleratorSupport.hostArchitecture else {
            let name = architecture == .aarch64 ? "AArch64" : "x86-64"
            return "KVM runs guests of the host's own architecture only, and this host is no \(name)"
        }
        return refusal(seconds: seconds, architecture == .aarch64 ? runGuest : runX86Guest)
    }

    private static func refusal(seconds: UInt64, _ runGuest: @escaping @Sendable () -> String?) -> String? {
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
    }

    /// Writes a byte to a port in 64-bit mode, where every kernel spends its time.
    @Sendable
    private static func runX86Guest() -> String? {
        let size = 1 << 16
        guard let host = aligned_alloc(4096, size) else { return "the host has no memory left" }
        defer { free(host) }
        // mov $0x2a, %al; out %al, $0x10; hlt
        let program: [UInt8] = [0xb0, 0x2a, 0xe6, 0x10, 0xf4]
        memset(host, 0, size)
        (host + 0x1000).copyMemory(from: program, byteCount: program.count)
        // One page of 2 MiB, mapped to itself.
        for (place, entry) in [(0x2000, 0x3003), (0x3000, 0x4003), (0x4000, 0x83)] as [(Int, UInt64)] {
            host.storeBytes(of: entry, toByteOffset: place, as: UInt64.self)
        }
        do throws(KVMError) {
            let system = try KVMSystem()
            let machine = try system.makeVirtualMachine()
            try machine.setMemory(slot: 0, base: 0, size: UInt64(size), host: host, isReadOnly: false)
            let vcpu = try machine.makeVCPU(0)
            try vcpu.setCPUID(try system.supportedCPUID())
            var registers = try vcpu.systemRegisters()
            registers.enterLongMode(tables: 0x2000, code: 0x10, data: 0x18)
            try vcpu.setSystemRegisters(registers)
            var general = X86Registers()
            general.rip = 0x1000
            try vcpu.setRegisters(general)
            switch vcpu.run() {
            case .portWrite(port: 0x10, size: 1, count: 1) where vcpu.portValue(0, size: 1) == 0x2a: return nil
            case .interrupted: return "/dev/kvm opens, but a guest of three instructions does not end"
            case let exit: return "/dev/kvm opens, but a guest of three instructions ended with \(exit)"
            }
        } catch {
            return "\(error.operation): \(HostError.text(error.errno))"
        }
    }

    /// Runs PSCI's SYSTEM_OFF.
    @Sendable
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
