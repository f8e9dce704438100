import ByteOrder
package import AArch64
package import Acceleration
package import Execution
import KVM

extension KVMAArch64Backend {
    package func read(_ register: GuestRegister, vcpu: Int) throws(TargetError) -> UInt64 {
        if register == .system(.cntvct), let heldCounter { return heldCounter }
        // KVM computes these from the counter, which continues to run in KVM.
        if register == .system(.cntvCTL) || register == .system(.cntvTVAL) { setTime() }
        let id = try id(register)
        return try checked(name(of: register)) { () throws(KVMError) in try processors[vcpu].read(id) }
    }

    package func write(_ register: GuestRegister, _ value: UInt64, vcpu: Int) throws(TargetError) {
        if register == .system(.cntvct), heldCounter != nil {
            heldCounter = value
            return
        }
        let id = try id(register)
        do throws(KVMError) {
            try processors[vcpu].write(id, value)
        } catch {
            // KVM lets its caller set some registers that are read-only for the guest.
            if row(of: register)?.access.canWrite == false { throw .invalid("the system register is read-only") }
            throw .invalid("\(name(of: register)): KVM refuses (\(error.errno.map { "\($0)" } ?? error.operation))")
        }
    }

    package func readVector(_ index: Int, vcpu: Int) throws(TargetError) -> VectorValue {
        let bytes = try checked("v\(index)") { () throws(KVMError) in try processors[vcpu].readBytes(vectorID(index)) }
        return VectorValue(
            low: UInt64(littleEndianBytes: bytes[..<8]), high: UInt64(littleEndianBytes: bytes[8..<16]))
    }

    /// Writes a V register.
    ///
    /// With SVE the rest of the Z register keeps its value, because a debugger's write is no instruction.
    package func writeVector(_ index: Int, _ value: VectorValue, vcpu: Int) throws(TargetError) {
        let id = vectorID(index)
        try checked("v\(index)") { () throws(KVMError) in
            var bytes = vectorLengths == nil ? [UInt8](repeating: 0, count: 16) : try processors[vcpu].readBytes(id)
            bytes.replaceSubrange(..<16, with: value.low.littleEndianBytes + value.high.littleEndianBytes)
            try processors[vcpu].writeBytes(id, bytes)
        }
    }

    /// The KVM id of a V register.
    ///
    /// On a vCPU with SVE it is the low part of a Z register (KVM API, 4.68).
    private func vectorID(_ index: Int) -> UInt64 {
        vectorLengths == nil ? KVMRegisterID.v(index) : KVMRegisterID.scalable(.z(index))
    }

    package func readBytes(of register: ScalableRegister, vcpu: Int) throws(TargetError) -> [UInt8] {
        guard let vectorLengths else { throw .invalid("the guest has no SVE") }
        let bytes = try checked(register.name) { () throws(KVMError) in
            try processors[vcpu].readBytes(KVMRegisterID.scalable(register))
        }
        return Array(bytes.prefix(register.byteCount(quadwords: vectorLengths.maximum)))
    }

    package func writeBytes(of register: ScalableRegister, _ bytes: [UInt8], vcpu: Int) throws(TargetError) {
        guard vectorLengths != nil else { throw .invalid("the guest has no SVE") }
        try checked(register.name) { () throws(KVMError) in
            try processors[vcpu].writeBytes(KVMRegisterID.scalable(register), bytes)
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
        _ name: String, _ body: () throws(KVMError) -> Result
    ) throws(TargetError) -> Result {
        do throws(KVMError) {
            return try body()
        } catch {
            throw .invalid("\(name): KVM refuses (\(error.errno.map { "\($0)" } ?? error.operation))")
        }
    }

    private func row(of register: GuestRegister) -> SystemRegister? {
        guard case .system(let encoding) = register else { return nil }
        return SystemRegisterTable.rows.first { $0.encoding == encoding }
    }

    private func name(of register: GuestRegister) -> String { row(of: register)?.name ?? "\(register)" }
}
