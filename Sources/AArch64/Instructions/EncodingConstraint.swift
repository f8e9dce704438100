/// What a row's bit string cannot say: values of a field that are unallocated together with another's.
package enum EncodingConstraint: UInt8, CaseIterable, Sendable {
    case none
    /// `N:imms:immr` is a bitmask immediate of the operand's size.
    case bitmaskImmediate
    /// `imm3`, the left shift of an extended register, is at most 4.
    case extendShift
    /// `imm6`, a shift amount, is below the operand's size.
    case shiftAmount
    /// As `shiftAmount`, and `shift` is not ROR.
    case shiftAmountNotRotate
    /// `N` equals `sf`, and `immr` and `imms` are below the operand's size.
    case bitfield
    /// `N` equals `sf`, and `imms` is below the operand's size.
    case extract
    /// `hw`, the halfword, is inside the operand.
    case moveWide
    /// `Rs` and `Rt` are even: each names a register pair.
    case evenPairs
    /// `Rt` is even and at most 22: it names eight registers.
    case eightRegisters
    /// Neither `Rt` nor `Rt2` is 31.
    case pairNotZero

    /// `opc`, bits 31:30, is not 0b11: no SIMD&FP register is that wide.
    case opcNot3
    /// Load/store multiple structures: `size` is not 0b11 in a 64-bit vector.
    case structureSize
    /// Load/store single structure: `opcode`, `S` and `size` name an element.
    case singleStructure
    /// `scale`, the fraction bits, is at most the size of the general-purpose register.
    case fixedPointScale

    /// `size` is not 0b11.
    case sizeNot3
    /// `size` is 0b11 in a 128-bit vector only.
    case size3NeedsQ
    /// `size` is 0b01 or 0b10: halfwords or words.
    case size1Or2
    /// `sz` is 1, double-precision, in a 128-bit vector only.
    case doubleNeedsQ
    /// `size` is not 0b11, and is 0b10 in a 128-bit vector only.
    case acrossLanes
    /// `imm5` names an element.
    case element
    /// `imm5` names an element, a doubleword in a 128-bit vector only.
    case vectorElement
    /// `imm5` names an element narrower than the general-purpose register.
    case signedMoveElement
    /// `imm5` names a doubleword for a 64-bit general-purpose register, otherwise a narrower element.
    case unsignedMoveElement
    /// `imm4`, the index of the first byte, is inside the vector.
    case extractIndex
    /// `immh` is not zero.
    case shift
    /// `immh` is not zero, and is 0b1xxx in a 128-bit vector only.
    case vectorShift
    /// `immh` is not zero and not 0b1xxx: the narrow element is at most 32 bits.
    case narrowShift
    /// By element, `sz` is 1, double-precision, with `L` clear and in a 128-bit vector only.
    case vectorElementPrecision
    /// By element of a scalar, `sz` is 1, double-precision, with `L` clear only.
    case scalarElementPrecision
    /// `H`, the high bit of a complex half-precision element's index, is set in a 128-bit vector only.
    case complexElement

    /// Whether the word is allocated under this constraint; the row's fixed bits are known to match.
    @inline(__always)
    package func holds(for word: UInt32) -> Bool {
        if self == .none { return true }
        return check(word)
    }

    @inline(never)
    private func check(_ word: UInt32) -> Bool {
        rawValue < Self.opcNot3.rawValue ? checkGeneral(word) : checkVector(word)
    }

    private func checkGeneral(_ word: UInt32) -> Bool {
        let is64Bit = word.bit(31)
        switch self {
        case .bitmaskImmediate:
            return BitmaskImmediate.isValid(n: word.bit(22), imms: word.field(10, 6), is64Bit: is64Bit)
        case .extendShift:
            return word.field(10, 3) <= 4
        case .shiftAmount:
            return is64Bit || !word.bit(15)
        case .shiftAmountNotRotate:
            return word.field(22, 2) != 3 && (is64Bit || !word.bit(15))
        case .bitfield:
            return word.bit(22) == is64Bit && (is64Bit || !(word.bit(21) || word.bit(15)))
        case .extract:
            return word.bit(22) == is64Bit && (is64Bit || !word.bit(15))
        case .moveWide:
            return is64Bit || !word.bit(22)
        case .evenPairs:
            return !word.bit(16) && !word.bit(0)
        case .eightRegisters:
            return !word.bit(0) && word.field(3, 2) != 3
        case .pairNotZero:
            return word.field(0, 5) != 31 && word.field(16, 5) != 31
        default:
            return false
        }
    }

    private func checkVector(_ word: UInt32) -> Bool {
        let isQ = word.bit(30)
        let size = word.field(22, 2)
        switch self {
        case .opcNot3:
            return word.field(30, 2) != 3
        case .structureSize:
            return isQ || word.field(10, 2) != 3
        case .singleStructure:
            return Self.isSingleStructure(scale: word.field(14, 2), s: word.bit(12), size: word.field(10, 2))
        case .fixedPointScale:
            return word.bit(31) || word.bit(15)
        case .sizeNot3:
            return size != 3
        case .size3NeedsQ:
            return isQ || size != 3
        case .size1Or2:
            return size == 1 || size == 2
        case .doubleNeedsQ:
            return isQ || !word.bit(22)
        case .acrossLanes:
            return size < 2 || (size == 2 && isQ)
        case .element:
            return word.field(16, 4) != 0
        case .vectorElement:
            return word.field(16, isQ ? 4 : 3) != 0
        case .signedMoveElement:
            return word.field(16, isQ ? 3 : 2) != 0
        case .unsignedMoveElement:
            return (word.field(16, 3) != 0) != isQ && word.field(16, 4) != 0
        case .extractIndex:
            return isQ || !word.bit(14)
        case .shift:
            return word.field(19, 4) != 0
        case .vectorShift:
            return word.field(19, 4) != 0 && (isQ || !word.bit(22))
        case .narrowShift:
            return word.field(19, 4) != 0 && !word.bit(22)
        case .vectorElementPrecision:
            return !word.bit(22) || (isQ && !word.bit(21))
        case .scalarElementPrecision:
            return !(word.bit(22) && word.bit(21))
        case .complexElement:
            return isQ || !word.bit(11)
        default:
            return false
        }
    }

    /// Whether the fields of a load or store of one element of each register name an element.
    private static func isSingleStructure(scale: UInt32, s: Bool, size: UInt32) -> Bool {
        switch scale {
        case 0: true
        case 1: size & 1 == 0
        case 2: size == 0 || (size == 1 && !s)
        default: false
        }
    }
}
