extension FloatingPointFormat {
    /// FPRoundInt(): rounds to an integral value in the same format.
    @inline(never)
    package static func roundToIntegral(
        _ value: Bits, _ rounding: RoundingMode, signalsInexact: Bool,
        _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        let x = unpack(value, &environment)
        switch x.kind {
        case .quietNaN, .signallingNaN: return processNaN(x, value, &environment)
        case .infinity: return infinity(negative: x.negative)
        case .zero: return zero(negative: x.negative)
        case .finite: break
        }
        guard x.exponent < fractionBits else { return value }
        let whole = x.wholePart(scale: 0)
        if signalsInexact && whole.fraction != 0 { environment.raise(.inexact) }
        let increment = rounding.increments(whole.magnitude, negative: x.negative, fraction: whole.fraction)
        let magnitude = whole.magnitude &+ (increment ? 1 : 0)
        guard magnitude != 0 else { return zero(negative: x.negative) }
        let shift = magnitude.leadingZeroBitCount
        // Exact, because the magnitude is at most 2^fractionBits.
        return round(
            negative: x.negative, exponent: 63 &- shift,
            significand: magnitude &<< UInt64(truncatingIfNeeded: shift), &environment)
    }
}

extension UnpackedFloat {
    /// Splits the magnitude of a finite value times 2^`scale`, below 2^64, into an integer and a fraction.
    ///
    /// The highest bit of the fraction is one half; the lowest is also set if any lower bit is.
    @inline(__always)
    func wholePart(scale: Int) -> (magnitude: UInt64, fraction: UInt64) {
        let shift = 63 &- exponent &- scale
        if shift <= 0 { return (significand, 0) }
        if shift > 64 { return (0, 1) }
        if shift == 64 { return (0, significand) }
        let amount = UInt64(truncatingIfNeeded: shift)
        return (significand &>> amount, significand &<< (64 &- amount))
    }
}
