import AArch64

/// Advanced SIMD two-register miscellaneous, integer: operations on one vector.
///
/// Arm ARM, DDI 0487, C4.1 "Advanced SIMD two-register miscellaneous", "Advanced SIMD scalar two-register
/// miscellaneous".
extension VectorHandlers {
    static var twoRegisterRows: Rows {
        expand(countingRows) + expand(reversalRows) + expand(zeroComparisonRows) + expand(signRows)
            + expand(pairwiseLongRows) + expand(extractNarrowRows)
    }

    private static let countingRows: SharedRows = [
        ([.clsVector], { twoRegister(CountLeadingSigns.self, Signed.self, $0, $1) }),
        ([.clzVector], { twoRegister(CountLeadingZeros.self, Unsigned.self, $0, $1) }),
        ([.cntVector], { lanes(CountOnes.self, UInt8.self, VectorState($0), $1) }),
        ([.rbitVector], { lanes(ReverseBits.self, UInt8.self, VectorState($0), $1) }),
        (
            [.notVector],
            { state, word in
                let vectors = VectorState(state)
                let value = vectors.load(word.rn, as: SIMD2<UInt64>.self)
                vectors.storeResult(word, SIMD2(~value.x, ~value.y))
            }
        ),
    ]

    private static let reversalRows: SharedRows = [
        ([.rev16Vector], { reverse(UInt8.self, within: 2, VectorState($0), $1) }),
        (
            [.rev32Vector],
            { state, word in
                if word.elementSize == 0 {
                    reverse(UInt8.self, within: 4, VectorState(state), word)
                } else {
                    reverse(UInt16.self, within: 2, VectorState(state), word)
                }
            }
        ),
        (
            [.rev64Vector],
            { state, word in
                switch word.elementSize {
                case 0: reverse(UInt8.self, within: 8, VectorState(state), word)
                case 1: reverse(UInt16.self, within: 4, VectorState(state), word)
                default: reverse(UInt32.self, within: 2, VectorState(state), word)
                }
            }
        ),
    ]

    private static let zeroComparisonRows: SharedRows = [
        ([.cmeqZeroVector, .cmeqZeroScalar], { twoRegister(CompareEqual.self, Signed.self, $0, $1) }),
        ([.cmgtZeroVector, .cmgtZeroScalar], { twoRegister(CompareGreater.self, Signed.self, $0, $1) }),
        ([.cmgeZeroVector, .cmgeZeroScalar], { twoRegister(CompareGreaterOrEqual.self, Signed.self, $0, $1) }),
        ([.cmltZeroVector, .cmltZeroScalar], { twoRegister(CompareLess.self, Signed.self, $0, $1) }),
        ([.cmleZeroVector, .cmleZeroScalar], { twoRegister(CompareLessOrEqual.self, Signed.self, $0, $1) }),
    ]

    private static let signRows: SharedRows = [
        ([.absVector, .absScalar], { twoRegister(Absolute.self, Signed.self, $0, $1) }),
        ([.negVector, .negScalar], { twoRegister(Negate.self, Signed.self, $0, $1) }),
        ([.sqabsVector, .sqabsScalar], { twoRegister(SaturatingAbsolute.self, Signed.self, $0, $1) }),
        ([.sqnegVector, .sqnegScalar], { twoRegister(SaturatingNegate.self, Signed.self, $0, $1) }),
        ([.suqaddVector, .suqaddScalar], { twoRegister(AccumulateUnsigned.self, Signed.self, $0, $1) }),
        ([.usqaddVector, .usqaddScalar], { twoRegister(AccumulateSigned.self, Unsigned.self, $0, $1) }),
    ]

    private static let pairwiseLongRows: SharedRows = [
        ([.saddlpVector], { pairwiseLong(Signed.self, accumulates: false, $0, $1) }),
        ([.uaddlpVector], { pairwiseLong(Unsigned.self, accumulates: false, $0, $1) }),
        ([.sadalpVector], { pairwiseLong(Signed.self, accumulates: true, $0, $1) }),
        ([.uadalpVector], { pairwiseLong(Unsigned.self, accumulates: true, $0, $1) }),
    ]

    private static let extractNarrowRows: SharedRows = [
        (
            [.xtnVector],
            { state, word in
                switch word.elementSize {
                case 0: narrow(UInt8.self, VectorState(state), word)
                case 1: narrow(UInt16.self, VectorState(state), word)
                default: narrow(UInt32.self, VectorState(state), word)
                }
            }
        ),
        ([.sqxtnVector, .sqxtnScalar], { narrowSaturating(Signed.self, Signed.self, $0, $1) }),
        ([.sqxtunVector, .sqxtunScalar], { narrowSaturating(Signed.self, Unsigned.self, $0, $1) }),
        ([.uqxtnVector, .uqxtnScalar], { narrowSaturating(Unsigned.self, Unsigned.self, $0, $1) }),
        // SHLL widens, but is in this group. It shifts by as many bits as the element has.
        (
            [.shllVector],
            { state, word in
                switch word.elementSize {
                case 0: shiftLeftLong(UInt8.self, VectorState(state), word)
                case 1: shiftLeftLong(UInt16.self, VectorState(state), word)
                default: shiftLeftLong(UInt32.self, VectorState(state), word)
                }
            }
        ),
    ]
}

// MARK: Element by element

/// Applies the operation with a second operand of zero, which only comparisons with zero use.
@inline(__always)
private func twoRegister<O: LaneOperation, K: LaneKind>(
    _: O.Type, _: K.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    switch word.elementSize {
    case 0: lanes(O.self, K.Byte.self, VectorState(state), word)
    case 1: lanes(O.self, K.Halfword.self, VectorState(state), word)
    case 2: lanes(O.self, K.Word.self, VectorState(state), word)
    default: lanes(O.self, K.Doubleword.self, VectorState(state), word)
    }
}

@inline(__always)
private func lanes<O: LaneOperation, T: Lane>(_: O.Type, _: T.Type, _ vectors: VectorState, _ word: UInt32) {
    let operand = vectors.load(word.rn, as: T.Vector.self)
    vectors.storeResult(word, map(O.self, operand, T.Vector(), T.Vector(), T.self))
}

@inline(__always)
private func twoRegister<O: SaturatingOperation, K: LaneKind>(
    _: O.Type, _: K.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    switch word.elementSize {
    case 0: lanes(O.self, K.Byte.self, VectorState(state), word)
    case 1: lanes(O.self, K.Halfword.self, VectorState(state), word)
    case 2: lanes(O.self, K.Word.self, VectorState(state), word)
    default: lanes(O.self, K.Doubleword.self, VectorState(state), word)
    }
}

@inline(__always)
private func lanes<O: SaturatingOperation, T: Lane>(_: O.Type, _: T.Type, _ vectors: VectorState, _ word: UInt32) {
    let operand = vectors.load(word.rn, as: T.Vector.self)
    let accumulator = vectors.load(word.rd, as: T.Vector.self)
    var saturated = false
    let count = word.laneCount(bytes: MemoryLayout<T>.size)
    vectors.storeWhole(word, map(O.self, operand, T.Vector(), accumulator, count: count, &saturated, T.self))
    vectors.recordSaturation(saturated)
}

/// Reverses the order of the elements within each group of `count`.
@inline(__always)
private func reverse<T: Lane>(_: T.Type, within count: Int, _ vectors: VectorState, _ word: UInt32) {
    let operand = vectors.load(word.rn, as: T.Vector.self)
    var result = T.Vector()
    for lane in 0..<T.Vector.scalarCount { result[lane] = operand[lane ^ (count &- 1)] }
    vectors.storeResult(word, result)
}

// MARK: Widening and narrowing

@inline(__always)
private func pairwiseLong<K: LaneKind>(
    _: K.Type, accumulates: Bool, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    switch word.elementSize {
    case 0: pairsLong(K.Byte.self, accumulates: accumulates, VectorState(state), word)
    case 1: pairsLong(K.Halfword.self, accumulates: accumulates, VectorState(state), word)
    default: pairsLong(K.Word.self, accumulates: accumulates, VectorState(state), word)
    }
}

@inline(__always)
private func pairsLong<T: NarrowLane>(_: T.Type, accumulates: Bool, _ vectors: VectorState, _ word: UInt32) {
    let operand = vectors.load(word.rn, as: T.Vector.self)
    let accumulator = vectors.load(word.rd, as: T.Wide.Vector.self)
    var result = T.Wide.Vector()
    for pair in 0..<T.Wide.Vector.scalarCount {
        let low = T.Wide(truncatingIfNeeded: operand[2 &* pair])
        let high = T.Wide(truncatingIfNeeded: operand[2 &* pair &+ 1])
        result[pair] = (accumulates ? accumulator[pair] : 0) &+ low &+ high
    }
    vectors.storeResult(word, result)
}

@inline(__always)
private func narrow<T: NarrowLane>(_: T.Type, _ vectors: VectorState, _ word: UInt32) {
    vectors.storePart(word, truncate(vectors.load(word.rn, as: T.Wide.Vector.self), T.self))
}

@inline(__always)
private func shiftLeftLong<T: NarrowLane>(_: T.Type, _ vectors: VectorState, _ word: UInt32) {
    let operand = widen(vectors.loadPart(word.rn, word, as: T.Half.self), T.self)
    let distance = T.Wide.Vector(repeating: T.Wide(truncatingIfNeeded: T.bitWidth))
    vectors.storeWhole(word, map(ShiftLeft.self, operand, distance, operand, T.Wide.self))
}

@inline(__always)
private func narrowSaturating<From: LaneKind, To: LaneKind>(
    _: From.Type, _: To.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    let vectors = VectorState(state)
    switch word.elementSize {
    case 0: narrowSaturating(From.Halfword.self, To.Byte.self, shift: 0, rounds: false, vectors, word)
    case 1: narrowSaturating(From.Word.self, To.Halfword.self, shift: 0, rounds: false, vectors, word)
    default: narrowSaturating(From.Doubleword.self, To.Word.self, shift: 0, rounds: false, vectors, word)
    }
}

/// Shifts elements right by `shift`, which may be 0, and narrows them with saturation.
@inline(__always)
func narrowSaturating<From: Lane, To: NarrowLane>(
    _: From.Type, _: To.Type, shift: UInt32, rounds: Bool, _ vectors: VectorState, _ word: UInt32
) {
    let count = word.bit(28) ? 1 : 8 / MemoryLayout<To>.size
    let source = vectors.address(word.rn)
    var result: UInt64 = 0
    var saturated = false
    var lane = 0
    while lane < count {
        var value = source.load(fromByteOffset: lane &* MemoryLayout<From>.size, as: From.self)
        if shift != 0 {
            let distance = From(truncatingIfNeeded: shift)
            value =
                rounds
                ? RoundingShiftRight.apply(value, distance, value) : ShiftRight.apply(value, distance, value)
        }
        let narrow = To(clamping: value)
        saturated = saturated || narrow != value
        let position = UInt64(truncatingIfNeeded: lane &* To.bitWidth)
        result |= UInt64(truncatingIfNeeded: To.Magnitude(truncatingIfNeeded: narrow)) &<< position
        lane &+= 1
    }
    vectors.storePart(word, result)
    vectors.recordSaturation(saturated)
}
