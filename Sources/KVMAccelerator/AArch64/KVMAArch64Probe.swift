import AArch64
import Acceleration
import KVM
import Platform

extension KVMProbe {
    /// Runs PSCI's SYSTEM_OFF.
    @Sendable
    static func runAArch64Guest() -> Report {
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
            return .refusal("\(error)")
        }
    }
}
