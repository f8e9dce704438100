/// Shifts of one lane: by an immediate, which is the second operand, or by the second operand's low byte.

// MARK: By an immediate

/// Left by 0 to one less than the lane's bits.
enum ShiftLeft: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { first &<< second }
}

/// Right by 1 to the lane's bits, in two steps, as no shift of the host goes as far.
enum ShiftRight: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { (first &>> (second &- 1)) &>> 1 }
}

/// Right by 1 to the lane's bits; the last bit shifted out is added.
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

/// Right, and the accumulator's bits above what came in; for unsigned lanes.
enum ShiftRightInsert: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        let mask = ShiftRight.apply(~0, second, accumulator)
        return accumulator & ~mask | ShiftRight.apply(first, second, accumulator)
    }
}

/// Left, and the accumulator's bits below.
enum ShiftLeftInsert: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        accumulator & ~(~0 &<< second) | first &<< second
    }
}

// MARK: By a register

/// What a shift by a register does besides shifting.
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

/// Left by the second operand's low byte, a signed number: right where it is negative.
enum ShiftByRegister<Style: ShiftStyle>: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        let amount = Int(Int8(truncatingIfNeeded: second))
        guard amount < 0 else { return left(first, amount, &saturated) }
        // Beyond the lane's bits only signs are left, and a sign rounds to zero.
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

/// SQSHLU: a signed number shifted left into an unsigned lane; the type is the signed one.
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
