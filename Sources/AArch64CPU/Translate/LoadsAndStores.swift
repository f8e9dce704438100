import AArch64

/// Loads and stores: Arm ARM, DDI 0487, C4.1.
extension BlockBuilder {
    mutating func translateLoadOrStore(_ instruction: Instruction, _ word: UInt32) -> Bool {
        switch instruction {
        case .ldrLiteral, .ldrswLiteral:
            let kind: AccessKind =
                instruction == .ldrswLiteral ? .loadSigned32x64 : word.bit(30) ? .load64 : .load32
            let target = address &+ UInt64(bitPattern: word.signedField(5, 19) << 2)
            emit(
                Operation(
                    Opcode.load8.advanced(by: Int(kind.rawValue)), rd: destination(word, 0), rn: VCPUState.zero,
                    immediate: target))
        case .prfmLiteral, .prfmUnsignedOffset, .prfum, .prfmRegister:
            break
        case .stnp, .ldnp, .stpPostIndex, .ldpPostIndex, .ldpswPostIndex, .stpOffset, .ldpOffset, .ldpswOffset,
            .stpPreIndex, .ldpPreIndex, .ldpswPreIndex:
            translatePair(instruction, word)
        case .stxr, .stlxr, .ldxr, .ldaxr, .stxp, .stlxp, .ldxp, .ldaxp, .cas, .casp,
            .ldadd, .ldclr, .ldeor, .ldset, .ldsmax, .ldsmin, .ldumax, .ldumin, .swp:
            checkStack(word)
            emit(Operation(.special, rn: withStackPointer(word, 5), immediate: special(instruction, word)))
        case .stlr, .ldar:
            translateOrdered(word, isStore: instruction == .stlr)
        default:
            guard word.field(27, 3) == 0b111, !word.bit(26) else { return undefined() }
            translateSingle(word)
        }
        return false
    }

    /// Emits a check that SP is aligned if it is the base register: CheckSPAlignment().
    mutating func checkStack(_ word: UInt32) {
        guard word.register(5) == 31, !isStackAligned else { return }
        emit(Operation(.checkStack))
        isStackAligned = true
    }

    /// Returns the access of a load or store of one register, from the fields `size` and `opc`.
    private static func kind(_ word: UInt32) -> AccessKind {
        switch (word.field(30, 2), word.field(22, 2)) {
        case (0, 0): .store8
        case (0, 1): .load8
        case (0, 2): .loadSigned8x64
        case (0, _): .loadSigned8x32
        case (1, 0): .store16
        case (1, 1): .load16
        case (1, 2): .loadSigned16x64
        case (1, _): .loadSigned16x32
        case (2, 0): .store32
        case (2, 1): .load32
        case (2, _): .loadSigned32x64
        case (_, 0): .store64
        default: .load64
        }
    }

    /// Translates an ordered access to a plain one that must be aligned; one thread runs all vCPUs, so all accesses are
    /// ordered.
    private mutating func translateOrdered(_ word: UInt32, isStore: Bool) {
        let rn = withStackPointer(word, 5)
        let sizeLog = Int(word.field(30, 2))
        checkStack(word)
        if sizeLog > 0 {
            emit(
                Operation(.checkAligned, rn: rn, shift: isStore ? 1 : 0, immediate: (1 << UInt64(sizeLog)) - 1))
        }
        let base: Opcode = isStore ? .store8 : .load8
        emit(
            Operation(
                base.advanced(by: sizeLog), rd: isStore ? source(word, 0) : destination(word, 0), rn: rn))
    }

    private mutating func translateSingle(_ word: UInt32) {
        let kind = Self.kind(word)
        let rd = kind.isStore ? source(word, 0) : destination(word, 0)
        let rn = withStackPointer(word, 5)
        let plain = Opcode.load8.advanced(by: Int(kind.rawValue))
        checkStack(word)
        if word.bit(24) {
            let offset = UInt64(word.field(10, 12)) * kind.size
            emit(Operation(plain, rd: rd, rn: rn, immediate: offset))
            return
        }
        if word.bit(21) {
            translateRegisterOffset(word, kind, rd: rd, rn: rn)
            return
        }
        let offset = word.signedField(12, 9)
        switch word.field(10, 2) {
        case 0:
            emit(Operation(plain, rd: rd, rn: rn, immediate: UInt64(bitPattern: offset)))
        case 2:
            emit(
                Operation(
                    .unprivileged, rd: rd, rn: rn, shift: Int(kind.rawValue), immediate: UInt64(bitPattern: offset)))
        case let mode:
            emit(
                Operation(
                    Opcode.load8WriteBack.advanced(by: Int(kind.rawValue)), rd: rd, rn: rn,
                    immediate: Self.writeBack(offset: mode == 3 ? offset : 0, change: offset)))
            recordStackChange(rn, by: offset)
        }
    }

    mutating func recordStackChange(_ register: Int, by change: Int64) {
        if register == VCPUState.stackPointer && change & 15 != 0 { isStackAligned = false }
    }

    /// Returns the immediate of a write-back: the access's offset in the low half, the change of the base in the high
    /// half.
    static func writeBack(offset: Int64, change: Int64) -> UInt64 {
        UInt64(UInt32(bitPattern: Int32(truncatingIfNeeded: offset)))
            | UInt64(bitPattern: change) << 32
    }

    private mutating func translateRegisterOffset(_ word: UInt32, _ kind: AccessKind, rd: Int, rn: Int) {
        let index = translateIndex(word, scale: kind.size.trailingZeroBitCount)
        emit(
            Operation(
                Opcode.load8Register.advanced(by: Int(kind.rawValue)), rd: rd, rn: rn, rm: index.register,
                shift: index.shift))
    }

    /// Returns the index register of a register offset, extended if necessary, and the remaining shift amount.
    mutating func translateIndex(_ word: UInt32, scale: Int) -> (register: Int, shift: Int) {
        let type = ExtendType(word, at: 13)
        let rm = source(word, 16)
        let shift = word.bit(12) ? scale : 0
        guard type == .uxtw || type == .sxtw else { return (rm, shift) }
        emit(Operation(.extend, rd: VCPUState.temporary, rn: rm, ra: Int(type.rawValue), shift: shift))
        return (VCPUState.temporary, 0)
    }

    private mutating func translatePair(_ instruction: Instruction, _ word: UInt32) {
        let isLoad = word.bit(22)
        let kind: PairKind =
            switch word.field(30, 2) {
            case 0: isLoad ? .load32 : .store32
            case 1: .loadSigned32
            default: isLoad ? .load64 : .store64
            }
        let rn = withStackPointer(word, 5)
        let rt = isLoad ? destination(word, 0) : source(word, 0)
        let rt2 = isLoad ? destination(word, 10) : source(word, 10)
        let offset = word.signedField(15, 7) * Int64(kind.size)
        let base: Opcode
        let immediate: UInt64
        checkStack(word)
        switch word.field(23, 2) {
        case 1, 3:
            base = .loadPair32WriteBack
            immediate = Self.writeBack(offset: word.bit(24) ? offset : 0, change: offset)
            recordStackChange(rn, by: offset)
        default:
            base = .loadPair32
            immediate = UInt64(bitPattern: offset)
        }
        emit(
            Operation(
                base.advanced(by: Int(kind.rawValue)), rd: rt, rn: rn, rm: rt2, immediate: immediate))
    }
}
