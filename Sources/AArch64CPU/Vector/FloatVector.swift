import AArch64

// Handlers of vector instructions, which fetch the operands. Bit 22 is the precision and bit 30 the vector's length in
// all of them. Each result lane is written as it is computed, which is safe because its operands are the same lanes of
// the sources, or were read at the start.

extension VectorState {
    /// Replaces each lane of V`d` with the result of `lane` for its number; clears the upper half for 64-bit vectors.
    @inline(__always)
    func forLanes<T: FixedWidthInteger & BitwiseCopyable>(
        _ d: Int, _ type: T.Type, isLong: Bool, _ lane: (Int) -> T
    ) {
        let count = (isLong ? 128 : 64) / T.bitWidth
        var index = 0
        while index < count {
            setLane(d, index, lane(index))
            index &+= 1
        }
        if !isLong { clearHigh(d) }
    }
}

@inline(__always)
func floatVector(_ operation: some FloatUnaryOperation, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    if word.bit(22) {
        floatLanes(operation, state, word, Binary64.self)
    } else {
        floatLanes(operation, state, word, Binary32.self)
    }
}

@inline(__always)
func floatLanes<F: HostFormat>(
    _ operation: some FloatUnaryOperation, _ state: VectorState, _ word: UInt32, _ format: F.Type
) {
    let n = word.register(5)
    state.withEnvironment { environment in
        state.forLanes(word.register(0), F.Bits.self, isLong: word.bit(30)) {
            operation.apply(format, state.lane(n, $0, as: F.Bits.self), &environment)
        }
    }
}

@inline(__always)
func floatVector(_ operation: some FloatBinaryOperation, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    if word.bit(22) {
        floatLanes(operation, state, word, Binary64.self)
    } else {
        floatLanes(operation, state, word, Binary32.self)
    }
}

@inline(__always)
private func floatLanes<F: HostFormat>(
    _ operation: some FloatBinaryOperation, _ state: VectorState, _ word: UInt32, _ format: F.Type
) {
    let n = word.register(5)
    let m = word.register(16)
    state.withEnvironment { environment in
        state.forLanes(word.register(0), F.Bits.self, isLong: word.bit(30)) {
            operation.apply(
                format, state.lane(n, $0, as: F.Bits.self), state.lane(m, $0, as: F.Bits.self), &environment)
        }
    }
}

/// Handles FMLA and FMLS, whose addend is the destination.
@inline(__always)
func floatVector(_ operation: some FloatTernaryOperation, _ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    if word.bit(22) {
        floatLanes(operation, state, word, Binary64.self)
    } else {
        floatLanes(operation, state, word, Binary32.self)
    }
}

@inline(__always)
private func floatLanes<F: HostFormat>(
    _ operation: some FloatTernaryOperation, _ state: VectorState, _ word: UInt32, _ format: F.Type
) {
    let n = word.register(5)
    let m = word.register(16)
    let d = word.register(0)
    state.withEnvironment { environment in
        state.forLanes(d, F.Bits.self, isLong: word.bit(30)) {
            operation.apply(
                format, addend: state.lane(d, $0, as: F.Bits.self), state.lane(n, $0, as: F.Bits.self),
                state.lane(m, $0, as: F.Bits.self), &environment)
        }
    }
}
