/// Saturating arithmetic: SatQ() of the manual, with QC set if it changed the result.

enum SaturatingAdd: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        let (sum, overflow) = first.addingReportingOverflow(second)
        guard overflow else { return sum }
        saturated = true
        return first < 0 ? T.min : T.max
    }
}

enum SaturatingSubtract: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        let (difference, overflow) = first.subtractingReportingOverflow(second)
        guard overflow else { return difference }
        saturated = true
        return !T.isSigned || first < 0 ? T.min : T.max
    }
}

enum SaturatingAbsolute: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        first < 0 ? SaturatingNegate.apply(first, second, accumulator, &saturated) : first
    }
}

enum SaturatingNegate: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        guard first == T.min else { return 0 &- first }
        saturated = true
        return T.max
    }
}

/// SUQADD: adds an unsigned number to a signed one; the lane's type is signed.
enum AccumulateUnsigned: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        let room = T.Magnitude(truncatingIfNeeded: T.max) &- T.Magnitude(truncatingIfNeeded: accumulator)
        guard T.Magnitude(truncatingIfNeeded: first) > room else { return accumulator &+ first }
        saturated = true
        return T.max
    }
}

/// USQADD: adds a signed number to an unsigned one; the lane's type is unsigned.
enum AccumulateSigned: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        let isNegative = first &>> T(truncatingIfNeeded: T.bitWidth &- 1) != 0
        return isNegative
            ? SaturatingSubtract.apply(accumulator, 0 &- first, accumulator, &saturated)
            : SaturatingAdd.apply(accumulator, first, accumulator, &saturated)
    }
}

// MARK: Doubling multiplies

/// The variants of a multiply that returns the high half.
protocol HighHalfStyle {
    static var rounds: Bool { get }
    /// The sign of the product added to the accumulator: 1 for SQRDMLAH, -1 for SQRDMLSH, 0 without an accumulator.
    static var accumulates: Int64 { get }
}

enum HighHalf: HighHalfStyle {
    @inline(__always) static var rounds: Bool { false }
    @inline(__always) static var accumulates: Int64 { 0 }
}

enum HighHalfRounding: HighHalfStyle {
    @inline(__always) static var rounds: Bool { true }
    @inline(__always) static var accumulates: Int64 { 0 }
}

enum HighHalfRoundingAdd: HighHalfStyle {
    @inline(__always) static var rounds: Bool { true }
    @inline(__always) static var accumulates: Int64 { 1 }
}

enum HighHalfRoundingSubtract: HighHalfStyle {
    @inline(__always) static var rounds: Bool { true }
    @inline(__always) static var accumulates: Int64 { -1 }
}

/// SQDMULH, SQRDMULH, SQRDMLAH and SQRDMLSH, on lanes of 16 and 32 bits.
///
/// All terms are half of the manual's, so that 64 bits can hold them: the product is not doubled, and one bit less is
/// shifted out.
enum DoublingMultiplyHigh<Style: HighHalfStyle>: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        let shift = Int64(truncatingIfNeeded: T.bitWidth &- 1)
        var sum = Int64(truncatingIfNeeded: first) &* Int64(truncatingIfNeeded: second)
        if Style.accumulates < 0 { sum = 0 &- sum }
        if Style.accumulates != 0 { sum = sum &+ Int64(truncatingIfNeeded: accumulator) &<< shift }
        if Style.rounds { sum = sum &+ 1 &<< (shift &- 1) }
        let high = sum &>> shift
        let result = T(clamping: high)
        saturated = saturated || Int64(truncatingIfNeeded: result) != high
        return result
    }
}

/// SQDMULL on widened operands: only the doubled product of the two lowest numbers saturates.
enum DoublingMultiplyLong: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        let product = first &* second
        return SaturatingAdd.apply(product, product, accumulator, &saturated)
    }
}

/// SQDMLAL: the doubled product saturates, and so does the sum.
enum DoublingMultiplyAddLong: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        let product = DoublingMultiplyLong.apply(first, second, accumulator, &saturated)
        return SaturatingAdd.apply(accumulator, product, accumulator, &saturated)
    }
}

enum DoublingMultiplySubtractLong: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        let product = DoublingMultiplyLong.apply(first, second, accumulator, &saturated)
        return SaturatingSubtract.apply(accumulator, product, accumulator, &saturated)
    }
}
