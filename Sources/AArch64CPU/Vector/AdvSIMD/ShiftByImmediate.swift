import AArch64

/// Advanced SIMD shift by immediate, integer, and its scalar form.
///
/// `immh:immb` encodes both the element size, by its highest set bit, and the distance. Arm ARM, DDI 0487, C4.1
/// "Advanced SIMD shift by immediate", "Advanced SIMD scalar shift by immediate".
extension VectorHandlers {
    static var shiftByImmediateRows: Rows {
        expand(shiftRows) + expand(saturatingShiftRows) + expand(longShiftRows) + expand(narrowShiftRows)
            + expand(saturatingNarrowShiftRows)
    }

    private static let shiftRows: SharedRows = [
        ([.shlVector, .shlScalar], { shift(ShiftLeft.self, Unsigned.self, .left, $0, $1) }),
        ([.sliVector, .sliScalar], { shift(ShiftLeftInsert.self, Unsigned.self, .left, $0, $1) }),
        ([.sriVector, .sriScalar], { shift(ShiftRightInsert.self, Unsigned.self, .right, $0, $1) }),
        ([.sshrVector, .sshrScalar], { shift(ShiftRight.self, Signed.self, .right, $0, $1) }),
        ([.ushrVector, .ushrScalar], { shift(ShiftRight.self, Unsigned.self, .right, $0, $1) }),
        ([.srshrVector, .srshrScalar], { shift(RoundingShiftRight.self, Signed.self, .right, $0, $1) }),
        ([.urshrVector, .urshrScalar], { shift(RoundingShiftRight.self, Unsigned.self, .right, $0, $1) }),
        ([.ssraVector, .ssraScalar], { shift(ShiftRightAccumulate.self, Signed.self, .right, $0, $1) }),
        ([.usraVector, .usraScalar], { shift(ShiftRightAccumulate.self, Unsigned.self, .right, $0, $1) }),
        ([.srsraVector, .srsraScalar], { shift(RoundingShiftRightAccumulate.self, Signed.self, .right, $0, $1) }),
        ([.ursraVector, .ursraScalar], { shift(RoundingShiftRightAccumulate.self, Unsigned.self, .right, $0, $1) }),
    ]

    private static let saturatingShiftRows: SharedRows = [
        (
            [.sqshlImmediateVector, .sqshlImmediateScalar],
            { shift(ShiftByRegister<Saturating>.self, Signed.self, $0, $1) }
        ),
        (
            [.uqshlImmediateVector, .uqshlImmediateScalar],
            { shift(ShiftByRegister<Saturating>.self, Unsigned.self, $0, $1) }
        ),
        ([.sqshluVector, .sqshluScalar], { shift(ShiftLeftUnsigned.self, Signed.self, $0, $1) }),
    ]

    private static let longShiftRows: SharedRows = [
        ([.sshllVector], { shiftLong(Signed.self, $0, $1) }),
        ([.ushllVector], { shiftLong(Unsigned.self, $0, $1) }),
    ]

    private static let narrowShiftRows: SharedRows = [
        ([.shrnVector], { shiftNarrow(ShiftRight.self, $0, $1) }),
        ([.rshrnVector], { shiftNarrow(RoundingShiftRight.self, $0, $1) }),
    ]

    private static let saturatingNarrowShiftRows: SharedRows = [
        ([.sqshrnVector, .sqshrnScalar], { shiftNarrow(Signed.self, Signed.self, rounds: false, $0, $1) }),
        ([.sqrshrnVector, .sqrshrnScalar], { shiftNarrow(Signed.self, Signed.self, rounds: true, $0, $1) }),
        ([.uqshrnVector, .uqshrnScalar], { shiftNarrow(Unsigned.self, Unsigned.self, rounds: false, $0, $1) }),
        ([.uqrshrnVector, .uqrshrnScalar], { shiftNarrow(Unsigned.self, Unsigned.self, rounds: true, $0, $1) }),
        ([.sqshrunVector, .sqshrunScalar], { shiftNarrow(Signed.self, Unsigned.self, rounds: false, $0, $1) }),
        ([.sqrshrunVector, .sqrshrunScalar], { shiftNarrow(Signed.self, Unsigned.self, rounds: true, $0, $1) }),
    ]
}

private enum Direction {
    case left, right
}

extension UInt32 {
    /// The element size as a binary logarithm of bytes; that of the narrow elements where there are two.
    @inline(__always)
    fileprivate var shiftSize: Int { 31 &- (field(19, 4) | 1).leadingZeroBitCount }

    /// Returns the shift distance for elements of `bits` bits.
    @inline(__always)
    fileprivate func shiftDistance(_ direction: Direction, bits: Int) -> UInt32 {
        let bits = UInt32(truncatingIfNeeded: bits)
        return direction == .left ? field(16, 7) &- bits : 2 &* bits &- field(16, 7)
    }
}

// MARK: Element by element

@inline(__always)
private func shift<O: LaneOperation, K: LaneKind>(
    _: O.Type, _: K.Type, _ direction: Direction, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    switch word.shiftSize {
    case 0: lanes(O.self, K.Byte.self, direction, VectorState(state), word)
    case 1: lanes(O.self, K.Halfword.self, direction, VectorState(state), word)
    case 2: lanes(O.self, K.Word.self, direction, VectorState(state), word)
    default: lanes(O.self, K.Doubleword.self, direction, VectorState(state), word)
    }
}

@inline(__always)
private func lanes<O: LaneOperation, T: Lane>(
    _: O.Type, _: T.Type, _ direction: Direction, _ vectors: VectorState, _ word: UInt32
) {
    let operand = vectors.load(word.rn, as: T.Vector.self)
    let accumulator = vectors.load(word.rd, as: T.Vector.self)
    let distance = T.Vector(
        repeating: T(truncatingIfNeeded: word.shiftDistance(direction, bits: T.bitWidth)))
    vectors.storeResult(word, map(O.self, operand, distance, accumulator, T.self))
}

/// Handles the saturating shifts, which all shift left.
@inline(__always)
private func shift<O: SaturatingOperation, K: LaneKind>(
    _: O.Type, _: K.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    switch word.shiftSize {
    case 0: lanes(O.self, K.Byte.self, VectorState(state), word)
    case 1: lanes(O.self, K.Halfword.self, VectorState(state), word)
    case 2: lanes(O.self, K.Word.self, VectorState(state), word)
    default: lanes(O.self, K.Doubleword.self, VectorState(state), word)
    }
}

@inline(__always)
private func lanes<O: SaturatingOperation, T: Lane>(_: O.Type, _: T.Type, _ vectors: VectorState, _ word: UInt32) {
    let operand = vectors.load(word.rn, as: T.Vector.self)
    let distance = T.Vector(repeating: T(truncatingIfNeeded: word.shiftDistance(.left, bits: T.bitWidth)))
    var saturated = false
    let count = word.laneCount(bytes: MemoryLayout<T>.size)
    vectors.storeWhole(word, map(O.self, operand, distance, operand, count: count, &saturated, T.self))
    vectors.recordSaturation(saturated)
}

// MARK: Widening and narrowing

@inline(__always)
private func shiftLong<K: LaneKind>(_: K.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    switch word.shiftSize {
    case 0: shiftLong(K.Byte.self, VectorState(state), word)
    case 1: shiftLong(K.Halfword.self, VectorState(state), word)
    default: shiftLong(K.Word.self, VectorState(state), word)
    }
}

@inline(__always)
private func shiftLong<T: NarrowLane>(_: T.Type, _ vectors: VectorState, _ word: UInt32) {
    let operand = widen(vectors.loadPart(word.rn, word, as: T.Half.self), T.self)
    let distance = T.Wide.Vector(
        repeating: T.Wide(truncatingIfNeeded: word.shiftDistance(.left, bits: T.bitWidth)))
    vectors.storeWhole(word, map(ShiftLeft.self, operand, distance, operand, T.Wide.self))
}

@inline(__always)
private func shiftNarrow<O: LaneOperation>(_: O.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    switch word.shiftSize {
    case 0: shiftNarrow(O.self, UInt8.self, VectorState(state), word)
    case 1: shiftNarrow(O.self, UInt16.self, VectorState(state), word)
    default: shiftNarrow(O.self, UInt32.self, VectorState(state), word)
    }
}

@inline(__always)
private func shiftNarrow<O: LaneOperation, T: NarrowLane>(
    _: O.Type, _: T.Type, _ vectors: VectorState, _ word: UInt32
) {
    let operand = vectors.load(word.rn, as: T.Wide.Vector.self)
    let distance = T.Wide.Vector(
        repeating: T.Wide(truncatingIfNeeded: word.shiftDistance(.right, bits: T.bitWidth)))
    vectors.storePart(word, truncate(map(O.self, operand, distance, operand, T.Wide.self), T.self))
}

@inline(__always)
private func shiftNarrow<From: LaneKind, To: LaneKind>(
    _: From.Type, _: To.Type, rounds: Bool, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    let vectors = VectorState(state)
    switch word.shiftSize {
    case 0:
        let shift = word.shiftDistance(.right, bits: 8)
        narrowSaturating(From.Halfword.self, To.Byte.self, shift: shift, rounds: rounds, vectors, word)
    case 1:
        let shift = word.shiftDistance(.right, bits: 16)
        narrowSaturating(From.Word.self, To.Halfword.self, shift: shift, rounds: rounds, vectors, word)
    default:
        let shift = word.shiftDistance(.right, bits: 32)
        narrowSaturating(From.Doubleword.self, To.Word.self, shift: shift, rounds: rounds, vectors, word)
    }
}
