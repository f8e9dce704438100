/// An operation on one element of each operand: `first` of Vn, `second` of Vm, `accumulator` of Vd.
///
/// Meant for short bodies without branches, because the loop over the lanes is unrolled to vector instructions of the
/// host.
protocol LaneOperation {
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T) -> T
}

/// An operation on one element that may saturate, or whose body is too long to be repeated for each lane.
protocol SaturatingOperation {
    static func apply<T: Lane>(_ first: T, _ second: T, _ accumulator: T, _ saturated: inout Bool) -> T
}

/// Applies an operation to all lanes.
@inline(__always)
func map<O: LaneOperation, T: Lane>(
    _: O.Type, _ first: T.Vector, _ second: T.Vector, _ accumulator: T.Vector, _: T.Type
) -> T.Vector {
    var result = T.Vector()
    for lane in 0..<T.Vector.scalarCount {
        result[lane] = O.apply(first[lane], second[lane], accumulator[lane])
    }
    return result
}

/// Applies an operation to the lowest `count` lanes; higher lanes become zero and do not saturate.
///
/// The lanes are accessed through memory, because indexing a vector with a variable copies it each time.
@inline(__always)
func map<O: SaturatingOperation, T: Lane>(
    _: O.Type, _ first: T.Vector, _ second: T.Vector, _ accumulator: T.Vector, count: Int, _ saturated: inout Bool,
    _: T.Type
) -> T.Vector {
    var result = T.Vector()
    withUnsafeMutablePointer(to: &result) { result in
        withUnsafePointer(to: first) { first in
            withUnsafePointer(to: second) { second in
                withUnsafePointer(to: accumulator) { accumulator in
                    // SAFETY: `UInt32.laneCount` makes `count` at most the vector's lane count.
                    let result = UnsafeMutableRawPointer(result).assumingMemoryBound(to: T.self)
                    let first = UnsafeRawPointer(first).assumingMemoryBound(to: T.self)
                    let second = UnsafeRawPointer(second).assumingMemoryBound(to: T.self)
                    let accumulator = UnsafeRawPointer(accumulator).assumingMemoryBound(to: T.self)
                    var lane = 0
                    while lane < count {
                        result[lane] = O.apply(first[lane], second[lane], accumulator[lane], &saturated)
                        lane &+= 1
                    }
                }
            }
        }
    }
    return result
}

/// Widens the lanes of half a register.
@inline(__always)
func widen<T: NarrowLane>(_ half: T.Half, _: T.Type) -> T.Wide.Vector {
    var result = T.Wide.Vector()
    for lane in 0..<T.Wide.Vector.scalarCount { result[lane] = T.Wide(truncatingIfNeeded: half[lane]) }
    return result
}

/// Returns the low half of each lane.
@inline(__always)
func truncate<T: NarrowLane>(_ wide: T.Wide.Vector, _: T.Type) -> T.Half {
    var result = T.Half()
    for lane in 0..<T.Wide.Vector.scalarCount { result[lane] = T(truncatingIfNeeded: wide[lane]) }
    return result
}
