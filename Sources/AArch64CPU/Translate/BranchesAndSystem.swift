import AArch64

/// Branches, exception generating and system instructions: Arm ARM, DDI 0487, C4.1.
extension BlockBuilder {
    mutating func translateBranchOrSystem(_ instruction: Instruction, _ word: UInt32) -> Bool {
        switch instruction {
        case .b, .bl:
            setTarget(word.signedField(0, 26))
            emit(Operation(instruction == .b ? .branch : .branchLink, immediate: address &+ 4))
        case .bCond:
            setTarget(word.signedField(5, 19))
            translateConditionalBranch(Int(word.field(0, 4)))
        case .cbz, .cbnz:
            setTarget(word.signedField(5, 19))
            let base: Opcode = instruction == .cbz ? .cbz64 : .cbnz64
            emit(Operation(word.bit(31) ? base : base.advanced(by: 1), rn: source(word, 0)))
        case .tbz, .tbnz:
            setTarget(word.signedField(5, 14))
            let position = UInt64(word.field(31, 1) << 5 | word.field(19, 5))
            emit(Operation(instruction == .tbz ? .tbz : .tbnz, rn: source(word, 0), immediate: 1 << position))
        case .br, .ret:
            emit(Operation(.jump, rn: source(word, 5)))
        case .blr:
            emit(Operation(.jumpLink, rn: source(word, 5), immediate: address &+ 4))
        case .hint, .nop, .dsb, .dmb, .sb:
            return false
        case .isb:
            emit(Operation(.endOfBlock))
        case .clrex:
            emit(Operation(.special, immediate: special(instruction, word)))
            return false
        case .yield:
            emit(Operation(.yield))
            return false
        case .mrs, .sysl:
            emit(Operation(.system, immediate: UInt64(word)))
            return false
        case .sys where word.field(12, 4) == 7:
            // Cache maintenance and address translation do not change the mapping of the block.
            emit(Operation(.system, immediate: UInt64(word)))
            return false
        case .eret, .drps, .svc, .hvc, .smc, .brk, .hlt, .dcps1, .dcps2, .dcps3, .wfe, .wfi, .sev, .sevl,
            .msrImmediate, .msrRegister, .sys:
            emit(Operation(.systemEnd, immediate: UInt64(word)))
        default:
            return undefined()
        }
        return true
    }

    /// Returns the immediate of a ``Opcode/special`` operation: the instruction word and its decoded ``Instruction``.
    func special(_ instruction: Instruction, _ word: UInt32) -> UInt64 {
        UInt64(instruction.rawValue) << 32 | UInt64(word)
    }

    private func setTarget(_ words: Int64) {
        block.pointee.takenAddress = address &+ UInt64(bitPattern: words << 2)
    }

    /// Translates B.cond, merged with a preceding comparison if there is one.
    private mutating func translateConditionalBranch(_ condition: Int) {
        if condition >= 14 {
            emit(Operation(.branch))
            return
        }
        if count > 0, operations[count - 1].index == UInt8(truncatingIfNeeded: length - 1) {
            let previous = operations + (count - 1)
            if let merged = Self.merged(previous.pointee.opcode, condition: condition) {
                previous.pointee.opcode = merged
                previous.pointee.index = UInt8(truncatingIfNeeded: length)
                return
            }
        }
        emit(Operation(.branchIf, shift: condition))
    }

    /// The distance of a condition's operation from the first of a group of merged operations; VS and VC have none.
    private static let subtractionOrder: [Int?] = [0, 1, 2, 3, 4, 5, nil, nil, 6, 7, 8, 9, 10, 11]

    private static func merged(_ opcode: Opcode, condition: Int) -> Opcode? {
        let first: Opcode
        switch opcode {
        case .subsImmediate64: first = .subsImmediate64EQ
        case .subsImmediate32: first = .subsImmediate32EQ
        case .subs64: first = .subs64EQ
        case .subs32: first = .subs32EQ
        case .andsImmediate64: return condition < 2 ? .andsImmediate64EQ.advanced(by: condition) : nil
        case .andsImmediate32: return condition < 2 ? .andsImmediate32EQ.advanced(by: condition) : nil
        case .ands64: return condition < 2 ? .ands64EQ.advanced(by: condition) : nil
        case .ands32: return condition < 2 ? .ands32EQ.advanced(by: condition) : nil
        default: return nil
        }
        return subtractionOrder[condition].map { first.advanced(by: $0) }
    }
}
