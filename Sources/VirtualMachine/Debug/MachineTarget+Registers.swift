import AArch64
package import GDBStub

// GDB's register numbers are those of org.gnu.gdb.aarch64.core and .fpu; from 32768 on they are system registers' encodings.
extension MachineTarget {
    private enum Number {
        static let sp = 31
        static let pc = 32
        static let cpsr = 33
        static let vectors = 34..<66
        static let fpsr = 66
        static let fpcr = 67
    }

    package func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        switch number {
        case 0..<Number.sp: return bytes(try accelerator.read(.x(number), vcpu: vcpu), count: 8)
        case Number.sp: return bytes(try accelerator.read(stackPointer(try pstate(vcpu)), vcpu: vcpu), count: 8)
        case Number.pc: return bytes(try accelerator.read(.pc, vcpu: vcpu), count: 8)
        case Number.cpsr: return bytes(try accelerator.read(.pstate, vcpu: vcpu), count: 4)
        case Number.vectors:
            let value = try accelerator.readVector(number - Number.vectors.lowerBound, vcpu: vcpu)
            return bytes(value.low, count: 8) + bytes(value.high, count: 8)
        case Number.fpsr: return bytes(try accelerator.read(.fpsr, vcpu: vcpu), count: 4)
        case Number.fpcr: return bytes(try accelerator.read(.fpcr, vcpu: vcpu), count: 4)
        default:
            guard let encoding = systemRegister(number) else { throw unknownRegister(number) }
            return bytes(try accelerator.read(.system(encoding), vcpu: vcpu), count: 8)
        }
    }

    package func writeRegister(_ number: Int, vcpu: Int, bytes: [UInt8]) throws(TargetError) {
        try writeRegisters([(number, bytes)], vcpu: vcpu)
    }

    package func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError) {
        // Everything that can be refused is, before anything changes.
        var state = try pstate(vcpu)
        for (number, bytes) in values {
            guard let size = size(of: number) else { throw unknownRegister(number) }
            guard bytes.count == size else {
                throw .invalid("register \(number) has \(size) bytes, not \(bytes.count)")
            }
            if number == Number.cpsr { state = try validated(state, writing: UInt32(truncatingIfNeeded: value(bytes))) }
        }
        // PSTATE first: it decides which stack pointer `sp` is.
        if values.contains(where: { $0.number == Number.cpsr }) {
            try accelerator.write(.pstate, state.rawValue, vcpu: vcpu)
        }
        for (number, bytes) in values where number != Number.cpsr {
            try write(number, bytes, state: state, vcpu: vcpu)
        }
    }

    private func write(_ number: Int, _ bytes: [UInt8], state: PSTATE, vcpu: Int) throws(TargetError) {
        switch number {
        case 0..<Number.sp: try accelerator.write(.x(number), value(bytes), vcpu: vcpu)
        case Number.sp: try accelerator.write(stackPointer(state), value(bytes), vcpu: vcpu)
        case Number.pc: try accelerator.write(.pc, value(bytes), vcpu: vcpu)
        case Number.vectors:
            let vector = VectorValue(low: value(bytes[..<8]), high: value(bytes[8...]))
            try accelerator.writeVector(number - Number.vectors.lowerBound, vector, vcpu: vcpu)
        case Number.fpsr: try accelerator.write(.fpsr, value(bytes), vcpu: vcpu)
        case Number.fpcr: try accelerator.write(.fpcr, value(bytes), vcpu: vcpu)
        default:
            guard let encoding = systemRegister(number) else { throw unknownRegister(number) }
            try accelerator.write(.system(encoding), value(bytes), vcpu: vcpu)
        }
    }

    /// Which bank `sp` is (Arm ARM, "Stack pointer registers"): SP_EL0 at EL0, and at EL1 with SPSel = 0.
    private func stackPointer(_ state: PSTATE) -> GuestRegister {
        state.el == .el0 || !state.usesSPx ? .spEL0 : .spEL1
    }

    private func validated(_ state: PSTATE, writing cpsr: UInt32) throws(TargetError) -> PSTATE {
        do throws(PSTATEError) {
            return try state.validated(writing: cpsr)
        } catch {
            throw .invalid(error.text)
        }
    }

    /// In bytes; nil for a number that no register has.
    private func size(of number: Int) -> Int? {
        switch number {
        case 0...Number.pc: 8
        case Number.cpsr, Number.fpsr, Number.fpcr: 4
        case Number.vectors: 16
        default: systemRegister(number).map { _ in 8 }
        }
    }

    private func systemRegister(_ number: Int) -> SystemRegisterEncoding? {
        SystemRegisterEncoding(gdbNumber: number)
    }

    private func unknownRegister(_ number: Int) -> TargetError {
        .invalid("there is no register number \(number)")
    }

    private func bytes(_ value: UInt64, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    private func value(_ bytes: some BidirectionalCollection<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
