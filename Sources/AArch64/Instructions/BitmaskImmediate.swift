/// Decodes the bitmask immediates of the logical instructions and the masks of the bitfield moves.
///
/// A bitmask immediate is a run of ones, rotated within an element of 2 to 64 bits, which repeats across the register.
/// Arm ARM, DDI 0487, DecodeBitMasks() in the shared pseudocode.
package enum BitmaskImmediate {
    /// Returns whether the fields encode an immediate.
    ///
    /// The element must fit in the operand, and not all of its bits may be ones.
    package static func isValid(n: Bool, imms: UInt32, is64Bit: Bool) -> Bool {
        guard is64Bit || !n else { return false }
        let length = elementLength(n: n, imms: imms)
        guard length >= 1 else { return false }
        let levels: UInt32 = (1 &<< UInt32(truncatingIfNeeded: length)) &- 1
        return imms & levels != levels
    }

    /// Returns the immediate of a logical instruction, or nil if the fields have a reserved encoding.
    ///
    /// For a 32-bit operand, the upper half of the value is clear.
    package static func value(n: Bool, imms: UInt32, immr: UInt32, is64Bit: Bool) -> UInt64? {
        guard isValid(n: n, imms: imms, is64Bit: is64Bit) else { return nil }
        let element = replicatedRun(n: n, imms: imms, immr: immr)
        return is64Bit ? element : element & 0xFFFF_FFFF
    }

    /// Returns the immediate in the word of an AND, ORR, EOR or ANDS (immediate).
    ///
    /// The caller must have decoded the word as one of these instructions.
    package static func value(of word: UInt32) -> UInt64 {
        let element = replicatedRun(n: word.bit(22), imms: word.field(10, 6), immr: word.field(16, 6))
        return word.bit(31) ? element : element & 0xFFFF_FFFF
    }

    /// Returns the two masks of a bitfield move, SBFM, BFM or UBFM, for 32 or 64 bits.
    ///
    /// `wmask` selects the bits that come from the rotated source. `tmask` selects the bits that neither the sign or
    /// zero fill nor the destination replaces.
    package static func bitfieldMasks(
        imms: UInt32, immr: UInt32, is64Bit: Bool
    ) -> (wmask: UInt64, tmask: UInt64) {
        let size: UInt32 = is64Bit ? 64 : 32
        let s = imms & (size &- 1)
        let r = immr & (size &- 1)
        let all = ones(size)
        let run = ones(s &+ 1)
        let difference = (s &- r) & (size &- 1)
        return (rotateRight(run, by: r, size: size) & all, ones(difference &+ 1))
    }

    /// Returns the base-2 logarithm of the element size, or a value below 1 if the fields encode no element size.
    private static func elementLength(n: Bool, imms: UInt32) -> Int {
        31 - ((n ? 64 : 0) | (~imms & 0x3F)).leadingZeroBitCount
    }

    /// Returns the element of the given fields, repeated across 64 bits.
    private static func replicatedRun(n: Bool, imms: UInt32, immr: UInt32) -> UInt64 {
        let length = max(elementLength(n: n, imms: imms), 1)
        var size: UInt32 = 1 &<< UInt32(truncatingIfNeeded: length)
        let levels = size &- 1
        var value = rotateRight(ones((imms & levels) &+ 1), by: immr & levels, size: size)
        while size < 64 {
            value |= value &<< UInt64(size)
            size &<<= 1
        }
        return value
    }

    /// Returns the lowest `size` bits of a value, rotated right by `amount`, which is less than `size`.
    private static func rotateRight(_ value: UInt64, by amount: UInt32, size: UInt32) -> UInt64 {
        guard amount != 0 else { return value }
        return (value &>> UInt64(amount) | value &<< UInt64(size &- amount)) & ones(size)
    }

    /// Returns a mask of the lowest `count` bits.
    private static func ones(_ count: UInt32) -> UInt64 {
        count >= 64 ? .max : (1 &<< UInt64(count)) &- 1
    }
}
