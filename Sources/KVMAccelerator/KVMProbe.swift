import AArch64
import Acceleration
import Platform
import HostIO
import KVM
package import Machine

/// Proves that the host's KVM runs guests, with a loop of some million instructions; within bounded time.
///
/// A `/dev/kvm` that opens may still run nothing, or never return, or interpret each instruction because there is no
/// hardware support.
package enum KVMProbe {
    /// The result of the probe.
    package enum Report: Sendable {
        /// The guest ran, and an iteration of its loop took this much of the host's time.
        case works(nanosecondsPerIteration: Double)
        /// KVM can't run the guest, for this reason: one sentence without a period.
        case refusal(String)
    }

    /// Probes KVM with a guest of an architecture.
    package static func report(_ architecture: MachineLayout.Architecture = .aarch64, seconds: UInt64 = 2) -> Report {
        guard architecture == MachineLayout.Architecture.host else {
            let name = architecture == .aarch64 ? "AArch64" : "x86-64"
            return .refusal("KVM runs guests of the host's own architecture only, and this host is no \(name)")
        }
        return report(seconds: seconds, architecture == .aarch64 ? runGuest : runX86Guest)
    }

    private static func report(seconds: UInt64, _ runGuest: @escaping @Sendable () -> Report) -> Report {
        let result = Monitor<Report?>(nil)
        let kick = Monitor<pthread_t?>(nil)
        VCPUKickSignal.install()
        do throws(HostError) {
            // A thread that KVM never lets go is left behind: there is no way to end it.
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

    /// Runs a vCPU whose program is the loop and then `ends`; `left` reads how many iterations are still to do.
    private static func run(
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

    /// Writes a byte to a port in 64-bit mode, where every kernel spends its time.
    @Sendable
    private static func runX86Guest() -> Report {
        let size = 1 << 16
        // SAFETY: `host` has `size` bytes, which all accesses stay within, and is freed when no vCPU runs any more.
        guard let host = unsafe aligned_alloc(4096, size) else { return .refusal("the host has no memory left") }
        defer { unsafe free(host) }
        // mov $0x2a, %al; out %al, $0x10; hlt
        let program = SpeedLoop.x86 + [0xb0, 0x2a, 0xe6, 0x10, 0xf4]
        unsafe memset(host, 0, size)
        unsafe (host + 0x1000).copyMemory(from: program, byteCount: program.count)
        // One page of 2 MiB, mapped to itself.
        for (place, entry) in [(0x2000, 0x3003), (0x3000, 0x4003), (0x4000, 0x83)] as [(Int, UInt64)] {
            unsafe host.storeBytes(of: entry, toByteOffset: place, as: UInt64.self)
        }
        do throws(KVMError) {
            let system = try KVMSystem()
            let machine = try system.makeVirtualMachine()
            try unsafe machine.setMemory(slot: 0, base: 0, size: UInt64(size), host: host, isReadOnly: false)
            let vcpu = try machine.makeVCPU(0)
            try vcpu.setCPUID(try system.supportedCPUID())
            var registers = try vcpu.systemRegisters()
            registers.enterLongMode(tables: 0x2000, code: 0x10, data: 0x18)
            try vcpu.setSystemRegisters(registers)
            var general = X86Registers()
            general.rip = 0x1000
            general.rcx = SpeedLoop.iterations
            (general.rax, general.rdx, general.rbx) = (SpeedLoop.seed, SpeedLoop.factor, SpeedLoop.summand)
            try vcpu.setRegisters(general)
            return try run(vcpu) { exit in
                exit == .portWrite(port: 0x10, size: 1, count: 1) && vcpu.portValue(0, size: 1) == 0x2a
            } left: { () throws(KVMError) in
                try vcpu.registers().rcx
            }
        } catch {
            return .refusal("\(error.operation): \(HostError.text(error.errno))")
        }
    }

    /// Runs PSCI's SYSTEM_OFF.
    @Sendable
    private static func runGuest() -> Report {
        let size = 65536
        // SAFETY: `host` has `size` bytes, which all accesses stay within, and is freed when no vCPU runs any more.
        guard let host = unsafe aligned_alloc(size, size) else { return .refusal("the host has no memory left") }
        defer { unsafe free(host) }
        let program: [UInt32] =
            SpeedLoop.aarch64 + [
                0x52B0_8000,  // mov w0, #0x84000000
                0x1100_2000,  // add w0, w0, #8
                0xD400_0002,  // hvc #0
                0x1400_0000,  // b .
            ]
        unsafe memset(host, 0, size)
        for (index, word) in program.enumerated() {
            unsafe host.storeBytes(of: word.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
        }
        unsafe synchronizeCode(host, count: 4 * program.count)
        do throws(KVMError) {
            let system = try KVMSystem()
            let limit = system.check(.armVMPhysicalAddressSize)
            let machine = try system.makeVirtualMachine(type: limit == 0 ? 0 : min(40, limit))
            try unsafe machine.setMemory(slot: 0, base: 0, size: UInt64(size), host: host, isReadOnly: false)
            var target = try machine.preferredTarget()
            target.insert(.psci02)
            let vcpu = try machine.makeVCPU(0)
            try vcpu.initialize(target)
            try vcpu.write(KVMRegisterID.pc, 0)
            for (register, value) in SpeedLoop.aarch64Registers.enumerated() {
                try vcpu.write(KVMRegisterID.x(register), value)
            }
            return try run(vcpu) { exit in
                exit == .poweredOff
            } left: { () throws(KVMError) in
                try vcpu.read(KVMRegisterID.x(1))
            }
        } catch {
            return .refusal("\(error.operation): \(HostError.text(error.errno))")
        }
    }
}
