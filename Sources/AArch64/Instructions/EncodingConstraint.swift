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

    /// Whether the word is allocated under this constraint; the row's fixed bits are known to match.
    @inline(__always)
    package func holds(for word: UInt32) -> Bool {
        if self == .none { return true }
        return check(word)
    }

    @inline(never)
    private func check(_ word: UInt32) -> Bool {
        let is64Bit = word.bit(31)
        switch self {
        case .none:
            return true
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
        }
    }
}
