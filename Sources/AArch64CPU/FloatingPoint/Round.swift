extension FloatingPointFormat {
    /// FPRound(): rounds `significand` × 2^(`exponent` − 63) in the current rounding mode.
    @inline(__always)
    static func round(
        negative: Bool, exponent: Int, significand: UInt64, _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        round(
            negative: negative, exponent: exponent, significand: significand, rounding: environment.rounding,
            alternativeHalf: false, &environment)
    }

    /// FPRoundBase(): rounds `significand` × 2^(`exponent` − 63).
    ///
    /// Bit 63 of `significand` is set. Bit 0 is far below the last bit of every format, and also set if any lower bit
    /// is.
    @inline(never)
    static func round(
        negative: Bool, exponent: Int, significand: UInt64, rounding: RoundingMode, alternativeHalf: Bool,
        _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        var biased = exponent &+ bias
        var significand = significand
        if biased <= 0 {
            // Flushing depends on the value before rounding, does not raise Inexact, and does not apply to half
            // precision.
            if Bits.bitWidth != 16 && environment.flushesToZero {
                environment.raise(.underflow)
                return zero(negative: negative)
            }
            significand = significand.shiftedRightJamming(1 &- biased)
        }
        let dropped = UInt64(truncatingIfNeeded: 63 &- fractionBits)
        let kept = significand &>> dropped
        let fraction = significand &<< (64 &- dropped)
        // Tininess is detected before rounding.
        if biased <= 0 {
            if fraction != 0 { environment.raise(.underflow) }
            biased = 1
        }
        let magnitude = kept &+ (rounding.increments(kept, negative: negative, fraction: fraction) ? 1 : 0)
        // The leading one of a normal number, and a carry out of the fraction, add one to the exponent field.
        let field = biased &- 1 &+ Int(truncatingIfNeeded: magnitude &>> UInt64(truncatingIfNeeded: fractionBits))
        if alternativeHalf {
            if field > maximumExponentField {
                environment.raise(.invalidOperation)
                return (negative ? signBit : 0) | ~signBit
            }
        } else if field >= maximumExponentField {
            environment.raise(.overflow)
            environment.raise(.inexact)
            return rounding.overflowsToInfinity(negative: negative)
                ? infinity(negative: negative) : maximumNormal(negative: negative)
        }
        if fraction != 0 { environment.raise(.inexact) }
        var result = Bits(truncatingIfNeeded: magnitude) & fractionMask
        if rounding == .odd && fraction != 0 { result |= 1 }
        return assemble(negative: negative, exponentField: field, fraction: result)
    }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// Returns the value shifted right, with bit 0 set if any bit that was shifted out is one; rounding needs no more.
    @inline(__always)
    func shiftedRightJamming(_ amount: Int) -> Self {
        guard amount > 0 else { return self }
        guard amount < Self.bitWidth else { return self != 0 ? 1 : 0 }
        let shift = Self(truncatingIfNeeded: amount)
        let lost = self & ((1 &<< shift) &- 1)
        return self &>> shift | (lost != 0 ? 1 : 0)
    }
}
