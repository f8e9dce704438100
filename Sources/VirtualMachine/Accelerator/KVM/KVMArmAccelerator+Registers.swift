import AArch64
package import GDBStub
import KVM

extension KVMArmAccelerator {
    package func read(_ register: GuestRegister, vcpu: Int) throws(TargetError) -> UInt64 {
        let id = try id(register)
        return try checked(register) { () throws(KVMError) in try arm[vcpu].read(id) }
    }

    package func write(_ register: GuestRegister, _ value: UInt64, vcpu: Int) throws(TargetError) {
        let id = try id(register)
        try checked(register) { () throws(KVMError) in try arm[vcpu].write(id, value) }
    }

    package func readVector(_ index: Int, vcpu: Int) throws(TargetError) -> VectorValue {
        var words: (UInt64, UInt64) = (0, 0)
        try access(.getOneRegister, index, vcpu, &words)
        return VectorValue(low: UInt64(littleEndian: words.0), high: UInt64(littleEndian: words.1))
    }

    package func writeVector(_ index: Int, _ value: VectorValue, vcpu: Int) throws(TargetError) {
        var words = (value.low.littleEndian, value.high.littleEndian)
        try access(.setOneRegister, index, vcpu, &words)
    }

    private func access(
        _ access: KVMVCPU.RegisterAccess, _ index: Int, _ vcpu: Int, _ words: inout (UInt64, UInt64)
    ) throws(TargetError) {
        do throws(KVMError) {
            try arm[vcpu].withVCPU { (vcpu) throws(KVMError) in
                try vcpu.access(access, KVMRegisterID.v(index), &words)
            }
        } catch {
            throw .invalid("v\(index): \(HostError(error.operation, errno: error.errno))")
        }
    }

    private func id(_ register: GuestRegister) throws(TargetError) -> UInt64 {
        switch register {
        case .x(let index): return KVMRegisterID.x(index)
        case .spEL0: return KVMRegisterID.spEL0
        case .spEL1: return KVMRegisterID.spEL1
        case .pc: return KVMRegisterID.pc
        case .pstate: return KVMRegisterID.pstate
        case .fpcr: return KVMRegisterID.fpcr
        case .fpsr: return KVMRegisterID.fpsr
        case .system(let encoding):
            guard let id = KVMRegisterID.systemRegister(encoding) else {
                throw .invalid("the system register is a part of PSTATE: use cpsr")
            }
            return id
        }
    }

    private func checked<Result>(
        _ register: GuestRegister, _ body: () throws(KVMError) -> Result
    ) throws(TargetError) -> Result {
        do throws(KVMError) {
            return try body()
        } catch {
            throw .invalid("\(name(of: register)): KVM refuses (\(HostError.text(error.errno)))")
        }
    }

    private func name(of register: GuestRegister) -> String {
        guard case .system(let encoding) = register else { return "\(register)" }
        return SystemRegisterTable.rows.first { $0.encoding == encoding }?.name ?? "\(encoding)"
    }
}
