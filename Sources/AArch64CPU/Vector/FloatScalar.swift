import AArch64

// Handlers of scalar instructions, which fetch the operands. Bit 22 is the precision in all of them.

@inline(__always)
func floatScalar(_ operation: some FloatUnaryOperation, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    state.withEnvironment { environment in
        if word.bit(22) {
            let a = state.lane(word.register(5), 0, as: UInt64.self)
            state.store(word.register(0), operation.apply(Binary64.self, a, &environment))
        } else {
            let a = state.lane(word.register(5), 0, as: UInt32.self)
            state.store(word.register(0), operation.apply(Binary32.self, a, &environment))
        }
    }
}

@inline(__always)
func floatScalar(_ operation: some FloatBinaryOperation, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    state.withEnvironment { environment in
        if word.bit(22) {
            let a = state.lane(word.register(5), 0, as: UInt64.self)
            let b = state.lane(word.register(16), 0, as: UInt64.self)
            state.store(word.register(0), operation.apply(Binary64.self, a, b, &environment))
        } else {
            let a = state.lane(word.register(5), 0, as: UInt32.self)
            let b = state.lane(word.register(16), 0, as: UInt32.self)
            state.store(word.register(0), operation.apply(Binary32.self, a, b, &environment))
        }
    }
}

@inline(__always)
func floatScalar(_ operation: some FloatTernaryOperation, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    state.withEnvironment { environment in
        if word.bit(22) {
            let addend = state.lane(word.register(10), 0, as: UInt64.self)
            let a = state.lane(word.register(5), 0, as: UInt64.self)
            let b = state.lane(word.register(16), 0, as: UInt64.self)
            state.store(word.register(0), operation.apply(Binary64.self, addend: addend, a, b, &environment))
        } else {
            let addend = state.lane(word.register(10), 0, as: UInt32.self)
            let a = state.lane(word.register(5), 0, as: UInt32.self)
            let b = state.lane(word.register(16), 0, as: UInt32.self)
            state.store(word.register(0), operation.apply(Binary32.self, addend: addend, a, b, &environment))
        }
    }
}

extension VectorHandlers {
    /// Floating-point data-processing with one, two and three sources.
    static var floatScalarRows: Rows {
        [
            (.fmovRegister, { s, w in floatScalar(FloatSignOperation.move, s, w) }),
            (.fabsScalar, { s, w in floatScalar(FloatSignOperation.absolute, s, w) }),
            (.fnegScalar, { s, w in floatScalar(FloatSignOperation.negate, s, w) }),
            (.fsqrtScalar, { s, w in floatScalar(FloatSquareRoot(), s, w) }),
            (.frintnScalar, { s, w in floatScalar(FloatRoundToIntegral(rounding: .tieEven), s, w) }),
            (.frintpScalar, { s, w in floatScalar(FloatRoundToIntegral(rounding: .plusInfinity), s, w) }),
            (.frintmScalar, { s, w in floatScalar(FloatRoundToIntegral(rounding: .minusInfinity), s, w) }),
            (.frintzScalar, { s, w in floatScalar(FloatRoundToIntegral(rounding: .zero), s, w) }),
            (.frintaScalar, { s, w in floatScalar(FloatRoundToIntegral(rounding: .tieAway), s, w) }),
            (.frintxScalar, { s, w in floatScalar(FloatRoundToIntegral(signalsInexact: true), s, w) }),
            (.frintiScalar, { s, w in floatScalar(FloatRoundToIntegral(), s, w) }),

            (.fmulScalar, { s, w in floatScalar(FloatMultiply(), s, w) }),
            (.fdivScalar, { s, w in floatScalar(FloatDivide(), s, w) }),
            (.faddScalar, { s, w in floatScalar(FloatAdd(), s, w) }),
            (.fsubScalar, { s, w in floatScalar(FloatSubtract(), s, w) }),
            (.fmaxScalar, { s, w in floatScalar(FloatExtreme.maximum, s, w) }),
            (.fminScalar, { s, w in floatScalar(FloatExtreme.minimum, s, w) }),
            (.fmaxnmScalar, { s, w in floatScalar(FloatExtreme.maximumNumber, s, w) }),
            (.fminnmScalar, { s, w in floatScalar(FloatExtreme.minimumNumber, s, w) }),
            (.fnmulScalar, { s, w in floatScalar(FloatNegatedMultiply(), s, w) }),

            (.fmadd, { s, w in floatScalar(FloatMultiplyAdd(), s, w) }),
            (.fmsub, { s, w in floatScalar(FloatMultiplyAdd(negatesProduct: true), s, w) }),
            (.fnmadd, { s, w in floatScalar(FloatMultiplyAdd(negatesAddend: true, negatesProduct: true), s, w) }),
            (.fnmsub, { s, w in floatScalar(FloatMultiplyAdd(negatesAddend: true), s, w) }),
        ]
    }

    /// Advanced SIMD scalar three same and two-register miscellaneous, floating-point.
    static var floatScalarSIMDRows: Rows {
        [
            (.fmulxScalar, { s, w in floatScalar(FloatMultiplyExtended(), s, w) }),
            (.fcmeqScalar, { s, w in floatScalar(FloatComparison.equal, s, w) }),
            (.fcmgeScalar, { s, w in floatScalar(FloatComparison.greaterOrEqual, s, w) }),
            (.fcmgtScalar, { s, w in floatScalar(FloatComparison.greater, s, w) }),
            (.facgeScalar, { s, w in floatScalar(FloatComparison.absoluteGreaterOrEqual, s, w) }),
            (.facgtScalar, { s, w in floatScalar(FloatComparison.absoluteGreater, s, w) }),
            (.frecpsScalar, { s, w in floatScalar(FloatStep.reciprocal, s, w) }),
            (.frsqrtsScalar, { s, w in floatScalar(FloatStep.reciprocalSquareRoot, s, w) }),
            (.fabdScalar, { s, w in floatScalar(FloatAbsoluteDifference(), s, w) }),

            (.fcmeqZeroScalar, { s, w in floatScalar(FloatComparisonWithZero(comparison: .equal), s, w) }),
            (.fcmgeZeroScalar, { s, w in floatScalar(FloatComparisonWithZero(comparison: .greaterOrEqual), s, w) }),
            (.fcmgtZeroScalar, { s, w in floatScalar(FloatComparisonWithZero(comparison: .greater), s, w) }),
            (
                .fcmleZeroScalar,
                { s, w in
                    floatScalar(FloatComparisonWithZero(comparison: .greaterOrEqual, isZeroFirst: true), s, w)
                }
            ),
            (
                .fcmltZeroScalar,
                { s, w in floatScalar(FloatComparisonWithZero(comparison: .greater, isZeroFirst: true), s, w) }
            ),
            (.frecpeScalar, { s, w in floatScalar(FloatEstimate.reciprocal, s, w) }),
            (.frsqrteScalar, { s, w in floatScalar(FloatEstimate.reciprocalSquareRoot, s, w) }),
            (.frecpxScalar, { s, w in floatScalar(FloatEstimate.reciprocalExponent, s, w) }),
        ]
    }
}
