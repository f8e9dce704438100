/// Integer arithmetic and comparison on one lane: the operations of the pseudocode in C7.2.

enum Add: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { first &+ second }
}

enum Subtract: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { first &- second }
}

enum Multiply: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { first &* second }
}

enum MultiplyAdd: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { accumulator &+ first &* second }
}

enum MultiplySubtract: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { accumulator &- first &* second }
}

/// Halves the sum without overflow.
enum HalvingAdd: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        (first & second) &+ ((first ^ second) &>> 1)
    }
}

enum RoundingHalvingAdd: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        (first | second) &- ((first ^ second) &>> 1)
    }
}

enum HalvingSubtract: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        (first &>> 1) &- (second &>> 1) &- (~first & second & 1)
    }
}

enum Maximum: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { first > second ? first : second }
}

enum Minimum: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { first < second ? first : second }
}

/// The absolute value of the difference, with as many bits as the lane.
enum AbsoluteDifference: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        (first > second ? first : second) &- (first > second ? second : first)
    }
}

enum AbsoluteDifferenceAccumulate: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        accumulator &+ AbsoluteDifference.apply(first, second, accumulator)
    }
}

/// Returns all ones if the condition holds, else zero.
@inline(__always)
private func ones<T: Lane>(where condition: Bool) -> T { 0 &- (condition ? 1 : 0) }

enum CompareEqual: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { ones(where: first == second) }
}

enum CompareGreaterOrEqual: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { ones(where: first >= second) }
}

enum CompareGreater: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { ones(where: first > second) }
}

enum CompareLess: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { ones(where: first < second) }
}

enum CompareLessOrEqual: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { ones(where: first <= second) }
}

enum CompareTestBits: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { ones(where: first & second != 0) }
}

enum Negate: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { 0 &- first }
}

/// The absolute value; that of the lowest number is the lowest number.
enum Absolute: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T { first < 0 ? 0 &- first : first }
}

/// The number of ones in a lane.
enum CountOnes: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        T(truncatingIfNeeded: first.nonzeroBitCount)
    }
}

/// Reverses the bits of a byte.
enum ReverseBits: LaneOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T {
        let pairs = (first & 0x55) &<< 1 | (first &>> 1) & 0x55
        let fours = (pairs & 0x33) &<< 2 | (pairs &>> 2) & 0x33
        return (fours & 0x0F) &<< 4 | (fours &>> 4) & 0x0F
    }
}

/// The number of zeros above the highest one.
enum CountLeadingZeros: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        T(truncatingIfNeeded: first.leadingZeroBitCount)
    }
}

/// The number of bits below the sign bit that are equal to it.
enum CountLeadingSigns: SaturatingOperation {
    @inline(__always)
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T {
        T(truncatingIfNeeded: (first ^ (first &>> 1)).leadingZeroBitCount &- 1)
    }
}
