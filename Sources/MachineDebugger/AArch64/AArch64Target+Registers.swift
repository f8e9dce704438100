import ByteOrder
import AArch64
import Acceleration
package import Execution
import GDBStub

extension AArch64Target {
    /// Reads one register, least significant byte first.
    package func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        let register = try register(number)
        switch register {
        case .v(let index):
            let value = try accelerator.readVector(index, vcpu: vcpu)
            return value.low.littleEndianBytes + value.high.littleEndianBytes
        case .scalable(let register):
            return try accelerator.readBytes(of: register, vcpu: vcpu)
        case .vg:
            return try vectorGranules(vcpu: vcpu).littleEndianBytes
        case .pointerMask(let mask):
            return try pointerMask(mask, vcpu: vcpu).littleEndianBytes
        default:
            let value = try accelerator.read(guestRegister(register, state: try pstate(vcpu)), vcpu: vcpu)
            return value.littleEndianBytes(count: numbering.byteCount(of: register))
        }
    }

    /// Writes registers, all or none.
    ///
    /// PSTATE is written first, because it selects the stack pointer that `sp` is.
    package func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError) {
        // Every value is checked before anything changes.
        var state = try pstate(vcpu)
        var registers: [(register: DebuggerRegister, bytes: [UInt8])] = []
        for (number, bytes) in values {
            let register = try register(number)
            let byteCount = numbering.byteCount(of: register)
            guard bytes.count == byteCount else {
                throw .invalid("register \(number) has \(byteCount) bytes, not \(bytes.count)")
            }
            switch register {
            case .cpsr:
                state = try validated(state, writing: UInt32(littleEndianBytes: bytes))
            // A register that follows from others can be written only with its own value, because GDB's `G` sends all
            // registers.
            case .pointerMask(let mask):
                guard UInt64(littleEndianBytes: bytes) == (try pointerMask(mask, vcpu: vcpu)) else {
                    throw .invalid("\(mask.name) is read-only: it follows from TCR_EL1")
                }
            case .vg:
                guard UInt64(littleEndianBytes: bytes) == (try vectorGranules(vcpu: vcpu)) else {
                    throw .invalid("vg is read-only: it follows from ZCR_EL1")
                }
            default:
                registers.append((register, bytes))
            }
        }
        // PSTATE first, because it selects the stack pointer that `sp` is.
        if values.contains(where: { $0.number == numbering.number(of: .cpsr) }) {
            try accelerator.write(.pstate, state.rawValue, vcpu: vcpu)
        }
        for (register, bytes) in registers {
            switch register {
            case .v(let index):
                let vector = VectorValue(
                    low: UInt64(littleEndianBytes: bytes[..<8]), high: UInt64(littleEndianBytes: bytes[8...]))
                try accelerator.writeVector(index, vector, vcpu: vcpu)
            case .scalable(let register):
                try accelerator.writeBytes(of: register, bytes, vcpu: vcpu)
            default:
                try accelerator.write(
                    guestRegister(register, state: state), UInt64(littleEndianBytes: bytes), vcpu: vcpu)
            }
        }
    }

    private func register(_ number: Int) throws(TargetError) -> DebuggerRegister {
        guard let register = numbering.register(number) else {
            throw .invalid("there is no register number \(number)")
        }
        return register
    }

    private func pointerMask(_ mask: PointerMaskRegister, vcpu: Int) throws(TargetError) -> UInt64 {
        guard accelerator.features.contains(.pauth) else {
            throw .invalid("there is no \(mask.name): the CPU does not sign pointers")
        }
        let tcr = TCR(rawValue: try accelerator.read(.system(.tcr), vcpu: vcpu))
        return PointerAuthenticationMasks(tcr: tcr, features: accelerator.features)[mask]
    }

    /// The vector length in effect, in units of 64 bits.
    private func vectorGranules(vcpu: Int) throws(TargetError) -> UInt64 {
        guard let lengths = accelerator.vectorLengths else { throw .invalid("there is no vg: the CPU has no SVE") }
        return 2 * UInt64(lengths.effective(zcr: try accelerator.read(.system(.zcr), vcpu: vcpu)))
    }

    /// The accelerator's name of a register that is neither a vector nor derived from others.
    private func guestRegister(_ register: DebuggerRegister, state: PSTATE) -> GuestRegister {
        switch register {
        case .x(let index): .x(index)
        case .sp: stackPointer(state)
        case .pc: .pc
        case .cpsr: .pstate
        case .fpsr: .fpsr
        case .fpcr, .v, .scalable, .vg, .pointerMask: .fpcr
        case .system(let encoding): .system(encoding)
        }
    }

    /// The register that `sp` is (Arm ARM, "Stack pointer registers"): SP_EL0 at EL0, and at EL1 with SPSel = 0.
    private func stackPointer(_ state: PSTATE) -> GuestRegister {
        state.el == .el0 || !state.usesSPx ? .spEL0 : .spEL1
    }

    private func validated(_ state: PSTATE, writing cpsr: UInt32) throws(TargetError) -> PSTATE {
        do throws(PSTATEError) {
            return try state.validated(writing: cpsr, features: accelerator.features)
        } catch {
            throw .invalid(error.text)
        }
    }

}
