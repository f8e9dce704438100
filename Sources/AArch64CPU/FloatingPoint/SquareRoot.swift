extension FloatingPointFormat {
    /// FPSqrt().
    @inline(never)
    package static func squareRoot(_ value: Bits, _ environment: inout FloatingPointEnvironment) -> Bits {
        let x = unpack(value, &environment)
        if x.isNaN { return processNaN(x, value, &environment) }
        if x.isZero { return zero(negative: x.negative) }
        if x.negative { return invalid(&environment) }
        if x.isInfinity { return infinity(negative: false) }
        // The exponent is made even and the significand in [1, 4) with bit 126 worth one, so that the root is in [1, 2)
        // with bit 63 worth one.
        let isOdd = x.exponent & 1 != 0
        let radicand = UInt128(x.significand) &<< (isOdd ? 64 : 63)
        let (root, isExact) = integerSquareRoot(radicand)
        return round(
            negative: false, exponent: (x.exponent &- (isOdd ? 1 : 0)) &>> 1, significand: root | (isExact ? 0 : 1),
            &environment)
    }
}

/// Returns the square root of `radicand`, rounded down, and whether it is exact, computed bit by bit.
@inline(__always)
private func integerSquareRoot(_ radicand: UInt128) -> (root: UInt64, isExact: Bool) {
    var rest = radicand
    var root: UInt128 = 0
    var bit: UInt128 = 1 &<< 126
    while bit != 0 {
        let trial = root | bit
        root &>>= 1
        if rest >= trial {
            rest &-= trial
            root |= bit
        }
        bit &>>= 2
    }
    return (UInt64(truncatingIfNeeded: root), rest == 0)
}
