import AArch64

// Operations on adjacent lanes and on all lanes of a vector.

/// FADDP (vector) and its variants: the pairs of the first operand, then those of the second.
@inline(__always)
func floatPairs(_ operation: some FloatBinaryOperation, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    if word.bit(22) {
        floatPairs(operation, state, word, Binary64.self)
    } else {
        floatPairs(operation, state, word, Binary32.self)
    }
}

@inline(__always)
private func floatPairs<F: HostFormat>(
    _ operation: some FloatBinaryOperation, _ state: VectorState, _ word: UInt32, _ format: F.Type
) {
    let n = state.load(word.register(5), as: SIMD2<UInt64>.self)
    let m = state.load(word.register(16), as: SIMD2<UInt64>.self)
    let half = (word.bit(30) ? 64 : 32) / F.Bits.bitWidth
    state.withEnvironment { environment in
        state.forLanes(word.register(0), F.Bits.self, isLong: word.bit(30)) { index in
            let source = index < half ? n : m
            let pair = 2 &* (index < half ? index : index &- half)
            return operation.apply(
                format, lane(source, pair, as: F.Bits.self), lane(source, pair &+ 1, as: F.Bits.self), &environment)
        }
    }
}

/// Returns a lane of a vector that has been read.
@inline(__always)
private func lane<T: FixedWidthInteger>(_ vector: SIMD2<UInt64>, _ index: Int, as type: T.Type) -> T {
    let bit = UInt64(truncatingIfNeeded: index &* T.bitWidth)
    return T(truncatingIfNeeded: (bit < 64 ? vector[0] : vector[1]) &>> bit)
}

/// FADDP (scalar) and its variants: the lowest pair.
@inline(__always)
func floatPair(_ operation: some FloatBinaryOperation, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    let n = word.register(5)
    state.withEnvironment { environment in
        if word.bit(22) {
            let result = operation.apply(
                Binary64.self, state.lane(n, 0, as: UInt64.self), state.lane(n, 1, as: UInt64.self), &environment)
            state.store(word.register(0), result)
        } else {
            let result = operation.apply(
                Binary32.self, state.lane(n, 0, as: UInt32.self), state.lane(n, 1, as: UInt32.self), &environment)
            state.store(word.register(0), result)
        }
    }
}

/// FMAXV and its variants, of four single-precision lanes: Reduce() combines each half first, then both results.
@inline(__always)
func floatAcross(_ operation: some FloatBinaryOperation, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    let lanes = state.load(word.register(5), as: SIMD4<UInt32>.self)
    state.withEnvironment { environment in
        let low = operation.apply(Binary32.self, lanes[0], lanes[1], &environment)
        let high = operation.apply(Binary32.self, lanes[2], lanes[3], &environment)
        state.store(word.register(0), operation.apply(Binary32.self, low, high, &environment))
    }
}

extension VectorHandlers {
    static var floatPairRows: Rows {
        [
            (.faddpVector, { s, w in floatPairs(FloatAdd(), s, w) }),
            (.fmaxpVector, { s, w in floatPairs(FloatExtreme.maximum, s, w) }),
            (.fminpVector, { s, w in floatPairs(FloatExtreme.minimum, s, w) }),
            (.fmaxnmpVector, { s, w in floatPairs(FloatExtreme.maximumNumber, s, w) }),
            (.fminnmpVector, { s, w in floatPairs(FloatExtreme.minimumNumber, s, w) }),
            (.faddpScalar, { s, w in floatPair(FloatAdd(), s, w) }),
            (.fmaxpScalar, { s, w in floatPair(FloatExtreme.maximum, s, w) }),
            (.fminpScalar, { s, w in floatPair(FloatExtreme.minimum, s, w) }),
            (.fmaxnmpScalar, { s, w in floatPair(FloatExtreme.maximumNumber, s, w) }),
            (.fminnmpScalar, { s, w in floatPair(FloatExtreme.minimumNumber, s, w) }),
            (.fmaxv, { s, w in floatAcross(FloatExtreme.maximum, s, w) }),
            (.fminv, { s, w in floatAcross(FloatExtreme.minimum, s, w) }),
            (.fmaxnmv, { s, w in floatAcross(FloatExtreme.maximumNumber, s, w) }),
            (.fminnmv, { s, w in floatAcross(FloatExtreme.minimumNumber, s, w) }),
        ]
    }
}
