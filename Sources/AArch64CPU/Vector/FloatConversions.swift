import AArch64

// Conversions to and from general-purpose registers and between precisions. Bit 31 is the integer's width.

@inline(__always)
private func toGeneral(
    _ state: UnsafeMutableRawPointer, _ word: UInt32, _ rounding: RoundingMode, unsigned: Bool = false
) {
    toGeneral(state, word, FloatToInteger(rounding: rounding, unsigned: unsigned))
}

/// Returns the number of fraction bits; `scale` in bits 15–10 is 64 minus that.
@inline(__always)
private func fixedPointScale(_ word: UInt32) -> Int { 64 &- Int(truncatingIfNeeded: word.field(10, 6)) }

@inline(__always)
private func toGeneral(_ state: UnsafeMutableRawPointer, _ word: UInt32, _ operation: FloatToInteger) {
    let state = VectorState(state)
    let width = word.bit(31) ? 64 : 32
    state.withEnvironment { environment in
        let result =
            if word.bit(22) {
                operation.convert(
                    Binary64.self, state.lane(word.register(5), 0, as: UInt64.self), width: width, &environment)
            } else {
                operation.convert(
                    Binary32.self, state.lane(word.register(5), 0, as: UInt32.self), width: width, &environment)
            }
        state.setX(word.register(0), result)
    }
}

@inline(__always)
private func fromGeneral(_ state: UnsafeMutableRawPointer, _ word: UInt32, _ operation: FloatFromInteger) {
    let state = VectorState(state)
    let width = word.bit(31) ? 64 : 32
    let value = state.x(word.register(5))
    state.withEnvironment { environment in
        if word.bit(22) {
            state.store(
                word.register(0), operation.convert(Binary64.self, value, width: width, &environment))
        } else {
            state.store(
                word.register(0), operation.convert(Binary32.self, value, width: width, &environment))
        }
    }
}

/// Converts single to double precision.
@inline(__always)
func widened(_ value: UInt32, _ environment: inout FloatingPointEnvironment) -> UInt64 {
    Binary32.hostWiden(value, environment) ?? Binary32.convert(value, to: Binary64.self, &environment)
}

/// Converts double to single precision.
@inline(__always)
func narrowed(_ value: UInt64, _ environment: inout FloatingPointEnvironment) -> UInt32 {
    Binary64.hostNarrow(value, environment) ?? Binary64.convert(value, to: Binary32.self, &environment)
}

/// FCVT: bits 23:22 are the source's precision and bits 16:15 the destination's: 0 is S, 1 is D and 3 is H.
@inline(__always)
private func convertPrecision(_ state: UnsafeMutableRawPointer, _ word: UInt32) {
    let state = VectorState(state)
    let source = word.register(5)
    let destination = word.register(0)
    let single = state.lane(source, 0, as: UInt32.self)
    let double = state.lane(source, 0, as: UInt64.self)
    let half = UInt16(truncatingIfNeeded: single)
    state.withEnvironment { environment in
        switch (word.field(22, 2), word.field(15, 2)) {
        case (0, 1): state.store(destination, widened(single, &environment))
        case (1, 0): state.store(destination, narrowed(double, &environment))
        case (0, _): state.store(destination, Binary32.convert(single, to: Binary16.self, &environment))
        case (1, _): state.store(destination, Binary64.convert(double, to: Binary16.self, &environment))
        case (_, 0): state.store(destination, Binary16.convert(half, to: Binary32.self, &environment))
        default: state.store(destination, Binary16.convert(half, to: Binary64.self, &environment))
        }
    }
}

extension VectorHandlers {
    /// Conversions of floating-point numbers to and from integers and fixed-point numbers in general-purpose registers,
    /// and FCVT.
    static var floatConversionRows: Rows {
        [
            (.fcvtnsInteger, { s, w in toGeneral(s, w, .tieEven) }),
            (.fcvtnuInteger, { s, w in toGeneral(s, w, .tieEven, unsigned: true) }),
            (.fcvtasInteger, { s, w in toGeneral(s, w, .tieAway) }),
            (.fcvtauInteger, { s, w in toGeneral(s, w, .tieAway, unsigned: true) }),
            (.fcvtpsInteger, { s, w in toGeneral(s, w, .plusInfinity) }),
            (.fcvtpuInteger, { s, w in toGeneral(s, w, .plusInfinity, unsigned: true) }),
            (.fcvtmsInteger, { s, w in toGeneral(s, w, .minusInfinity) }),
            (.fcvtmuInteger, { s, w in toGeneral(s, w, .minusInfinity, unsigned: true) }),
            (.fcvtzsInteger, { s, w in toGeneral(s, w, .zero) }),
            (.fcvtzuInteger, { s, w in toGeneral(s, w, .zero, unsigned: true) }),
            (
                .fcvtzsFixedPoint,
                { s, w in toGeneral(s, w, FloatToInteger(rounding: .zero, scale: fixedPointScale(w))) }
            ),
            (
                .fcvtzuFixedPoint,
                { s, w in toGeneral(s, w, FloatToInteger(rounding: .zero, unsigned: true, scale: fixedPointScale(w))) }
            ),
            (.scvtfInteger, { s, w in fromGeneral(s, w, FloatFromInteger()) }),
            (.ucvtfInteger, { s, w in fromGeneral(s, w, FloatFromInteger(unsigned: true)) }),
            (.scvtfFixedPoint, { s, w in fromGeneral(s, w, FloatFromInteger(scale: fixedPointScale(w))) }),
            (
                .ucvtfFixedPoint,
                { s, w in fromGeneral(s, w, FloatFromInteger(unsigned: true, scale: fixedPointScale(w))) }
            ),
            (.fcvt, { s, w in convertPrecision(s, w) }),
        ]
    }
}
