/// A condition on the fields of a word that the bit string of a row cannot express.
///
/// A word that does not meet the condition is unallocated. The names of fields are those in the Arm ARM.
package enum EncodingConstraint: UInt8, CaseIterable, Sendable {
    /// No condition.
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
    /// `hw` selects a halfword within the operand.
    case moveWide
    /// `Rs` and `Rt` are even, because each is the first register of a pair.
    case evenPairs
    /// `Rt` is even and at most 22, because it is the first of eight registers.
    case eightRegisters
    /// Neither `Rt` nor `Rt2` is 31.
    case pairNotZero

    /// `opc`, bits 31:30, is not 0b11, because no SIMD&FP register has that size.
    case opcNot3
    /// `size` of a load or store of multiple structures is not 0b11 for a 64-bit vector.
    case structureSize
    /// `opcode`, `S` and `size` of a load or store of a single structure select an element.
    case singleStructure
    /// The number of fraction bits, 64 - `scale`, is at most the size of the general-purpose register.
    case fixedPointScale

    /// `size` is not 0b11.
    case sizeNot3
    /// `size` is not 0b11 for a 64-bit vector.
    case size3NeedsQ
    /// `size` is 0b01 or 0b10, for elements of 16 or 32 bits.
    case size1Or2
    /// `sz` is not 1, double-precision, for a 64-bit vector.
    case doubleNeedsQ
    /// `size` is not 0b11, and not 0b10 for a 64-bit vector.
    case acrossLanes
    /// `imm5` selects an element.
    case element
    /// `imm5` selects an element, which is not a doubleword for a 64-bit vector.
    case vectorElement
    /// `imm5` selects an element that is narrower than the general-purpose register.
    case signedMoveElement
    /// `imm5` selects a doubleword for a 64-bit general-purpose register, and a narrower element for a 32-bit one.
    case unsignedMoveElement
    /// `imm4`, the index of the first byte, is within the vector.
    case extractIndex
    /// `immh` is not zero.
    case shift
    /// `immh` is not zero, and not 0b1xxx for a 64-bit vector.
    case vectorShift
    /// `immh` is not zero and not 0b1xxx, so that the narrow element has at most 32 bits.
    case narrowShift
    /// If `sz` is 1, double-precision, the vector has 128 bits and `L` is 0.
    case vectorElementPrecision
    /// If `sz` is 1, double-precision, `L` is 0.
    case scalarElementPrecision
    /// `H`, the high bit of the index of a complex half-precision element, is 0 for a 64-bit vector.
    case complexElement

    /// Returns whether a word meets the constraint, given that it matches the fixed bits of the row.
    @inline(__always)
    package func holds(for word: UInt32) -> Bool {
        if self == .none { return true }
        return check(word)
    }

    /// Checks every constraint except `none`.
    @inline(never)
    private func check(_ word: UInt32) -> Bool {
        rawValue < Self.opcNot3.rawValue ? checkGeneral(word) : checkVector(word)
    }

    /// Checks a constraint on an instruction with general-purpose registers, those before `opcNot3`.
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

    /// Checks a constraint on an instruction with SIMD&FP registers, `opcNot3` and those after it.
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

    /// Returns whether the fields of a load or store of a single structure select an element.
    private static func isSingleStructure(scale: UInt32, s: Bool, size: UInt32) -> Bool {
        switch scale {
        case 0: true
        case 1: size & 1 == 0
        case 2: size == 0 || (size == 1 && !s)
        default: false
        }
    }
}
