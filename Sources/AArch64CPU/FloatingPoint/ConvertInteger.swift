extension FloatingPointFormat {
    /// FPToFixed(): the value times 2^`scale` as an integer of `width` bits, zero-extended.
    ///
    /// A value out of range becomes the nearest integer in range, a NaN becomes zero, and both raise Invalid Operation.
    @inline(never)
    package static func toFixed(
        _ value: Bits, scale: Int = 0, width: Int, unsigned: Bool, _ rounding: RoundingMode,
        _ environment: inout FloatingPointEnvironment
    ) -> UInt64 {
        let x = unpack(value, &environment)
        let all = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- width)
        let limit = unsigned ? (x.negative ? 0 : all) : (all &>> 1) &+ (x.negative ? 1 : 0)
        let magnitude: UInt64
        switch x.kind {
        case .quietNaN, .signallingNaN:
            environment.raise(.invalidOperation)
            return 0
        case .zero: return 0
        case .infinity:
            environment.raise(.invalidOperation)
            magnitude = limit
        case .finite:
            let whole = x.wholePart(scale: scale)
            let increment = rounding.increments(whole.magnitude, negative: x.negative, fraction: whole.fraction)
            let rounded = whole.magnitude &+ (increment ? 1 : 0)
            if x.exponent &+ scale > 63 || rounded > limit {
                environment.raise(.invalidOperation)
                magnitude = limit
            } else {
                if whole.fraction != 0 { environment.raise(.inexact) }
                magnitude = rounded
            }
        }
        return (x.negative ? 0 &- magnitude : magnitude) & all
    }

    /// FixedToFP(): converts the integer in the low `width` bits times 2^−`scale`.
    @inline(never)
    package static func fromFixed(
        _ integer: UInt64, scale: Int = 0, width: Int, unsigned: Bool,
        _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        let unused = UInt64(truncatingIfNeeded: 64 &- width)
        let shifted = integer &<< unused
        let negative = !unsigned && shifted &>> 63 != 0
        let value =
            unsigned ? shifted &>> unused : UInt64(bitPattern: Int64(bitPattern: shifted) &>> Int64(unused))
        let magnitude = negative ? 0 &- value : value
        guard magnitude != 0 else { return zero(negative: false) }
        let shift = magnitude.leadingZeroBitCount
        return round(
            negative: negative, exponent: 63 &- shift &- scale,
            significand: magnitude &<< UInt64(truncatingIfNeeded: shift), &environment)
    }
}
