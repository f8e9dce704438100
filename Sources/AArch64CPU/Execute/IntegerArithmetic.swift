/// The less common arithmetic of the A64 base instructions, as functions of values.
enum IntegerArithmetic {
    /// UDIV: division by zero gives zero.
    @inline(__always)
    static func divide<T: FixedWidthInteger & UnsignedInteger>(_ dividend: T, _ divisor: T) -> T {
        divisor == 0 ? 0 : dividend / divisor
    }

    /// SDIV: division by zero gives zero, and the most negative value divided by -1 gives itself.
    @inline(__always)
    static func divide<T: FixedWidthInteger & SignedInteger>(_ dividend: T, _ divisor: T) -> T {
        divisor == 0 ? 0 : dividend.dividedReportingOverflow(by: divisor).partialValue
    }

    /// CLS: the number of bits below the sign bit that are equal to it.
    @inline(__always)
    static func countSignBits<T: FixedWidthInteger & SignedInteger>(_ value: T) -> UInt64 {
        UInt64((value ^ (value &>> (T(T.bitWidth) - 1))).leadingZeroBitCount - 1)
    }

    /// RBIT: reverses the order of the bits.
    @inline(never)
    static func reverseBits(_ value: UInt64) -> UInt64 {
        var v = value.byteSwapped
        v = (v >> 4 & 0x0F0F_0F0F_0F0F_0F0F) | (v & 0x0F0F_0F0F_0F0F_0F0F) << 4
        v = (v >> 2 & 0x3333_3333_3333_3333) | (v & 0x3333_3333_3333_3333) << 2
        return (v >> 1 & 0x5555_5555_5555_5555) | (v & 0x5555_5555_5555_5555) << 1
    }

    /// REV16: swaps the bytes of each halfword.
    @inline(__always)
    static func reverseHalfwords(_ value: UInt64) -> UInt64 {
        (value >> 8 & 0x00FF_00FF_00FF_00FF) | (value & 0x00FF_00FF_00FF_00FF) << 8
    }

    /// REV32: reverses the bytes of each word.
    @inline(__always)
    static func reverseWords(_ value: UInt64) -> UInt64 {
        let swapped = value.byteSwapped
        return swapped >> 32 | swapped << 32
    }

    /// CRC32 and CRC32C of `1 << sizeLog` bytes: the polynomials 0x04C11DB7 and 0x1EDC6F41, bit-reversed.
    @inline(never)
    static func crc32(_ accumulator: UInt32, _ value: UInt64, sizeLog: UInt64, isCastagnoli: Bool) -> UInt32 {
        let polynomial: UInt32 = isCastagnoli ? 0x82F6_3B78 : 0xEDB8_8320
        var crc = accumulator
        var value = value
        for _ in 0..<(1 << sizeLog) {
            crc ^= UInt32(value & 0xFF)
            value >>= 8
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 0 ? 0 : polynomial) }
        }
        return crc
    }

    /// ExtendReg() of the Arm ARM: `type` is the option field, followed by a left shift.
    @inline(__always)
    static func extend(_ value: UInt64, type: UInt8, shift: UInt64) -> UInt64 {
        let extended: UInt64 =
            switch type & 7 {
            case 0: value & 0xFF
            case 1: value & 0xFFFF
            case 2: value & 0xFFFF_FFFF
            case 4: UInt64(bitPattern: Int64(Int8(truncatingIfNeeded: value)))
            case 5: UInt64(bitPattern: Int64(Int16(truncatingIfNeeded: value)))
            case 6: UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
            default: value
            }
        return extended &<< shift
    }

    /// ShiftReg() of the Arm ARM.
    @inline(__always)
    static func shift64(_ value: UInt64, type: UInt8, amount: UInt64) -> UInt64 {
        switch type & 3 {
        case 0: value &<< amount
        case 1: value &>> amount
        case 2: UInt64(bitPattern: Int64(bitPattern: value) &>> Int64(bitPattern: amount))
        default: rotateRight64(value, amount)
        }
    }

    @inline(__always)
    static func shift32(_ value: UInt32, type: UInt8, amount: UInt32) -> UInt32 {
        switch type & 3 {
        case 0: value &<< amount
        case 1: value &>> amount
        case 2: UInt32(bitPattern: Int32(bitPattern: value) &>> Int32(bitPattern: amount))
        default: rotateRight32(value, amount)
        }
    }

    @inline(__always)
    static func rotateRight64(_ value: UInt64, _ amount: UInt64) -> UInt64 {
        value &>> amount | value &<< (0 &- amount)
    }

    @inline(__always)
    static func rotateRight32(_ value: UInt32, _ amount: UInt32) -> UInt32 {
        value &>> amount | value &<< (0 &- amount)
    }
}
