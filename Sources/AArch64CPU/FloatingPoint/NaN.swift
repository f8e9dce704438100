// The propagation of NaNs: the result is the first signaling NaN, or else the first quiet one, made quiet.
extension FloatingPointFormat {
    /// FPProcessNaN().
    @inline(__always)
    static func processNaN(
        _ x: UnpackedFloat, _ value: Bits, _ environment: inout FloatingPointEnvironment
    ) -> Bits {
        if x.kind == .signallingNaN { environment.raise(.invalidOperation) }
        return environment.usesDefaultNaN ? defaultNaN : value | quietBit
    }

    /// FPProcessNaNs(): nil if neither operand is a NaN.
    @inline(__always)
    static func processNaNs(
        _ x: UnpackedFloat, _ y: UnpackedFloat, _ a: Bits, _ b: Bits,
        _ environment: inout FloatingPointEnvironment
    ) -> Bits? {
        if x.kind == .signallingNaN { return processNaN(x, a, &environment) }
        if y.kind == .signallingNaN { return processNaN(y, b, &environment) }
        if x.kind == .quietNaN { return processNaN(x, a, &environment) }
        if y.kind == .quietNaN { return processNaN(y, b, &environment) }
        return nil
    }

    /// FPProcessNaNs3(): handles three operands, starting with the addend of a fused multiply-add.
    @inline(__always)
    static func processNaNs(
        _ x: UnpackedFloat, _ y: UnpackedFloat, _ z: UnpackedFloat, _ a: Bits, _ b: Bits, _ c: Bits,
        _ environment: inout FloatingPointEnvironment
    ) -> Bits? {
        if x.kind == .signallingNaN { return processNaN(x, a, &environment) }
        if y.kind == .signallingNaN || z.kind == .signallingNaN { return processNaNs(y, z, b, c, &environment) }
        if x.kind == .quietNaN { return processNaN(x, a, &environment) }
        return processNaNs(y, z, b, c, &environment)
    }

    /// Raises Invalid Operation and returns the default NaN, for operations without a defined result.
    @inline(__always)
    static func invalid(_ environment: inout FloatingPointEnvironment) -> Bits {
        environment.raise(.invalidOperation)
        return defaultNaN
    }
}
