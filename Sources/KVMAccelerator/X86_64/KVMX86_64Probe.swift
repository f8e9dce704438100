import Acceleration
import KVM
import Platform

extension KVMProbe {
    /// Writes a byte to a port in 64-bit mode, where every kernel spends its time.
    @Sendable
    static func runX86_64Guest() -> Report {
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
            return .refusal("\(error)")
        }
    }
}
