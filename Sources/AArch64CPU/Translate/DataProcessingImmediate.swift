import AArch64

/// Data processing -- immediate: Arm ARM, DDI 0487, C4.1.
extension BlockBuilder {
    mutating func translateDataProcessingImmediate(_ instruction: Instruction, _ word: UInt32) -> Bool {
        let is64Bit = word.bit(31)
        switch instruction {
        case .adr, .adrp:
            let offset = word.signedField(5, 19) << 2 | Int64(word.field(29, 2))
            let target =
                instruction == .adr
                ? address &+ UInt64(bitPattern: offset) : (address & ~0xFFF) &+ UInt64(bitPattern: offset << 12)
            emit(Operation(.moveImmediate, rd: destination(word, 0), immediate: target))
        case .addImmediate, .subImmediate:
            translateAddImmediate(word, isSubtraction: instruction == .subImmediate)
        case .addsImmediate, .subsImmediate:
            let opcode: Opcode =
                instruction == .addsImmediate
                ? (is64Bit ? .addsImmediate64 : .addsImmediate32) : (is64Bit ? .subsImmediate64 : .subsImmediate32)
            emit(
                Operation(
                    opcode, rd: destination(word, 0), rn: withStackPointer(word, 5),
                    immediate: addImmediateField(word)))
        case .andImmediate, .orrImmediate, .eorImmediate, .andsImmediate:
            translateLogicalImmediate(instruction, word)
        case .movn, .movz, .movk:
            translateMoveWide(instruction, word)
        case .sbfm, .bfm, .ubfm:
            translateBitfield(instruction, word)
        case .extr:
            emit(
                Operation(
                    is64Bit ? .extract64 : .extract32, rd: destination(word, 0), rn: source(word, 5),
                    rm: source(word, 16), shift: Int(word.field(10, 6))))
        default:
            return undefined()
        }
        return false
    }

    private func addImmediateField(_ word: UInt32) -> UInt64 {
        UInt64(word.field(10, 12)) << (word.bit(22) ? 12 : 0)
    }

    private mutating func translateAddImmediate(_ word: UInt32, isSubtraction: Bool) {
        let rd = withStackPointer(word, 0)
        let rn = withStackPointer(word, 5)
        let value = addImmediateField(word)
        let isAligned = isStackAligned && rn == VCPUState.stackPointer && value & 15 == 0
        if rd == VCPUState.stackPointer { isStackAligned = isAligned && word.bit(31) }
        if value == 0 && word.bit(31) {
            emit(Operation(.move64, rd: rd, rm: rn))
            return
        }
        emit(
            Operation(
                word.bit(31) ? .addImmediate64 : .addImmediate32, rd: rd, rn: rn,
                immediate: isSubtraction ? 0 &- value : value))
    }

    private mutating func translateLogicalImmediate(_ instruction: Instruction, _ word: UInt32) {
        let is64Bit = word.bit(31)
        let value = BitmaskImmediate.value(of: word)
        let rn = source(word, 5)
        if instruction == .andsImmediate {
            emit(
                Operation(
                    is64Bit ? .andsImmediate64 : .andsImmediate32, rd: destination(word, 0), rn: rn, immediate: value))
            return
        }
        let rd = withStackPointer(word, 0)
        if rd == VCPUState.stackPointer { isStackAligned = false }
        let opcode: Opcode
        switch instruction {
        case .andImmediate: opcode = .andImmediate
        case .orrImmediate where rn == VCPUState.zero: opcode = .moveImmediate
        case .orrImmediate: opcode = is64Bit ? .orrImmediate64 : .orrImmediate32
        default: opcode = is64Bit ? .eorImmediate64 : .eorImmediate32
        }
        emit(Operation(opcode, rd: rd, rn: rn, immediate: value))
    }

    /// Translates MOVZ, MOVN and MOVK; a MOVZ or MOVN and the MOVKs after it become one constant.
    private mutating func translateMoveWide(_ instruction: Instruction, _ word: UInt32) {
        let is64Bit = word.bit(31)
        let shift = UInt64(word.field(21, 2)) * 16
        let value = UInt64(word.field(5, 16)) << shift
        let width: UInt64 = is64Bit ? .max : 0xFFFF_FFFF
        let rd = destination(word, 0)
        if instruction != .movk {
            emit(Operation(.moveImmediate, rd: rd, immediate: (instruction == .movn ? ~value : value) & width))
            return
        }
        if let previous, previous.pointee.opcode == .moveImmediate, Int(previous.pointee.rd) == rd {
            previous.pointee.immediate = (previous.pointee.immediate & ~(0xFFFF << shift) | value) & width
            previous.pointee.index = UInt8(truncatingIfNeeded: length)
            return
        }
        emit(
            Operation(
                is64Bit ? .moveKeep64 : .moveKeep32, rd: rd, rn: source(word, 0), shift: Int(shift), immediate: value))
    }

    /// Translates a bitfield move to a shift and a mask; the relation of imms and immr determines the direction.
    private mutating func translateBitfield(_ instruction: Instruction, _ word: UInt32) {
        let is64Bit = word.bit(31)
        let size = is64Bit ? 64 : 32
        let r = Int(word.field(16, 6))
        let s = Int(word.field(10, 6))
        let rd = destination(word, 0)
        let rn = source(word, 5)
        let ones = s == 63 ? UInt64.max : (1 << UInt64(s + 1)) - 1
        switch instruction {
        case .ubfm where s >= r:
            emit(Operation(.shiftRightMask, rd: rd, rn: rn, shift: r, immediate: ones >> UInt64(r)))
        case .ubfm:
            emit(Operation(.shiftLeftMask, rd: rd, rn: rn, shift: size - r, immediate: ones << UInt64(size - r)))
        case .sbfm:
            // The field's top bit is shifted to bit 63, and the field from there to its final position.
            emit(
                Operation(
                    is64Bit ? .signedField64 : .signedField32, rd: rd, rn: rn,
                    ra: s >= r ? 63 - s + r : 63 - s - (size - r), shift: 63 - s))
        default:
            let masks = BitmaskImmediate.bitfieldMasks(imms: UInt32(s), immr: UInt32(r), is64Bit: is64Bit)
            emit(
                Operation(
                    is64Bit ? .bitfieldInsert64 : .bitfieldInsert32, rd: rd, rn: rn, rm: source(word, 0), shift: r,
                    immediate: masks.wmask & masks.tmask))
        }
    }
}
