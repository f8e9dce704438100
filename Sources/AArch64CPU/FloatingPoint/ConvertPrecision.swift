extension FloatingPointFormat {
    /// FPConvert(): converts the value to another format in the current rounding mode.
    @inline(__always)
    package static func convert<To: FloatingPointFormat>(
        _ value: Bits, to format: To.Type, _ environment: inout FloatingPointEnvironment
    ) -> To.Bits {
        convert(value, to: format, environment.rounding, &environment)
    }

    /// FPConvert() with an explicit rounding mode.
    @inline(never)
    package static func convert<To: FloatingPointFormat>(
        _ value: Bits, to format: To.Type, _ rounding: RoundingMode, _ environment: inout FloatingPointEnvironment
    ) -> To.Bits {
        let toAlternativeHalf = To.Bits.bitWidth == 16 && environment.usesAlternativeHalf
        let x = unpackForConversion(value, &environment)
        switch x.kind {
        case .quietNaN, .signallingNaN:
            if x.kind == .signallingNaN || toAlternativeHalf { environment.raise(.invalidOperation) }
            if toAlternativeHalf { return To.zero(negative: x.negative) }
            return environment.usesDefaultNaN ? To.defaultNaN : convertNaN(value, to: format)
        case .infinity:
            guard toAlternativeHalf else { return To.infinity(negative: x.negative) }
            environment.raise(.invalidOperation)
            return (x.negative ? To.signBit : 0) | ~To.signBit
        case .zero:
            return To.zero(negative: x.negative)
        case .finite:
            return To.round(
                negative: x.negative, exponent: x.exponent, significand: x.significand, rounding: rounding,
                alternativeHalf: toAlternativeHalf, &environment)
        }
    }

    /// FPConvertNaN(): keeps the high bits of the fraction and makes the NaN quiet.
    @inline(__always)
    private static func convertNaN<To: FloatingPointFormat>(_ value: Bits, to format: To.Type) -> To.Bits {
        let fraction =
            UInt64(truncatingIfNeeded: value & fractionMask) &<< UInt64(truncatingIfNeeded: 64 &- fractionBits)
        return To.assemble(
            negative: isNegative(value), exponentField: To.maximumExponentField,
            fraction: To.Bits(truncatingIfNeeded: fraction &>> UInt64(truncatingIfNeeded: 64 &- To.fractionBits))
                | To.quietBit)
    }
}
