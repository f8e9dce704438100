import AArch64

/// VFPExpandImm(): makes a number from its sign, three bits of exponent and four of fraction.
@inline(__always)
func expandedImmediate<F: FloatingPointFormat>(_ immediate: UInt32, _ format: F.Type) -> F.Bits {
    // NOT(b) Replicate(b, E − 3) c d: the exponents around that of one.
    let field = F.bias &+ (immediate.bit(6) ? -3 : 1) &+ Int(truncatingIfNeeded: immediate.field(4, 2))
    return F.assemble(
        negative: immediate.bit(7), exponentField: field,
        fraction: F.Bits(truncatingIfNeeded: immediate & 15) &<< F.Bits(truncatingIfNeeded: F.fractionBits &- 4))
}

/// Returns the flags of FCMP and its variants in bits 31–28.
@inline(__always)
private func compared(
    _ state: VectorState, _ word: UInt32, withZero: Bool, signalsQuietNaNs: Bool,
    _ environment: inout FloatingPointEnvironment
) -> UInt32 {
    if word.bit(22) {
        let a = state.lane(word.register(5), 0, as: UInt64.self)
        let b = withZero ? 0 : state.lane(word.register(16), 0, as: UInt64.self)
        return
            (Binary64.hostCompare(a, b, environment)
            ?? Binary64.compare(a, b, signalsQuietNaNs: signalsQuietNaNs, &environment)).nzcv
    }
    let a = state.lane(word.register(5), 0, as: UInt32.self)
    let b = withZero ? 0 : state.lane(word.register(16), 0, as: UInt32.self)
    return
        (Binary32.hostCompare(a, b, environment)
        ?? Binary32.compare(a, b, signalsQuietNaNs: signalsQuietNaNs, &environment)).nzcv
}

@inline(__always)
private func compare(
    _ state: UnsafeMutableRawPointer, _ word: UInt32, withZero: Bool = false, signalsQuietNaNs: Bool
) {
    let state = VectorState(state)
    state.withEnvironment { environment in
        state.setFlags(
            compared(state, word, withZero: withZero, signalsQuietNaNs: signalsQuietNaNs, &environment))
    }
}

@inline(__always)
private func conditionalCompare(_ state: UnsafeMutableRawPointer, _ word: UInt32, signalsQuietNaNs: Bool) {
    let state = VectorState(state)
    guard state.holds(word.field(12, 4)) else {
        state.setFlags(word.field(0, 4) &<< 28)
        return
    }
    state.withEnvironment { environment in
        state.setFlags(compared(state, word, withZero: false, signalsQuietNaNs: signalsQuietNaNs, &environment))
    }
}

@inline(__always)
private func select(_ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    let source = state.holds(word.field(12, 4)) ? word.register(5) : word.register(16)
    if word.bit(22) {
        state.store(word.register(0), state.lane(source, 0, as: UInt64.self))
    } else {
        state.store(word.register(0), state.lane(source, 0, as: UInt32.self))
    }
}

/// FMOV (general): bits 23:22 are 0 for S, 1 for D and 2 for the upper half of V.
@inline(__always)
private func moveToGeneral(_ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    let value: UInt64 =
        switch word.field(22, 2) {
        case 0: UInt64(state.lane(word.register(5), 0, as: UInt32.self))
        case 1: state.lane(word.register(5), 0, as: UInt64.self)
        default: state.lane(word.register(5), 1, as: UInt64.self)
        }
    state.setX(word.register(0), value)
}

@inline(__always)
private func moveFromGeneral(_ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    let value = state.x(word.register(5))
    switch word.field(22, 2) {
    case 0: state.store(word.register(0), UInt32(truncatingIfNeeded: value))
    case 1: state.store(word.register(0), value)
    default: state.setLane(word.register(0), 1, value)
    }
}

@inline(__always)
private func moveImmediate(_ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    if word.bit(22) {
        state.store(word.register(0), expandedImmediate(word.field(13, 8), Binary64.self))
    } else {
        state.store(word.register(0), expandedImmediate(word.field(13, 8), Binary32.self))
    }
}

/// FMOV (vector, immediate): bit 29 is the precision, and the immediate is split in two fields.
@inline(__always)
private func moveVectorImmediate(_ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    let immediate = word.field(16, 3) &<< 5 | word.field(5, 5)
    let lanes: UInt64
    if word.bit(29) {
        lanes = expandedImmediate(immediate, Binary64.self)
    } else {
        let lane = UInt64(expandedImmediate(immediate, Binary32.self))
        lanes = lane &<< 32 | lane
    }
    state.store(word.register(0), SIMD2(lanes, word.bit(30) ? lanes : 0))
}

extension VectorHandlers {
    /// Moves, comparisons that set the flags, and conditional selection.
    static var floatMoveAndCompareRows: Rows {
        [
            (.fmovToGeneral, { s, w in moveToGeneral(s, w) }),
            (.fmovFromGeneral, { s, w in moveFromGeneral(s, w) }),
            (.fmovScalarImmediate, { s, w in moveImmediate(s, w) }),
            (.fmovVectorImmediate, { s, w in moveVectorImmediate(s, w) }),
            (.fcmp, { s, w in compare(s, w, signalsQuietNaNs: false) }),
            (.fcmpZero, { s, w in compare(s, w, withZero: true, signalsQuietNaNs: false) }),
            (.fcmpe, { s, w in compare(s, w, signalsQuietNaNs: true) }),
            (.fcmpeZero, { s, w in compare(s, w, withZero: true, signalsQuietNaNs: true) }),
            (.fccmp, { s, w in conditionalCompare(s, w, signalsQuietNaNs: false) }),
            (.fccmpe, { s, w in conditionalCompare(s, w, signalsQuietNaNs: true) }),
            (.fcsel, { s, w in select(s, w) }),
        ]
    }
}
