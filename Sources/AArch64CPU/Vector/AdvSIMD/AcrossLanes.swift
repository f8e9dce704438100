import AArch64

/// Advanced SIMD across lanes, integer: reduces all elements to one number.
///
/// Arm ARM, DDI 0487, C4.1 "Advanced SIMD across lanes".
extension VectorHandlers {
    static let acrossLanesRows: Rows = [
        (.addv, { across(Add.self, Unsigned.self, $0, $1) }),
        (.smaxv, { across(Maximum.self, Signed.self, $0, $1) }),
        (.umaxv, { across(Maximum.self, Unsigned.self, $0, $1) }),
        (.sminv, { across(Minimum.self, Signed.self, $0, $1) }),
        (.uminv, { across(Minimum.self, Unsigned.self, $0, $1) }),
        (.saddlv, { acrossLong(Signed.self, $0, $1) }),
        (.uaddlv, { acrossLong(Unsigned.self, $0, $1) }),
    ]
}

@inline(__always)
private func across<O: LaneOperation, K: LaneKind>(
    _: O.Type, _: K.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    switch word.elementSize {
    case 0: across(O.self, K.Byte.self, VectorState(state), word)
    case 1: across(O.self, K.Halfword.self, VectorState(state), word)
    default: across(O.self, K.Word.self, VectorState(state), word)
    }
}

/// Combines the halves until one element is left; the order does not matter to any of the operations.
@inline(__always)
private func across<O: LaneOperation, T: Lane>(_: O.Type, _: T.Type, _ vectors: VectorState, _ word: UInt32) {
    var bits = vectors.load(word.rn, as: SIMD2<UInt64>.self)
    if word.q != 0 { bits = fold(O.self, bits, bits.y, T.self) }
    if T.bitWidth <= 32 { bits = fold(O.self, bits, bits.x &>> 32, T.self) }
    if T.bitWidth <= 16 { bits = fold(O.self, bits, bits.x &>> 16, T.self) }
    if T.bitWidth <= 8 { bits = fold(O.self, bits, bits.x &>> 8, T.self) }
    let result = T.Magnitude(truncatingIfNeeded: bits.x)
    vectors.storeWhole(word, SIMD2<UInt64>(UInt64(truncatingIfNeeded: result), 0))
}

@inline(__always)
private func fold<O: LaneOperation, T: Lane>(
    _: O.Type, _ bits: SIMD2<UInt64>, _ other: UInt64, _: T.Type
) -> SIMD2<UInt64> {
    let first = unsafeBitCast(bits, to: T.Vector.self)
    let second = unsafeBitCast(SIMD2<UInt64>(other, 0), to: T.Vector.self)
    return unsafeBitCast(map(O.self, first, second, first, T.self), to: SIMD2<UInt64>.self)
}

@inline(__always)
private func acrossLong<K: LaneKind>(_: K.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    switch word.elementSize {
    case 0: acrossLong(K.Byte.self, VectorState(state), word)
    case 1: acrossLong(K.Halfword.self, VectorState(state), word)
    default: acrossLong(K.Word.self, VectorState(state), word)
    }
}

@inline(__always)
private func acrossLong<T: NarrowLane>(_: T.Type, _ vectors: VectorState, _ word: UInt32) {
    let count = word.laneCount(bytes: MemoryLayout<T>.size)
    let source = vectors.address(word.rn).assumingMemoryBound(to: T.self)
    var sum: T.Wide = 0
    var lane = 0
    while lane < count {
        sum = sum &+ T.Wide(truncatingIfNeeded: source[lane])
        lane &+= 1
    }
    let result = T.Wide.Magnitude(truncatingIfNeeded: sum)
    vectors.storeWhole(word, SIMD2<UInt64>(UInt64(truncatingIfNeeded: result), 0))
}
