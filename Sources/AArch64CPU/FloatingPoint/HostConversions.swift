// Conversions by the host's instructions, under the conditions of ``HostFormat``.
extension HostFormat {
    /// Converts toward zero to an integer of `width` bits, zero-extended.
    @inline(__always)
    package static func hostTruncate(
        _ value: Bits, width: Int, unsigned: Bool, _ environment: inout FloatingPointEnvironment
    ) -> UInt64? {
        guard !environment.flushesToZero else { return nil }
        let x = host(value)
        // False for NaNs. The range of narrower integers is checked below.
        guard x > -0x1p63 && x < 0x1p63 else { return nil }
        let truncated = integer(x)
        if unsigned {
            guard truncated >= 0, width == 64 || truncated &>> 32 == 0 else { return nil }
        } else {
            guard width == 64 || truncated == Int64(Int32(truncatingIfNeeded: truncated)) else { return nil }
        }
        if Host(Int(truncated)) != x { environment.raise(.inexact) }
        let result = UInt64(bitPattern: truncated)
        return width == 64 ? result : result & 0xFFFF_FFFF
    }

    /// Converts the integer in the low `width` bits.
    @inline(__always)
    package static func hostFromInteger(
        _ integer: UInt64, width: Int, unsigned: Bool, _ environment: FloatingPointEnvironment
    ) -> Bits? {
        let value: Int64 =
            if width == 64 {
                Int64(bitPattern: integer)
            } else if unsigned {
                Int64(UInt32(truncatingIfNeeded: integer))
            } else {
                Int64(Int32(truncatingIfNeeded: integer))
            }
        guard !unsigned || value >= 0 else { return nil }
        // Exact if the magnitude has no more bits than a significand.
        let isExact = value.magnitude &>> UInt64(truncatingIfNeeded: fractionBits &+ 1) == 0
        guard isExact || (environment.isHostLike && environment.isInexactRaised) else { return nil }
        return bits(Host(Int(value)))
    }
}

extension Binary32 {
    /// Converts to double precision; nil if the value is special or may be flushed.
    @inline(__always)
    package static func hostWiden(_ value: Bits, _ environment: FloatingPointEnvironment) -> UInt64? {
        // Every single-precision number is a double-precision number; only subnormal ones may be flushed.
        guard isOrdinary(value) || magnitude(value) == 0 else { return nil }
        return Double(host(value)).bitPattern
    }
}

extension Binary64 {
    /// Converts to single precision if the result is certain to be right.
    @inline(__always)
    package static func hostNarrow(_ value: Bits, _ environment: FloatingPointEnvironment) -> UInt32? {
        guard environment.isHostLike else { return nil }
        let x = host(value)
        let narrow = Float(x)
        let result = narrow.bitPattern
        guard Binary32.isOrdinary(result) || magnitude(value) == 0 else { return nil }
        guard environment.isInexactRaised || Double(narrow) == x else { return nil }
        return result
    }
}
