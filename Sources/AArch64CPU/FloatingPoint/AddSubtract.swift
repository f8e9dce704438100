extension FloatingPointFormat {
    /// FPAdd().
    @inline(never)
    package static func add(_ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        sum(a, b, subtracts: false, &environment)
    }

    /// FPSub().
    @inline(never)
    package static func subtract(_ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        sum(a, b, subtracts: true, &environment)
    }

    @inline(__always)
    private static func sum(
        _ a: Bits, _ b: Bits, subtracts: Bool, _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        let x = unpack(a, &environment)
        var y = unpack(b, &environment)
        if let nan = processNaNs(x, y, a, b, &environment) { return nan }
        // Subtraction does not change the sign of a NaN operand.
        if subtracts { y.negative.toggle() }
        if x.isInfinity {
            return y.isInfinity && x.negative != y.negative ? invalid(&environment) : infinity(negative: x.negative)
        }
        if y.isInfinity { return infinity(negative: y.negative) }
        return roundedSum(SumTerm(x), SumTerm(y), &environment)
    }

    /// Returns the sum of two numbers times 2^`scale`, rounded; a zero has the sign that the rounding mode requires.
    @inline(never)
    static func roundedSum(
        _ x: SumTerm, _ y: SumTerm, scale: Int = 0, _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        guard let sum = x.adding(y) else {
            if x.significand == 0, y.significand == 0, x.negative == y.negative {
                return zero(negative: x.negative)
            }
            return zero(negative: environment.rounding == .minusInfinity)
        }
        return round(
            negative: sum.negative, exponent: sum.exponent &+ scale, significand: sum.significand, &environment)
    }
}

/// An operand of an addition: a value of a format, or the exact product of two.
///
/// Its value is `significand` × 2^(`exponent` − 126), with bit 126 set unless it is zero. A product has at most 106
/// significant bits, so an alignment by one place shifts out only zeros. After an alignment by more places, a
/// difference is normalized by at most one place, so the bit that stands for lost bits stays far below the rounded
/// result.
struct SumTerm {
    var negative: Bool
    var exponent: Int
    var significand: UInt128

    @inline(__always)
    init(_ x: UnpackedFloat) {
        negative = x.negative
        exponent = x.exponent
        significand = UInt128(x.significand) &<< 63
    }

    @inline(__always)
    init(negative: Bool, exponent: Int, significand: UInt128) {
        self.negative = negative
        self.exponent = exponent
        self.significand = significand
    }

    /// Makes the exact product of two values.
    @inline(__always)
    init(_ x: UnpackedFloat, times y: UnpackedFloat) {
        negative = x.negative != y.negative
        guard !x.isZero && !y.isZero else {
            exponent = 0
            significand = 0
            return
        }
        let product = x.significand.multipliedFullWidth(by: y.significand)
        let wide = UInt128(product.high) &<< 64 | UInt128(product.low)
        // The product is in [1, 4), with bit 126 worth one; the low bits are zero because no format uses all bits of a
        // significand.
        let carries = wide &>> 127 != 0
        exponent = x.exponent &+ y.exponent &+ (carries ? 1 : 0)
        significand = carries ? wide &>> 1 : wide
    }

    /// Returns the sum as arguments for ``FloatingPointFormat/round(negative:exponent:significand:_:)``; nil if it is
    /// zero.
    @inline(__always)
    func adding(_ other: SumTerm) -> (negative: Bool, exponent: Int, significand: UInt64)? {
        if other.significand == 0 { return significand == 0 ? nil : narrowed }
        if significand == 0 { return other.narrowed }
        let (large, small) = exponent >= other.exponent ? (self, other) : (other, self)
        let aligned = small.significand.shiftedRightJamming(large.exponent &- small.exponent)
        var total = SumTerm(negative: large.negative, exponent: large.exponent, significand: 0)
        if large.negative == small.negative {
            total.significand = large.significand &+ aligned
        } else if large.significand >= aligned {
            total.significand = large.significand &- aligned
        } else {
            total.significand = aligned &- large.significand
            total.negative.toggle()
        }
        return total.significand == 0 ? nil : total.narrowed
    }

    /// The highest 64 bits from the leading one; the lowest of them is also set if any lower bit is.
    @inline(__always)
    var narrowed: (negative: Bool, exponent: Int, significand: UInt64) {
        let shift = significand.leadingZeroBitCount
        let normalised = significand &<< UInt128(truncatingIfNeeded: shift)
        let rest = UInt64(truncatingIfNeeded: normalised)
        return (
            negative, exponent &+ 1 &- shift, UInt64(truncatingIfNeeded: normalised &>> 64) | (rest != 0 ? 1 : 0)
        )
    }
}
