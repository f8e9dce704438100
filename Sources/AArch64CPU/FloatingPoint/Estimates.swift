// Estimates of reciprocals and of reciprocal square roots, bit-exact. The tables of 256 entries are computed by
// formula.
extension FloatingPointFormat {
    /// FPRecipEstimate().
    @inline(never)
    package static func reciprocalEstimate(_ value: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        let x = unpack(value, &environment)
        switch x.kind {
        case .quietNaN, .signallingNaN: return processNaN(x, value, &environment)
        case .infinity: return zero(negative: x.negative)
        case .zero:
            environment.raise(.divideByZero)
            return infinity(negative: x.negative)
        case .finite: break
        }
        // 1/x is greater than the largest number.
        if x.exponent < 0 &- bias &- 1 {
            environment.raise(.overflow)
            environment.raise(.inexact)
            return environment.rounding.overflowsToInfinity(negative: x.negative)
                ? infinity(negative: x.negative) : maximumNormal(negative: x.negative)
        }
        // 1/x is less than the smallest normal number.
        if environment.flushesToZero && x.exponent >= bias &- 1 {
            environment.raise(.underflow)
            return zero(negative: x.negative)
        }
        let estimate = EstimateTable.reciprocal(x.significand &>> 55)
        // 1/x is in (1/2, 1] × 2^−exponent; a subnormal estimate has its leading one in the fraction.
        let field = 2 &* bias &- 1 &- (x.exponent &+ bias)
        let fraction = (estimate & 0xFF) &<< 56
        let shifted =
            field > 0 ? fraction : (fraction &>> 1 | 1 &<< 63) &>> UInt64(truncatingIfNeeded: 0 &- field)
        return assemble(
            negative: x.negative, exponentField: field > 0 ? field : 0,
            fraction: Bits(truncatingIfNeeded: shifted &>> UInt64(truncatingIfNeeded: 64 &- fractionBits)))
    }

    /// FPRSqrtEstimate().
    @inline(never)
    package static func reciprocalSquareRootEstimate(
        _ value: Bits, _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        let x = unpack(value, &environment)
        switch x.kind {
        case .quietNaN, .signallingNaN: return processNaN(x, value, &environment)
        case .zero:
            environment.raise(.divideByZero)
            return infinity(negative: x.negative)
        case .infinity, .finite:
            if x.negative { return invalid(&environment) }
            if x.isInfinity { return zero(negative: false) }
        }
        // Nine bits in [1/4, 1), scaled so that the remaining exponent is even.
        let isEven = (x.exponent &+ bias) & 1 == 0
        let estimate = EstimateTable.reciprocalSquareRoot(x.significand &>> (isEven ? 55 : 56))
        let field = (3 &* bias &- 1 &- (x.exponent &+ bias)) &>> 1
        return assemble(
            negative: false, exponentField: field,
            fraction: Bits(truncatingIfNeeded: estimate & 0xFF) &<< Bits(truncatingIfNeeded: fractionBits &- 8))
    }

    /// FPRecpX(): the exponent of a reciprocal.
    @inline(never)
    package static func reciprocalExponent(_ value: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        let x = unpack(value, &environment)
        if x.isNaN { return processNaN(x, value, &environment) }
        let field = exponentField(value)
        return assemble(
            negative: x.negative, exponentField: field == 0 ? maximumExponentField &- 1 : ~field & maximumExponentField)
    }
}

/// The tables of estimates, computed with the formulas that define them in the Arm ARM.
package enum EstimateTable {
    /// RecipEstimate(): `a` is 256…511 for 0.5…1, the result is 256…511 for 1…2.
    @inline(__always)
    static func reciprocal(_ a: UInt64) -> UInt64 {
        // The midpoint of the interval, with one more bit of precision.
        let midpoint = a &* 2 &+ 1
        return ((1 &<< 19) / midpoint &+ 1) &>> 1
    }

    /// RecipSqrtEstimate(): `a` is 128…511 for 0.25…1, the result is 256…511 for 1…2.
    @inline(__always)
    static func reciprocalSquareRoot(_ a: UInt64) -> UInt64 {
        let midpoint = a < 256 ? a &* 2 &+ 1 : (a | 1) &* 2
        // The largest b in 512…1023 with midpoint × b² below 2^28, computed bit by bit.
        var b: UInt64 = 512
        var bit: UInt64 = 256
        while bit != 0 {
            let trial = b | bit
            if midpoint &* trial &* trial < 1 &<< 28 { b = trial }
            bit &>>= 1
        }
        return (b &+ 1) &>> 1
    }

    /// UnsignedRecipEstimate().
    @inline(__always)
    package static func unsignedReciprocal(_ value: UInt32) -> UInt32 {
        guard value &>> 31 != 0 else { return .max }
        return UInt32(truncatingIfNeeded: reciprocal(UInt64(value &>> 23))) &<< 23
    }

    /// UnsignedRSqrtEstimate().
    @inline(__always)
    package static func unsignedReciprocalSquareRoot(_ value: UInt32) -> UInt32 {
        guard value &>> 30 != 0 else { return .max }
        return UInt32(truncatingIfNeeded: reciprocalSquareRoot(UInt64(value &>> 23))) &<< 23
    }
}
