extension FloatingPointFormat {
    /// FPDiv().
    @inline(never)
    package static func divide(_ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        let x = unpack(a, &environment)
        let y = unpack(b, &environment)
        if let nan = processNaNs(x, y, a, b, &environment) { return nan }
        let negative = x.negative != y.negative
        if (x.isInfinity && y.isInfinity) || (x.isZero && y.isZero) { return invalid(&environment) }
        if x.isInfinity || y.isZero {
            if !x.isInfinity { environment.raise(.divideByZero) }
            return infinity(negative: negative)
        }
        if x.isZero || y.isInfinity { return zero(negative: negative) }
        // The quotient fits in 64 bits because half the dividend is less than the divisor; it is at least 2^62.
        let (quotient, remainder) = y.significand.dividingFullWidth((x.significand &>> 1, 0))
        let shift = quotient.leadingZeroBitCount
        return round(
            negative: negative, exponent: x.exponent &- y.exponent &- shift,
            significand: quotient &<< UInt64(truncatingIfNeeded: shift) | (remainder != 0 ? 1 : 0), &environment)
    }
}
