/// The result of FPUnpack(): the kind and sign of a value, and the real number as a significand and an exponent.
struct UnpackedFloat {
    enum Kind { case zero, finite, infinity, quietNaN, signallingNaN }

    var kind: Kind
    var negative: Bool
    /// The exponent of a finite nonzero value, which is `significand` × 2^(`exponent` − 63); bit 63 of the latter is
    /// set.
    var exponent = 0
    var significand: UInt64 = 0

    @inline(__always) var isNaN: Bool { kind == .quietNaN || kind == .signallingNaN }
    @inline(__always) var isInfinity: Bool { kind == .infinity }
    @inline(__always) var isZero: Bool { kind == .zero }
}

extension FloatingPointFormat {
    /// FPUnpack(): a subnormal input is zero and raises Input Denormal if FPCR.FZ is set.
    @inline(__always)
    static func unpack(_ value: Bits, _ environment: inout FloatingPointEnvironment) -> UnpackedFloat {
        unpack(flushed(value, &environment), alternativeHalf: false)
    }

    /// FPUnpackCV(): for conversions between formats, where FPCR.AHP applies.
    @inline(__always)
    static func unpackForConversion(
        _ value: Bits, _ environment: inout FloatingPointEnvironment
    ) -> UnpackedFloat {
        unpack(
            flushed(value, &environment), alternativeHalf: Bits.bitWidth == 16 && environment.usesAlternativeHalf)
    }

    /// Returns the input, or zero with its sign if it is subnormal and FPCR.FZ is set.
    ///
    /// FPCR.FZ does not apply to half precision.
    @inline(__always)
    static func flushed(_ value: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        guard Bits.bitWidth != 16, environment.flushesToZero, exponentField(value) == 0, magnitude(value) != 0
        else { return value }
        environment.raise(.inputDenormal)
        return zero(negative: isNegative(value))
    }

    @inline(__always)
    private static func unpack(_ value: Bits, alternativeHalf: Bool) -> UnpackedFloat {
        let field = exponentField(value)
        let fraction = UInt64(truncatingIfNeeded: value & fractionMask)
        let negative = isNegative(value)
        if field == maximumExponentField && !alternativeHalf {
            guard fraction != 0 else { return UnpackedFloat(kind: .infinity, negative: negative) }
            return UnpackedFloat(kind: value & quietBit != 0 ? .quietNaN : .signallingNaN, negative: negative)
        }
        if field == 0 {
            guard fraction != 0 else { return UnpackedFloat(kind: .zero, negative: negative) }
            let shift = fraction.leadingZeroBitCount
            // Bit `fractionBits` has the weight of the smallest normal exponent.
            return UnpackedFloat(
                kind: .finite, negative: negative, exponent: 1 &- bias &- fractionBits &+ 63 &- shift,
                significand: fraction &<< UInt64(truncatingIfNeeded: shift))
        }
        return UnpackedFloat(
            kind: .finite, negative: negative, exponent: field &- bias,
            significand: (fraction | 1 &<< UInt64(truncatingIfNeeded: fractionBits))
                &<< UInt64(truncatingIfNeeded: 63 &- fractionBits))
    }
}
