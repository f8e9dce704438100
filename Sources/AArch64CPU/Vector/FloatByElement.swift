import AArch64

// Operations with one lane of the second operand. Bit 28 is set for scalar forms, which operate on lane 0.

/// Returns the lane: its number is H:L for single precision and H for double precision, its register M:Rm.
@inline(__always)
private func element<F: HostFormat>(_ state: VectorState, _ word: UInt32, _ format: F.Type) -> F.Bits {
    let high = word.field(11, 1)
    let index = F.Bits.bitWidth == 32 ? high &<< 1 | word.field(21, 1) : high
    return state.lane(word.register(16), Int(truncatingIfNeeded: index), as: F.Bits.self)
}

@inline(__always)
func floatByElement(_ operation: some FloatBinaryOperation, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    if word.bit(22) {
        floatByElement(operation, state, word, Binary64.self)
    } else {
        floatByElement(operation, state, word, Binary32.self)
    }
}

@inline(__always)
private func floatByElement<F: HostFormat>(
    _ operation: some FloatBinaryOperation, _ state: VectorState, _ word: UInt32, _ format: F.Type
) {
    let n = word.register(5)
    let b = element(state, word, format)
    state.withEnvironment { environment in
        if word.bit(28) {
            let result = operation.apply(format, state.lane(n, 0, as: F.Bits.self), b, &environment)
            state.store(word.register(0), result)
        } else {
            state.forLanes(word.register(0), F.Bits.self, isLong: word.bit(30)) {
                operation.apply(format, state.lane(n, $0, as: F.Bits.self), b, &environment)
            }
        }
    }
}

@inline(__always)
func floatByElement(_ operation: some FloatTernaryOperation, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    if word.bit(22) {
        floatByElement(operation, state, word, Binary64.self)
    } else {
        floatByElement(operation, state, word, Binary32.self)
    }
}

@inline(__always)
private func floatByElement<F: HostFormat>(
    _ operation: some FloatTernaryOperation, _ state: VectorState, _ word: UInt32, _ format: F.Type
) {
    let n = word.register(5)
    let d = word.register(0)
    let b = element(state, word, format)
    state.withEnvironment { environment in
        if word.bit(28) {
            let result = operation.apply(
                format, addend: state.lane(d, 0, as: F.Bits.self), state.lane(n, 0, as: F.Bits.self), b, &environment)
            state.store(d, result)
        } else {
            state.forLanes(d, F.Bits.self, isLong: word.bit(30)) {
                operation.apply(
                    format, addend: state.lane(d, $0, as: F.Bits.self), state.lane(n, $0, as: F.Bits.self), b,
                    &environment)
            }
        }
    }
}

extension VectorHandlers {
    static var floatByElementRows: Rows {
        [
            (.fmlaByElementVector, { s, w in floatByElement(FloatMultiplyAdd(), s, w) }),
            (.fmlsByElementVector, { s, w in floatByElement(FloatMultiplyAdd(negatesProduct: true), s, w) }),
            (.fmulByElementVector, { s, w in floatByElement(FloatMultiply(), s, w) }),
            (.fmulxByElementVector, { s, w in floatByElement(FloatMultiplyExtended(), s, w) }),
            (.fmlaByElementScalar, { s, w in floatByElement(FloatMultiplyAdd(), s, w) }),
            (.fmlsByElementScalar, { s, w in floatByElement(FloatMultiplyAdd(negatesProduct: true), s, w) }),
            (.fmulByElementScalar, { s, w in floatByElement(FloatMultiply(), s, w) }),
            (.fmulxByElementScalar, { s, w in floatByElement(FloatMultiplyExtended(), s, w) }),
        ]
    }
}
