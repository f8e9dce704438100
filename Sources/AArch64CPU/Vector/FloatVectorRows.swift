import AArch64

extension VectorHandlers {
    /// Advanced SIMD three same, floating-point.
    static var floatThreeSameRows: Rows {
        [
            (.faddVector, { s, w in floatVector(FloatAdd(), s, w) }),
            (.fsubVector, { s, w in floatVector(FloatSubtract(), s, w) }),
            (.fmulVector, { s, w in floatVector(FloatMultiply(), s, w) }),
            (.fmulxVector, { s, w in floatVector(FloatMultiplyExtended(), s, w) }),
            (.fdivVector, { s, w in floatVector(FloatDivide(), s, w) }),
            (.fabdVector, { s, w in floatVector(FloatAbsoluteDifference(), s, w) }),
            (.fmlaVector, { s, w in floatVector(FloatMultiplyAdd(), s, w) }),
            (.fmlsVector, { s, w in floatVector(FloatMultiplyAdd(negatesProduct: true), s, w) }),
            (.fmaxVector, { s, w in floatVector(FloatExtreme.maximum, s, w) }),
            (.fminVector, { s, w in floatVector(FloatExtreme.minimum, s, w) }),
            (.fmaxnmVector, { s, w in floatVector(FloatExtreme.maximumNumber, s, w) }),
            (.fminnmVector, { s, w in floatVector(FloatExtreme.minimumNumber, s, w) }),
            (.frecpsVector, { s, w in floatVector(FloatStep.reciprocal, s, w) }),
            (.frsqrtsVector, { s, w in floatVector(FloatStep.reciprocalSquareRoot, s, w) }),
            (.fcmeqVector, { s, w in floatVector(FloatComparison.equal, s, w) }),
            (.fcmgeVector, { s, w in floatVector(FloatComparison.greaterOrEqual, s, w) }),
            (.fcmgtVector, { s, w in floatVector(FloatComparison.greater, s, w) }),
            (.facgeVector, { s, w in floatVector(FloatComparison.absoluteGreaterOrEqual, s, w) }),
            (.facgtVector, { s, w in floatVector(FloatComparison.absoluteGreater, s, w) }),
        ]
    }

    /// Advanced SIMD two-register miscellaneous, floating-point, except conversions.
    static var floatTwoRegisterRows: Rows {
        [
            (.fabsVector, { s, w in floatVector(FloatSignOperation.absolute, s, w) }),
            (.fnegVector, { s, w in floatVector(FloatSignOperation.negate, s, w) }),
            (.fsqrtVector, { s, w in floatVector(FloatSquareRoot(), s, w) }),
            (.frintnVector, { s, w in floatVector(FloatRoundToIntegral(rounding: .tieEven), s, w) }),
            (.frintpVector, { s, w in floatVector(FloatRoundToIntegral(rounding: .plusInfinity), s, w) }),
            (.frintmVector, { s, w in floatVector(FloatRoundToIntegral(rounding: .minusInfinity), s, w) }),
            (.frintzVector, { s, w in floatVector(FloatRoundToIntegral(rounding: .zero), s, w) }),
            (.frintaVector, { s, w in floatVector(FloatRoundToIntegral(rounding: .tieAway), s, w) }),
            (.frintxVector, { s, w in floatVector(FloatRoundToIntegral(signalsInexact: true), s, w) }),
            (.frintiVector, { s, w in floatVector(FloatRoundToIntegral(), s, w) }),
            (.frecpeVector, { s, w in floatVector(FloatEstimate.reciprocal, s, w) }),
            (.frsqrteVector, { s, w in floatVector(FloatEstimate.reciprocalSquareRoot, s, w) }),
            (.urecpe, { s, w in estimate(s, w, isSquareRoot: false) }),
            (.ursqrte, { s, w in estimate(s, w, isSquareRoot: true) }),
            (.fcmeqZeroVector, { s, w in floatVector(FloatComparisonWithZero(comparison: .equal), s, w) }),
            (.fcmgeZeroVector, { s, w in floatVector(FloatComparisonWithZero(comparison: .greaterOrEqual), s, w) }),
            (.fcmgtZeroVector, { s, w in floatVector(FloatComparisonWithZero(comparison: .greater), s, w) }),
            (
                .fcmleZeroVector,
                { s, w in
                    floatVector(FloatComparisonWithZero(comparison: .greaterOrEqual, isZeroFirst: true), s, w)
                }
            ),
            (
                .fcmltZeroVector,
                { s, w in floatVector(FloatComparisonWithZero(comparison: .greater, isZeroFirst: true), s, w) }
            ),
        ]
    }
}

/// URECPE and URSQRTE, on unsigned fractions.
@inline(__always)
private func estimate(_ state: UnsafeMutableRawPointer, _ word: UInt32, isSquareRoot: Bool) {
    let state = VectorState(state)
    let n = word.register(5)
    state.forLanes(word.register(0), UInt32.self, isLong: word.bit(30)) {
        let value = state.lane(n, $0, as: UInt32.self)
        return isSquareRoot
            ? EstimateTable.unsignedReciprocalSquareRoot(value) : EstimateTable.unsignedReciprocal(value)
    }
}
