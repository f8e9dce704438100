import AArch64

/// Advanced SIMD vector x indexed element, integer: one element of Vm is the second operand of every lane.
///
/// Elements have 16 or 32 bits. Arm ARM, DDI 0487, C4.1 "Advanced SIMD vector x indexed element", "Advanced SIMD scalar
/// x indexed element".
extension VectorHandlers {
    static var byElementRows: Rows { expand(plainByElementRows) + expand(saturatingByElementRows) }

    private static let plainByElementRows: SharedRows = [
        ([.mulByElementVector], { byElement(Multiply.self, $0, $1) }),
        ([.mlaByElementVector], { byElement(MultiplyAdd.self, $0, $1) }),
        ([.mlsByElementVector], { byElement(MultiplySubtract.self, $0, $1) }),
        ([.smullByElementVector], { longByElement(Multiply.self, Signed.self, $0, $1) }),
        ([.umullByElementVector], { longByElement(Multiply.self, Unsigned.self, $0, $1) }),
        ([.smlalByElementVector], { longByElement(MultiplyAdd.self, Signed.self, $0, $1) }),
        ([.umlalByElementVector], { longByElement(MultiplyAdd.self, Unsigned.self, $0, $1) }),
        ([.smlslByElementVector], { longByElement(MultiplySubtract.self, Signed.self, $0, $1) }),
        ([.umlslByElementVector], { longByElement(MultiplySubtract.self, Unsigned.self, $0, $1) }),
    ]

    private static let saturatingByElementRows: SharedRows = [
        ([.sqdmulhByElementVector, .sqdmulhByElementScalar], { highByElement(HighHalf.self, $0, $1) }),
        ([.sqrdmulhByElementVector, .sqrdmulhByElementScalar], { highByElement(HighHalfRounding.self, $0, $1) }),
        ([.sqrdmlahByElementVector, .sqrdmlahByElementScalar], { highByElement(HighHalfRoundingAdd.self, $0, $1) }),
        (
            [.sqrdmlshByElementVector, .sqrdmlshByElementScalar],
            { highByElement(HighHalfRoundingSubtract.self, $0, $1) }
        ),
        (
            [.sqdmullByElementVector, .sqdmullByElementScalar],
            { doublingByElement(DoublingMultiplyLong.self, $0, $1) }
        ),
        (
            [.sqdmlalByElementVector, .sqdmlalByElementScalar],
            { doublingByElement(DoublingMultiplyAddLong.self, $0, $1) }
        ),
        (
            [.sqdmlslByElementVector, .sqdmlslByElementScalar],
            { doublingByElement(DoublingMultiplySubtractLong.self, $0, $1) }
        ),
    ]
}

extension VectorState {
    /// Returns the 16-bit element H:L:M of V0–V15; M is not part of the register's number.
    @inline(__always)
    fileprivate func indexedHalfword<T: Lane>(_ word: UInt32, as type: T.Type) -> T {
        let index = word.field(11, 1) &<< 2 | word.field(20, 2)
        return lane(Int(word.field(16, 4)), Int(index), as: type)
    }

    /// Returns the 32-bit element H:L.
    @inline(__always)
    fileprivate func indexedWord<T: Lane>(_ word: UInt32, as type: T.Type) -> T {
        lane(word.rm, Int(word.field(11, 1) &<< 1 | word.field(21, 1)), as: type)
    }
}

@inline(__always)
private func byElement<O: LaneOperation>(_: O.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let vectors = VectorState(state)
    if word.elementSize == 1 {
        byElement(O.self, vectors.indexedHalfword(word, as: UInt16.self), vectors, word)
    } else {
        byElement(O.self, vectors.indexedWord(word, as: UInt32.self), vectors, word)
    }
}

@inline(__always)
private func byElement<O: LaneOperation, T: Lane>(_: O.Type, _ element: T, _ vectors: VectorState, _ word: UInt32) {
    let first = vectors.load(word.rn, as: T.Vector.self)
    let accumulator = vectors.load(word.rd, as: T.Vector.self)
    vectors.storeResult(word, map(O.self, first, T.Vector(repeating: element), accumulator, T.self))
}

@inline(__always)
private func longByElement<O: LaneOperation, K: LaneKind>(
    _: O.Type, _: K.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    let vectors = VectorState(state)
    if word.elementSize == 1 {
        longByElement(O.self, vectors.indexedHalfword(word, as: K.Halfword.self), vectors, word)
    } else {
        longByElement(O.self, vectors.indexedWord(word, as: K.Word.self), vectors, word)
    }
}

@inline(__always)
private func longByElement<O: LaneOperation, T: NarrowLane>(
    _: O.Type, _ element: T, _ vectors: VectorState, _ word: UInt32
) {
    let first = widen(vectors.loadPart(word.rn, word, as: T.Half.self), T.self)
    let second = T.Wide.Vector(repeating: T.Wide(truncatingIfNeeded: element))
    let accumulator = vectors.load(word.rd, as: T.Wide.Vector.self)
    vectors.storeWhole(word, map(O.self, first, second, accumulator, T.Wide.self))
}

@inline(__always)
private func highByElement<Style: HighHalfStyle>(
    _: Style.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    let vectors = VectorState(state)
    if word.elementSize == 1 {
        highByElement(Style.self, vectors.indexedHalfword(word, as: Int16.self), vectors, word)
    } else {
        highByElement(Style.self, vectors.indexedWord(word, as: Int32.self), vectors, word)
    }
}

@inline(__always)
private func highByElement<Style: HighHalfStyle, T: Lane>(
    _: Style.Type, _ element: T, _ vectors: VectorState, _ word: UInt32
) {
    let first = vectors.load(word.rn, as: T.Vector.self)
    let second = T.Vector(repeating: element)
    let accumulator = vectors.load(word.rd, as: T.Vector.self)
    var saturated = false
    let count = word.laneCount(bytes: MemoryLayout<T>.size)
    let result = map(
        DoublingMultiplyHigh<Style>.self, first, second, accumulator, count: count, &saturated, T.self)
    vectors.storeWhole(word, result)
    vectors.recordSaturation(saturated)
}

@inline(__always)
private func doublingByElement<O: SaturatingOperation>(
    _: O.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    let vectors = VectorState(state)
    if word.elementSize == 1 {
        let element = Int32(vectors.indexedHalfword(word, as: Int16.self))
        doublingLong(O.self, Int16.self, SIMD4(repeating: element), vectors, word)
    } else {
        let element = Int64(vectors.indexedWord(word, as: Int32.self))
        doublingLong(O.self, Int32.self, SIMD2(repeating: element), vectors, word)
    }
}
