import AArch64

/// Advanced SIMD three same, its scalar form and FEAT_RDM's: two vectors give a result of the same shape.
///
/// Arm ARM, DDI 0487, C4.1 "Advanced SIMD three same", "Advanced SIMD scalar three same".
extension VectorHandlers {
    static var threeSameRows: Rows {
        expand(arithmeticRows) + expand(comparisonRows) + expand(saturatingRows) + expand(registerShiftRows)
            + expand(pairwiseRows)
    }

    /// Instructions that share a handler.
    typealias SharedRows = [([Instruction], VectorHandler)]

    static func expand(_ rows: SharedRows) -> Rows {
        rows.flatMap { instructions, handler in instructions.map { ($0, handler) } }
    }

    private static let arithmeticRows: SharedRows = [
        ([.addVector, .addScalar], { threeSame(Add.self, Unsigned.self, $0, $1) }),
        ([.subVector, .subScalar], { threeSame(Subtract.self, Unsigned.self, $0, $1) }),
        ([.mulVector], { threeSame(Multiply.self, Unsigned.self, $0, $1) }),
        ([.mlaVector], { threeSame(MultiplyAdd.self, Unsigned.self, $0, $1) }),
        ([.mlsVector], { threeSame(MultiplySubtract.self, Unsigned.self, $0, $1) }),
        ([.shaddVector], { threeSame(HalvingAdd.self, Signed.self, $0, $1) }),
        ([.uhaddVector], { threeSame(HalvingAdd.self, Unsigned.self, $0, $1) }),
        ([.srhaddVector], { threeSame(RoundingHalvingAdd.self, Signed.self, $0, $1) }),
        ([.urhaddVector], { threeSame(RoundingHalvingAdd.self, Unsigned.self, $0, $1) }),
        ([.shsubVector], { threeSame(HalvingSubtract.self, Signed.self, $0, $1) }),
        ([.uhsubVector], { threeSame(HalvingSubtract.self, Unsigned.self, $0, $1) }),
        ([.smaxVector], { threeSame(Maximum.self, Signed.self, $0, $1) }),
        ([.umaxVector], { threeSame(Maximum.self, Unsigned.self, $0, $1) }),
        ([.sminVector], { threeSame(Minimum.self, Signed.self, $0, $1) }),
        ([.uminVector], { threeSame(Minimum.self, Unsigned.self, $0, $1) }),
        ([.sabdVector], { threeSame(AbsoluteDifference.self, Signed.self, $0, $1) }),
        ([.uabdVector], { threeSame(AbsoluteDifference.self, Unsigned.self, $0, $1) }),
        ([.sabaVector], { threeSame(AbsoluteDifferenceAccumulate.self, Signed.self, $0, $1) }),
        ([.uabaVector], { threeSame(AbsoluteDifferenceAccumulate.self, Unsigned.self, $0, $1) }),
        (
            [.pmul],
            { state, word in
                let vectors = VectorState(state)
                let first = vectors.load(word.rn, as: SIMD16<UInt8>.self)
                let second = vectors.load(word.rm, as: SIMD16<UInt8>.self)
                vectors.storeResult(word, CarrylessMultiply.apply(first, second))
            }
        ),
    ]

    private static let comparisonRows: SharedRows = [
        ([.cmeqVector, .cmeqScalar], { threeSame(CompareEqual.self, Unsigned.self, $0, $1) }),
        ([.cmtstVector, .cmtstScalar], { threeSame(CompareTestBits.self, Unsigned.self, $0, $1) }),
        ([.cmgtVector, .cmgtScalar], { threeSame(CompareGreater.self, Signed.self, $0, $1) }),
        ([.cmhiVector, .cmhiScalar], { threeSame(CompareGreater.self, Unsigned.self, $0, $1) }),
        ([.cmgeVector, .cmgeScalar], { threeSame(CompareGreaterOrEqual.self, Signed.self, $0, $1) }),
        ([.cmhsVector, .cmhsScalar], { threeSame(CompareGreaterOrEqual.self, Unsigned.self, $0, $1) }),
    ]

    private static let saturatingRows: SharedRows = [
        ([.sqaddVector, .sqaddScalar], { threeSame(SaturatingAdd.self, Signed.self, $0, $1) }),
        ([.uqaddVector, .uqaddScalar], { threeSame(SaturatingAdd.self, Unsigned.self, $0, $1) }),
        ([.sqsubVector, .sqsubScalar], { threeSame(SaturatingSubtract.self, Signed.self, $0, $1) }),
        ([.uqsubVector, .uqsubScalar], { threeSame(SaturatingSubtract.self, Unsigned.self, $0, $1) }),
        ([.sqdmulhVector, .sqdmulhScalar], { multiplyHigh(HighHalf.self, $0, $1) }),
        ([.sqrdmulhVector, .sqrdmulhScalar], { multiplyHigh(HighHalfRounding.self, $0, $1) }),
        ([.sqrdmlahVector, .sqrdmlahScalar], { multiplyHigh(HighHalfRoundingAdd.self, $0, $1) }),
        ([.sqrdmlshVector, .sqrdmlshScalar], { multiplyHigh(HighHalfRoundingSubtract.self, $0, $1) }),
    ]

    private static let registerShiftRows: SharedRows = [
        ([.sshlVector, .sshlScalar], { threeSame(ShiftByRegister<Truncating>.self, Signed.self, $0, $1) }),
        ([.ushlVector, .ushlScalar], { threeSame(ShiftByRegister<Truncating>.self, Unsigned.self, $0, $1) }),
        ([.srshlVector, .srshlScalar], { threeSame(ShiftByRegister<Rounding>.self, Signed.self, $0, $1) }),
        ([.urshlVector, .urshlScalar], { threeSame(ShiftByRegister<Rounding>.self, Unsigned.self, $0, $1) }),
        ([.sqshlVector, .sqshlScalar], { threeSame(ShiftByRegister<Saturating>.self, Signed.self, $0, $1) }),
        ([.uqshlVector, .uqshlScalar], { threeSame(ShiftByRegister<Saturating>.self, Unsigned.self, $0, $1) }),
        ([.sqrshlVector, .sqrshlScalar], { threeSame(ShiftByRegister<SaturatingRounding>.self, Signed.self, $0, $1) }),
        (
            [.uqrshlVector, .uqrshlScalar],
            { threeSame(ShiftByRegister<SaturatingRounding>.self, Unsigned.self, $0, $1) }
        ),
    ]

    private static let pairwiseRows: SharedRows = [
        ([.addpVector], { pairwise(Add.self, Unsigned.self, $0, $1) }),
        ([.smaxpVector], { pairwise(Maximum.self, Signed.self, $0, $1) }),
        ([.umaxpVector], { pairwise(Maximum.self, Unsigned.self, $0, $1) }),
        ([.sminpVector], { pairwise(Minimum.self, Signed.self, $0, $1) }),
        ([.uminpVector], { pairwise(Minimum.self, Unsigned.self, $0, $1) }),
        (
            [.addpScalar],
            { state, word in
                let vectors = VectorState(state)
                let pair = vectors.load(word.rn, as: SIMD2<UInt64>.self)
                vectors.storeWhole(word, SIMD2<UInt64>(pair.x &+ pair.y, 0))
            }
        ),
    ]
}

// MARK: The shape

/// Applies the operation to each element, of the size in the field `size`.
@inline(__always)
private func threeSame<O: LaneOperation, K: LaneKind>(
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
    let first = vectors.load(word.rn, as: T.Vector.self)
    let second = vectors.load(word.rm, as: T.Vector.self)
    let accumulator = vectors.load(word.rd, as: T.Vector.self)
    vectors.storeResult(word, map(O.self, first, second, accumulator, T.self))
}

@inline(__always)
private func threeSame<O: SaturatingOperation, K: LaneKind>(
    _: O.Type, _: K.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    switch word.elementSize {
    case 0: lanes(O.self, K.Byte.self, VectorState(state), word)
    case 1: lanes(O.self, K.Halfword.self, VectorState(state), word)
    case 2: lanes(O.self, K.Word.self, VectorState(state), word)
    default: lanes(O.self, K.Doubleword.self, VectorState(state), word)
    }
}

/// Handles the multiplies that return the high half, which have elements of 16 and 32 bits only.
@inline(__always)
private func multiplyHigh<Style: HighHalfStyle>(
    _: Style.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    if word.elementSize == 1 {
        lanes(DoublingMultiplyHigh<Style>.self, Int16.self, VectorState(state), word)
    } else {
        lanes(DoublingMultiplyHigh<Style>.self, Int32.self, VectorState(state), word)
    }
}

@inline(__always)
private func lanes<O: SaturatingOperation, T: Lane>(_: O.Type, _: T.Type, _ vectors: VectorState, _ word: UInt32) {
    let first = vectors.load(word.rn, as: T.Vector.self)
    let second = vectors.load(word.rm, as: T.Vector.self)
    let accumulator = vectors.load(word.rd, as: T.Vector.self)
    var saturated = false
    let count = word.laneCount(bytes: MemoryLayout<T>.size)
    vectors.storeWhole(word, map(O.self, first, second, accumulator, count: count, &saturated, T.self))
    vectors.recordSaturation(saturated)
}

/// Applies the operation to adjacent elements of Vm:Vn.
@inline(__always)
private func pairwise<O: LaneOperation, K: LaneKind>(
    _: O.Type, _: K.Type, _ state: UnsafeMutableRawPointer, _ word: UInt32
) {
    switch word.elementSize {
    case 0: pairs(O.self, K.Byte.self, VectorState(state), word)
    case 1: pairs(O.self, K.Halfword.self, VectorState(state), word)
    case 2: pairs(O.self, K.Word.self, VectorState(state), word)
    default: pairs(O.self, K.Doubleword.self, VectorState(state), word)
    }
}

@inline(__always)
private func pairs<O: LaneOperation, T: Lane>(_: O.Type, _: T.Type, _ vectors: VectorState, _ word: UInt32) {
    var low = vectors.load(word.rn, as: SIMD2<UInt64>.self)
    let high = vectors.load(word.rm, as: SIMD2<UInt64>.self)
    // For 64-bit vectors, the elements of both fit in one register.
    if word.q == 0 { low.y = high.x }
    let first = unsafeBitCast(low, to: T.Vector.self)
    let second = unsafeBitCast(high, to: T.Vector.self)
    let evens = unzip(first, second, odd: 0)
    let odds = unzip(first, second, odd: 1)
    vectors.storeResult(word, map(O.self, evens, odds, evens, T.self))
}
