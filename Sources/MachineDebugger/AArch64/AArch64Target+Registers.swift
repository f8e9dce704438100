import AArch64
import Acceleration
package import Execution
import GDBStub

extension AArch64Target {
    package func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        let register = try register(number)
        switch register {
        case .v(let index):
            let value = try accelerator.readVector(index, vcpu: vcpu)
            return bytes(value.low, count: 8) + bytes(value.high, count: 8)
        case .scalable(let register):
            return try accelerator.readBytes(of: register, vcpu: vcpu)
        case .vg:
            return bytes(try vectorGranules(vcpu: vcpu), count: 8)
        case .pointerMask(let mask):
            return bytes(try pointerMask(mask, vcpu: vcpu), count: 8)
        default:
            let value = try accelerator.read(guestRegister(register, state: try pstate(vcpu)), vcpu: vcpu)
            return bytes(value, count: numbering.byteCount(of: register))
        }
    }

    package func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError) {
        // Everything that can be refused is, before anything changes.
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
                state = try validated(state, writing: UInt32(truncatingIfNeeded: value(bytes)))
            // Of what follows from other registers, `G` brings back what `g` said.
            case .pointerMask(let mask):
                guard value(bytes) == (try pointerMask(mask, vcpu: vcpu)) else {
                    throw .invalid("\(mask.name) is read-only: it follows from TCR_EL1")
                }
            case .vg:
                guard value(bytes) == (try vectorGranules(vcpu: vcpu)) else {
                    throw .invalid("vg is read-only: it follows from ZCR_EL1")
                }
            default:
                registers.append((register, bytes))
            }
        }
        // PSTATE first: it decides which stack pointer `sp` is.
        if values.contains(where: { $0.number == numbering.number(of: .cpsr) }) {
            try accelerator.write(.pstate, state.rawValue, vcpu: vcpu)
        }
        for (register, bytes) in registers {
            switch register {
            case .v(let index):
                let vector = VectorValue(low: value(bytes[..<8]), high: value(bytes[8...]))
                try accelerator.writeVector(index, vector, vcpu: vcpu)
            case .scalable(let register):
                try accelerator.writeBytes(of: register, bytes, vcpu: vcpu)
            default:
                try accelerator.write(guestRegister(register, state: state), value(bytes), vcpu: vcpu)
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

    /// Which bank `sp` is (Arm ARM, "Stack pointer registers"): SP_EL0 at EL0, and at EL1 with SPSel = 0.
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

    private func bytes(_ value: UInt64, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    private func value(_ bytes: some BidirectionalCollection<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
