extension FloatingPointFormat {
    /// FPMulAdd(): `addend` + `a` × `b`, rounded once.
    @inline(never)
    package static func multiplyAdd(
        addend: Bits, _ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        let z = unpack(addend, &environment)
        let x = unpack(a, &environment)
        let y = unpack(b, &environment)
        let isInvalidProduct = (x.isInfinity && y.isZero) || (x.isZero && y.isInfinity)
        if let nan = processNaNs(z, x, y, addend, a, b, &environment) {
            // Infinity times zero has priority over a quiet NaN addend.
            return z.kind == .quietNaN && isInvalidProduct ? invalid(&environment) : nan
        }
        let negative = x.negative != y.negative
        let isInfiniteProduct = x.isInfinity || y.isInfinity
        if isInvalidProduct || (z.isInfinity && isInfiniteProduct && z.negative != negative) {
            return invalid(&environment)
        }
        if z.isInfinity { return infinity(negative: z.negative) }
        if isInfiniteProduct { return infinity(negative: negative) }
        return roundedSum(SumTerm(z), SumTerm(x, times: y), &environment)
    }

    /// FPRecipStepFused(): 2 − `a` × `b`.
    @inline(never)
    package static func reciprocalStep(_ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        step(a, b, constant: two(negative: false), infinityTimesZero: two(negative: false), scale: 0, &environment)
    }

    /// FPRSqrtStepFused(): (3 − `a` × `b`) / 2.
    @inline(never)
    package static func reciprocalSquareRootStep(
        _ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        let three = assemble(negative: false, exponentField: bias &+ 1, fraction: quietBit)
        return step(
            a, b, constant: three, infinityTimesZero: onePointFive(negative: false), scale: -1, &environment)
    }

    @inline(__always)
    private static func step(
        _ a: Bits, _ b: Bits, constant: Bits, infinityTimesZero: Bits, scale: Int,
        _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        // The first operand is negated before all other steps, also if it is a NaN.
        let a = negate(a)
        let x = unpack(a, &environment)
        let y = unpack(b, &environment)
        if let nan = processNaNs(x, y, a, b, &environment) { return nan }
        if (x.isInfinity && y.isZero) || (x.isZero && y.isInfinity) { return infinityTimesZero }
        if x.isInfinity || y.isInfinity { return infinity(negative: x.negative != y.negative) }
        return roundedSum(
            SumTerm(unpack(constant, &environment)), SumTerm(x, times: y), scale: scale, &environment)
    }
}
