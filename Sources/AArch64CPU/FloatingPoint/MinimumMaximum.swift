extension FloatingPointFormat {
    /// FPMax().
    @inline(never)
    package static func maximum(_ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        extreme(a, b, isMaximum: true, &environment)
    }

    /// FPMin().
    @inline(never)
    package static func minimum(_ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        extreme(a, b, isMaximum: false, &environment)
    }

    /// FPMaxNum(): a quiet NaN and a number give the number.
    @inline(never)
    package static func maximumNumber(_ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        extremeNumber(a, b, isMaximum: true, &environment)
    }

    /// FPMinNum(): a quiet NaN and a number give the number.
    @inline(never)
    package static func minimumNumber(_ a: Bits, _ b: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        extremeNumber(a, b, isMaximum: false, &environment)
    }

    @inline(__always)
    private static func extreme(
        _ a: Bits, _ b: Bits, isMaximum: Bool, _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        let a = flushed(a, &environment)
        let b = flushed(b, &environment)
        if isNaN(a) || isNaN(b) {
            let x = unpack(a, &environment)
            let y = unpack(b, &environment)
            return processNaNs(x, y, a, b, &environment) ?? defaultNaN
        }
        // The order by sign and magnitude has −0 below +0, as these operations require. The result is not rounded.
        return isMaximum == (order(a) > order(b)) ? a : b
    }

    @inline(__always)
    private static func extremeNumber(
        _ a: Bits, _ b: Bits, isMaximum: Bool, _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        // A single quiet NaN is replaced with the infinity that never prevails over a number.
        let neutral = infinity(negative: isMaximum)
        let isQuiet = (isQuietNaN(a), isQuietNaN(b))
        if isQuiet.0 && !isQuiet.1 { return extreme(neutral, b, isMaximum: isMaximum, &environment) }
        if isQuiet.1 && !isQuiet.0 { return extreme(a, neutral, isMaximum: isMaximum, &environment) }
        return extreme(a, b, isMaximum: isMaximum, &environment)
    }

    /// Returns the bits of a number as an integer with the same order, −0 below +0.
    @inline(__always)
    static func order(_ value: Bits) -> Int64 {
        let magnitude = Int64(truncatingIfNeeded: magnitude(value))
        return isNegative(value) ? ~magnitude : magnitude
    }
}
