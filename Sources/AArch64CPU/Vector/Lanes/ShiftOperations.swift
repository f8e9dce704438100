/// Shifts of one lane, by an immediate, which is the second operand, or by the low byte of the second operand.

// MARK: By an immediate

/// Shifts left by 0 to the lane's bits minus one.
enum ShiftLeft: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { first &<< second }
}

/// Shifts right by 1 to the lane's bits, in two steps because the host's shifts cannot shift by all bits.
enum ShiftRight: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { (first &>> (second &- 1)) &>> 1 }
}

/// Shifts right by 1 to the lane's bits and adds the last bit shifted out.
enum RoundingShiftRight: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        let doubled = first &>> (second &- 1)
        return (doubled &>> 1) &+ (doubled & 1)
    }
}

enum ShiftRightAccumulate: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        accumulator &+ ShiftRight.apply(first, second, accumulator)
    }
}

enum RoundingShiftRightAccumulate: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        accumulator &+ RoundingShiftRight.apply(first, second, accumulator)
    }
}

/// Shifts right and keeps the accumulator's bits above the shifted value; for unsigned lanes.
enum ShiftRightInsert: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        let mask = ShiftRight.apply(~0, second, accumulator)
        return accumulator & ~mask | ShiftRight.apply(first, second, accumulator)
    }
}

/// Shifts left and keeps the accumulator's bits below the shifted value.
enum ShiftLeftInsert: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        accumulator & ~(~0 &<< second) | first &<< second
    }
}

// MARK: By a register

/// The variants of a shift by a register.
protocol ShiftStyle {
    static var rounds: Bool { get }
    static var saturates: Bool { get }
}

enum Truncating: ShiftStyle {
    @inline(__always) static var rounds: Bool { false }
    @inline(__always) static var saturates: Bool { false }
}

enum Rounding: ShiftStyle {
    @inline(__always) static var rounds: Bool { true }
    @inline(__always) static var saturates: Bool { false }
}

enum Saturating: ShiftStyle {
    @inline(__always) static var rounds: Bool { false }
    @inline(__always) static var saturates: Bool { true }
}

enum SaturatingRounding: ShiftStyle {
    @inline(__always) static var rounds: Bool { true }
    @inline(__always) static var saturates: Bool { true }
}

/// Shifts left by the low byte of the second operand, a signed number: right if it is negative.
enum ShiftByRegister<Style: ShiftStyle>: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        let amount = Int(Int8(truncatingIfNeeded: second))
        guard amount < 0 else { return left(first, amount, &saturated) }
        // A shift by more than the lane's bits leaves only the sign, which rounds to zero.
        if amount < -T.bitWidth { return Style.rounds || first >= 0 ? 0 : ~0 }
        let distance = T(truncatingIfNeeded: 0 &- amount)
        return Style.rounds
            ? RoundingShiftRight.apply(first, distance, accumulator) : ShiftRight.apply(first, distance, accumulator)
    }

    @inline(__always)
    private static func left<T: Lane>(_ value: T, _ amount: Int, _ saturated: inout Bool) -> T {
        let fits = amount < T.bitWidth
        let distance = T(truncatingIfNeeded: amount)
        let shifted: T = fits ? value &<< distance : 0
        guard Style.saturates else { return shifted }
        guard value != 0, !fits || shifted &>> distance != value else { return shifted }
        saturated = true
        return value < 0 ? T.min : T.max
    }
}

/// SQSHLU: shifts a signed number left into an unsigned lane; the lane's type is signed.
enum ShiftLeftUnsigned: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        if first < 0 {
            saturated = true
            return 0
        }
        let bits = T.Magnitude(truncatingIfNeeded: first)
        let distance = T.Magnitude(truncatingIfNeeded: second)
        let shifted = bits &<< distance
        guard shifted &>> distance != bits else { return T(truncatingIfNeeded: shifted) }
        saturated = true
        return ~0
    }
}
