/// Multiplication of polynomials over {0, 1}: PolynomialMult() of the manual, for PMUL and PMULL.
enum CarrylessMultiply {
    /// Returns the low byte of each byte's product.
    @inline(__always)
    static func apply(_ first: SIMD16<UInt8>, _ second: SIMD16<UInt8>) -> SIMD16<UInt8> {
        var result = SIMD16<UInt8>()
        var bit: UInt8 = 0
        while bit < 8 {
            let selected = 0 &- (second &>> bit & 1)
            result ^= first &<< bit & selected
            bit &+= 1
        }
        return result
    }

    /// Returns the whole product of each byte.
    @inline(__always)
    static func long(_ first: SIMD8<UInt8>, _ second: SIMD8<UInt8>) -> SIMD8<UInt16> {
        let first = SIMD8<UInt16>(truncatingIfNeeded: first)
        let second = SIMD8<UInt16>(truncatingIfNeeded: second)
        var result = SIMD8<UInt16>()
        var bit: UInt16 = 0
        while bit < 8 {
            let selected = 0 &- (second &>> bit & 1)
            result ^= first &<< bit & selected
            bit &+= 1
        }
        return result
    }

    /// Returns the 128-bit product of two doublewords.
    ///
    /// The high half is the bit-reversed low half of the product of the bit-reversed operands.
    @inline(__always)
    static func long(_ first: UInt64, _ second: UInt64) -> SIMD2<UInt64> {
        let reversed = low(IntegerArithmetic.reverseBits(first), IntegerArithmetic.reverseBits(second))
        return SIMD2(low(first, second), IntegerArithmetic.reverseBits(reversed) &>> 1)
    }

    /// Returns the low 64 bits of the product, by integer multiplications of every fourth bit.
    ///
    /// Each position of such a product is the sum of at most 16 ones, and of 16 only at the topmost position, whose
    /// carry leaves the word. So no sum carries into the next position, four bits higher, and the lowest bit of each
    /// sum is its parity.
    @inline(never)
    private static func low(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let mask: UInt64 = 0x1111_1111_1111_1111
        var result: UInt64 = 0
        var place: UInt64 = 0
        while place < 4 {
            var sum: UInt64 = 0
            var from: UInt64 = 0
            while from < 4 {
                let to = (place &- from) & 3
                sum ^= (first & mask &<< from) &* (second & mask &<< to)
                from &+= 1
            }
            result |= sum & mask &<< place
            place &+= 1
        }
        return result
    }
}
