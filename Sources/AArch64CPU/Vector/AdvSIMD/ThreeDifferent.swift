import AArch64

/// Advanced SIMD three different: operands or results have twice the element width.
///
/// The second forms such as SADDL2, selected by Q, access the upper half of the narrow vector. Arm ARM, DDI 0487, C4.1
/// "Advanced SIMD three different", "Advanced SIMD scalar three different".
extension VectorHandlers {
    static var threeDifferentRows: Rows { expand(longRows) + expand(doublingRows) + expand(narrowRows) }

    private static let longRows: SharedRows = [
        ([.saddlVector], { long(Add.self, Signed.self, $0, $1) }),
        ([.uaddlVector], { long(Add.self, Unsigned.self, $0, $1) }),
        ([.ssublVector], { long(Subtract.self, Signed.self, $0, $1) }),
        ([.usublVector], { long(Subtract.self, Unsigned.self, $0, $1) }),
        ([.sabdlVector], { long(AbsoluteDifference.self, Signed.self, $0, $1) }),
        ([.uabdlVector], { long(AbsoluteDifference.self, Unsigned.self, $0, $1) }),
        ([.sabalVector], { long(AbsoluteDifferenceAccumulate.self, Signed.self, $0, $1) }),
        ([.uabalVector], { long(AbsoluteDifferenceAccumulate.self, Unsigned.self, $0, $1) }),
        ([.smullVector], { long(Multiply.self, Signed.self, $0, $1) }),
        ([.umullVector], { long(Multiply.self, Unsigned.self, $0, $1) }),
        ([.smlalVector], { long(MultiplyAdd.self, Signed.self, $0, $1) }),
        ([.umlalVector], { long(MultiplyAdd.self, Unsigned.self, $0, $1) }),
        ([.smlslVector], { long(MultiplySubtract.self, Signed.self, $0, $1) }),
        ([.umlslVector], { long(MultiplySubtract.self, Unsigned.self, $0, $1) }),
        ([.saddwVector], { wide(Add.self, Signed.self, $0, $1) }),
        ([.uaddwVector], { wide(Add.self, Unsigned.self, $0, $1) }),
        ([.ssubwVector], { wide(Subtract.self, Signed.self, $0, $1) }),
        ([.usubwVector], { wide(Subtract.self, Unsigned.self, $0, $1) }),
        (
            [.pmull],
            { state, word in
                let vectors = VectorState(state)
                if word.elementSize == 0 {
                    let first = vectors.loadPart(word.rn, word, as: SIMD8<UInt8>.self)
                    let second = vectors.loadPart(word.rm, word, as: SIMD8<UInt8>.self)
                    vectors.storeWhole(word, CarrylessMultiply.long(first, second))
                } else {
                    let first = vectors.loadPart(word.rn, word, as: UInt64.self)
                    let second = vectors.loadPart(word.rm, word, as: UInt64.self)
                    vectors.storeWhole(word, CarrylessMultiply.long(first, second))
                }
            }
        ),
    ]

    private static let doublingRows: SharedRows = [
        ([.sqdmullVector, .sqdmullScalar], { doublingLong(DoublingMultiplyLong.self, $0, $1) }),
        ([.sqdmlalVector, .sqdmlalScalar], { doublingLong(DoublingMultiplyAddLong.self, $0, $1) }),
        ([.sqdmlslVector, .sqdmlslScalar], { doublingLong(DoublingMultiplySubtractLong.self, $0, $1) }),
    ]

    private static let narrowRows: SharedRows = [
        ([.addhnVector], { highNarrow(Add.self, rounds: false, $0, $1) }),
        ([.raddhnVector], { highNarrow(Add.self, rounds: true, $0, $1) }),
        ([.subhnVector], { highNarrow(Subtract.self, rounds: false, $0, $1) }),
        ([.rsubhnVector], { highNarrow(Subtract.self, rounds: true, $0, $1) }),
    ]
}

// MARK: Long: both operands are narrow

@inline(__always)
private func long<O: LaneOperation, K: LaneKind>(
    _: O.Type, _: K.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    switch word.elementSize {
    case 0: long(O.self, K.Byte.self, VectorState(state), word)
    case 1: long(O.self, K.Halfword.self, VectorState(state), word)
    default: long(O.self, K.Word.self, VectorState(state), word)
    }
}

@inline(__always)
private func long<O: LaneOperation, T: NarrowLane>(_: O.Type, _: T.Type, _ vectors: VectorState, _ word: UInt32) {
    let first = widen(vectors.loadPart(word.rn, word, as: T.Half.self), T.self)
    let second = widen(vectors.loadPart(word.rm, word, as: T.Half.self), T.self)
    let accumulator = vectors.load(word.rd, as: T.Wide.Vector.self)
    vectors.storeWhole(word, map(O.self, first, second, accumulator, T.Wide.self))
}

/// Handles the saturating doubling multiplies, on elements of 16 and 32 bits.
@inline(__always)
private func doublingLong<O: SaturatingOperation>(_: O.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let vectors = VectorState(state)
    if word.elementSize == 1 {
        let second = widen(vectors.loadPart(word.rm, word, as: SIMD4<Int16>.self), Int16.self)
        doublingLong(O.self, Int16.self, second, vectors, word)
    } else {
        let second = widen(vectors.loadPart(word.rm, word, as: SIMD2<Int32>.self), Int32.self)
        doublingLong(O.self, Int32.self, second, vectors, word)
    }
}

/// Handles them with a given second operand, which differs for by-element instructions.
@inline(__always)
func doublingLong<O: SaturatingOperation, T: NarrowLane>(
    _: O.Type, _: T.Type, _ second: T.Wide.Vector, _ vectors: VectorState, _ word: UInt32
) {
    let first = widen(vectors.loadPart(word.rn, word, as: T.Half.self), T.self)
    let accumulator = vectors.load(word.rd, as: T.Wide.Vector.self)
    var saturated = false
    let count = word.bit(28) ? 1 : T.Wide.Vector.scalarCount
    vectors.storeWhole(word, map(O.self, first, second, accumulator, count: count, &saturated, T.Wide.self))
    vectors.recordSaturation(saturated)
}

// MARK: Wide: the second operand is narrow

@inline(__always)
private func wide<O: LaneOperation, K: LaneKind>(
    _: O.Type, _: K.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    switch word.elementSize {
    case 0: wide(O.self, K.Byte.self, VectorState(state), word)
    case 1: wide(O.self, K.Halfword.self, VectorState(state), word)
    default: wide(O.self, K.Word.self, VectorState(state), word)
    }
}

@inline(__always)
private func wide<O: LaneOperation, T: NarrowLane>(_: O.Type, _: T.Type, _ vectors: VectorState, _ word: UInt32) {
    let first = vectors.load(word.rn, as: T.Wide.Vector.self)
    let second = widen(vectors.loadPart(word.rm, word, as: T.Half.self), T.self)
    vectors.storeWhole(word, map(O.self, first, second, first, T.Wide.self))
}

// MARK: Narrow: the result is narrow

@inline(__always)
private func highNarrow<O: LaneOperation>(
    _: O.Type, rounds: Bool, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    switch word.elementSize {
    case 0: highNarrow(O.self, UInt8.self, rounds: rounds, VectorState(state), word)
    case 1: highNarrow(O.self, UInt16.self, rounds: rounds, VectorState(state), word)
    default: highNarrow(O.self, UInt32.self, rounds: rounds, VectorState(state), word)
    }
}

@inline(__always)
private func highNarrow<O: LaneOperation, T: NarrowLane>(
    _: O.Type, _: T.Type, rounds: Bool, _ vectors: VectorState, _ word: UInt32
) {
    let first = vectors.load(word.rn, as: T.Wide.Vector.self)
    let second = vectors.load(word.rm, as: T.Wide.Vector.self)
    let half: T.Wide = rounds ? 1 &<< T.Wide(truncatingIfNeeded: T.bitWidth &- 1) : 0
    var result = map(O.self, first, second, first, T.Wide.self)
    for lane in 0..<T.Wide.Vector.scalarCount {
        result[lane] = (result[lane] &+ half) &>> T.Wide(truncatingIfNeeded: T.bitWidth)
    }
    vectors.storePart(word, truncate(result, T.self))
}
