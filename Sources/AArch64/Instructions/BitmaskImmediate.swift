/// The bitmask immediates of the logical instructions and the masks of the bitfield moves.
///
/// An immediate is a run of ones, rotated inside an element of 2 to 64 bits, repeated over the register.
///
/// Arm ARM, DDI 0487, DecodeBitMasks() in the shared pseudocode.
package enum BitmaskImmediate {
    /// Whether the fields name an immediate: the element fits the operand, and not all of its bits are ones.
    package static func isValid(n: Bool, imms: UInt32, is64Bit: Bool) -> Bool {
        guard is64Bit || !n else { return false }
        let length = elementLength(n: n, imms: imms)
        guard length >= 1 else { return false }
        let levels: UInt32 = (1 &<< UInt32(truncatingIfNeeded: length)) &- 1
        return imms & levels != levels
    }

    /// The immediate of a logical instruction, or nil where the fields are reserved.
    ///
    /// For a 32-bit operand the value has its upper half clear.
    package static func value(n: Bool, imms: UInt32, immr: UInt32, is64Bit: Bool) -> UInt64? {
        guard isValid(n: n, imms: imms, is64Bit: is64Bit) else { return nil }
        let element = replicatedRun(n: n, imms: imms, immr: immr)
        return is64Bit ? element : element & 0xFFFF_FFFF
    }

    /// The immediate in the word of an AND, ORR, EOR or ANDS (immediate), which was decoded as such.
    package static func value(of word: UInt32) -> UInt64 {
        let element = replicatedRun(n: word.bit(22), imms: word.field(10, 6), immr: word.field(16, 6))
        return word.bit(31) ? element : element & 0xFFFF_FFFF
    }

    /// The two masks of a bitfield move, SBFM, BFM or UBFM, for 32 or 64 bits.
    ///
    /// `wmask` says which bits the rotated source gives, `tmask` which the top fill (or the destination) does not.
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

    /// The base-2 logarithm of the element size, or below 1 where no element size is encoded.
    private static func elementLength(n: Bool, imms: UInt32) -> Int {
        31 - ((n ? 64 : 0) | (~imms & 0x3F)).leadingZeroBitCount
    }

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

    private static func rotateRight(_ value: UInt64, by amount: UInt32, size: UInt32) -> UInt64 {
        guard amount != 0 else { return value }
        return (value &>> UInt64(amount) | value &<< UInt64(size &- amount)) & ones(size)
    }

    private static func ones(_ count: UInt32) -> UInt64 {
        count >= 64 ? .max : (1 &<< UInt64(count)) &- 1
    }
}
