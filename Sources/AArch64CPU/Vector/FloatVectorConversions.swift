import AArch64

/// The number of fraction bits in immh:immb: twice the element size minus the field.
@inline(__always)
private func fractionBits(_ word: UInt32) -> Int {
    (word.bit(22) ? 128 : 64) &- Int(truncatingIfNeeded: word.field(16, 7))
}

/// Handles fixed-point conversions of vectors; immh determines the precision, which bit 22 also gives.
@inline(__always)
private func fixedPoint(
    _ state: UnsafeMutableRawPointer, _ word: UInt32, toInteger: Bool, unsigned: Bool, isScalar: Bool = false
) {
    if toInteger {
        let operation = FloatToInteger(rounding: .zero, unsigned: unsigned, scale: fractionBits(word))
        isScalar ? floatScalar(operation, state, word) : floatVector(operation, state, word)
    } else {
        let operation = FloatFromInteger(unsigned: unsigned, scale: fractionBits(word))
        isScalar ? floatScalar(operation, state, word) : floatVector(operation, state, word)
    }
}

/// FCVTL and FCVTL2: converts the lower or upper half of a vector to the next precision; bit 22 is set for double.
@inline(__always)
private func lengthen(_ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    let source = state.lane(word.register(5), word.bit(30) ? 1 : 0, as: UInt64.self)
    state.withEnvironment { environment in
        if word.bit(22) {
            state.forLanes(word.register(0), UInt64.self, isLong: true) {
                widened(UInt32(truncatingIfNeeded: source &>> UInt64(truncatingIfNeeded: 32 &* $0)), &environment)
            }
        } else {
            state.forLanes(word.register(0), UInt32.self, isLong: true) {
                let half = UInt16(truncatingIfNeeded: source &>> UInt64(truncatingIfNeeded: 16 &* $0))
                return Binary16.convert(half, to: Binary32.self, &environment)
            }
        }
    }
}

/// FCVTN, FCVTXN and their second forms: converts from single or double (bit 22) into the lower or upper half.
@inline(__always)
private func narrow(_ state: UnsafeMutableRawPointer, _ word: UInt32, toOdd: Bool) {
    let state = VectorState(state)
    let source = word.register(5)
    state.withEnvironment { environment in
        var result: UInt64 = 0
        if word.bit(22) {
            for index in 0..<2 {
                let value = state.lane(source, index, as: UInt64.self)
                let lane =
                    toOdd
                    ? Binary64.convert(value, to: Binary32.self, .odd, &environment) : narrowed(value, &environment)
                result |= UInt64(lane) &<< UInt64(truncatingIfNeeded: 32 &* index)
            }
        } else {
            for index in 0..<4 {
                let value = state.lane(source, index, as: UInt32.self)
                let lane = Binary32.convert(value, to: Binary16.self, &environment)
                result |= UInt64(lane) &<< UInt64(truncatingIfNeeded: 16 &* index)
            }
        }
        if word.bit(30) {
            state.setLane(word.register(0), 1, result)
        } else {
            state.store(word.register(0), result)
        }
    }
}

/// FCVTXN (scalar).
@inline(__always)
private func narrowScalarToOdd(_ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    let value = state.lane(word.register(5), 0, as: UInt64.self)
    state.withEnvironment { environment in
        state.store(word.register(0), Binary64.convert(value, to: Binary32.self, .odd, &environment))
    }
}

extension VectorHandlers {
    /// Conversions between precisions, and to and from fixed-point numbers in vector registers.
    static var floatPrecisionAndFixedPointRows: Rows {
        [
            (.fcvtl, { s, w in lengthen(s, w) }),
            (.fcvtn, { s, w in narrow(s, w, toOdd: false) }),
            (.fcvtxnVector, { s, w in narrow(s, w, toOdd: true) }),
            (.fcvtxnScalar, { s, w in narrowScalarToOdd(s, w) }),
            (.scvtfFixedPointVector, { s, w in fixedPoint(s, w, toInteger: false, unsigned: false) }),
            (.ucvtfFixedPointVector, { s, w in fixedPoint(s, w, toInteger: false, unsigned: true) }),
            (.fcvtzsFixedPointVector, { s, w in fixedPoint(s, w, toInteger: true, unsigned: false) }),
            (.fcvtzuFixedPointVector, { s, w in fixedPoint(s, w, toInteger: true, unsigned: true) }),
            (.scvtfFixedPointScalar, { s, w in fixedPoint(s, w, toInteger: false, unsigned: false, isScalar: true) }),
            (.ucvtfFixedPointScalar, { s, w in fixedPoint(s, w, toInteger: false, unsigned: true, isScalar: true) }),
            (.fcvtzsFixedPointScalar, { s, w in fixedPoint(s, w, toInteger: true, unsigned: false, isScalar: true) }),
            (.fcvtzuFixedPointScalar, { s, w in fixedPoint(s, w, toInteger: true, unsigned: true, isScalar: true) }),
        ]
    }

    /// Conversions to and from integers in vector registers.
    static var floatVectorIntegerRows: Rows {
        [
            (.fcvtnsVector, { s, w in floatVector(FloatToInteger(rounding: .tieEven), s, w) }),
            (.fcvtasVector, { s, w in floatVector(FloatToInteger(rounding: .tieAway), s, w) }),
            (.fcvtpsVector, { s, w in floatVector(FloatToInteger(rounding: .plusInfinity), s, w) }),
            (.fcvtmsVector, { s, w in floatVector(FloatToInteger(rounding: .minusInfinity), s, w) }),
            (.fcvtzsVector, { s, w in floatVector(FloatToInteger(rounding: .zero), s, w) }),
            (.fcvtnuVector, { s, w in floatVector(FloatToInteger(rounding: .tieEven, unsigned: true), s, w) }),
            (.fcvtauVector, { s, w in floatVector(FloatToInteger(rounding: .tieAway, unsigned: true), s, w) }),
            (.fcvtpuVector, { s, w in floatVector(FloatToInteger(rounding: .plusInfinity, unsigned: true), s, w) }),
            (.fcvtmuVector, { s, w in floatVector(FloatToInteger(rounding: .minusInfinity, unsigned: true), s, w) }),
            (.fcvtzuVector, { s, w in floatVector(FloatToInteger(rounding: .zero, unsigned: true), s, w) }),
            (.scvtfVector, { s, w in floatVector(FloatFromInteger(), s, w) }),
            (.ucvtfVector, { s, w in floatVector(FloatFromInteger(unsigned: true), s, w) }),
        ]
    }

    /// Conversions to and from integers in lane 0.
    static var floatScalarIntegerRows: Rows {
        [
            (.fcvtnsScalar, { s, w in floatScalar(FloatToInteger(rounding: .tieEven), s, w) }),
            (.fcvtasScalar, { s, w in floatScalar(FloatToInteger(rounding: .tieAway), s, w) }),
            (.fcvtpsScalar, { s, w in floatScalar(FloatToInteger(rounding: .plusInfinity), s, w) }),
            (.fcvtmsScalar, { s, w in floatScalar(FloatToInteger(rounding: .minusInfinity), s, w) }),
            (.fcvtzsScalar, { s, w in floatScalar(FloatToInteger(rounding: .zero), s, w) }),
            (.fcvtnuScalar, { s, w in floatScalar(FloatToInteger(rounding: .tieEven, unsigned: true), s, w) }),
            (.fcvtauScalar, { s, w in floatScalar(FloatToInteger(rounding: .tieAway, unsigned: true), s, w) }),
            (.fcvtpuScalar, { s, w in floatScalar(FloatToInteger(rounding: .plusInfinity, unsigned: true), s, w) }),
            (.fcvtmuScalar, { s, w in floatScalar(FloatToInteger(rounding: .minusInfinity, unsigned: true), s, w) }),
            (.fcvtzuScalar, { s, w in floatScalar(FloatToInteger(rounding: .zero, unsigned: true), s, w) }),
            (.scvtfScalar, { s, w in floatScalar(FloatFromInteger(), s, w) }),
            (.ucvtfScalar, { s, w in floatScalar(FloatFromInteger(unsigned: true), s, w) }),
        ]
    }
}
