extension FloatingPointFormat {
    /// FPMul().
    @inline(never)
    package static func multiply(_ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        product(a, b, &environment) { environment, _ in invalid(&environment) }
    }

    /// FPMulX(): like FPMul(), but infinity times zero is two.
    @inline(never)
    package static func multiplyExtended(
        _ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        product(a, b, &environment) { _, negative in two(negative: negative) }
    }

    @inline(__always)
    private static func product(
        _ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment,
        infinityTimesZero: (inout FloatingPointEnvironment, Bool) -> Bits
    ) -> Bits {
        let x = unpack(a, &environment)
        let y = unpack(b, &environment)
        if let nan = processNaNs(x, y, a, b, &environment) { return nan }
        let negative = x.negative != y.negative
        if (x.isInfinity && y.isZero) || (x.isZero && y.isInfinity) { return infinityTimesZero(&environment, negative) }
        if x.isInfinity || y.isInfinity { return infinity(negative: negative) }
        if x.isZero || y.isZero { return zero(negative: negative) }
        let product = SumTerm(x, times: y).narrowed
        return round(
            negative: negative, exponent: product.exponent, significand: product.significand, &environment)
    }
}
