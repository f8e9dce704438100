/// An operation on one value of any format, for the handlers that find its operands.
///
/// Operations are values, so that a handler's row names one with its variant, and the compiler sees both.
protocol FloatUnaryOperation {
    func apply<F: HostFormat>(_ format: F.Type, _ a: F.Bits, _ environment: inout FloatingPointEnvironment) -> F.Bits
}

/// An operation on two values.
protocol FloatBinaryOperation {
    func apply<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits
}

/// An operation on two values and one they are added to.
protocol FloatTernaryOperation {
    func apply<F: HostFormat>(
        _ format: F.Type, addend: F.Bits, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits
}

extension FloatingPointEnvironment {
    @inline(__always)
    init(_ state: VectorState) {
        self.init(fpcr: state.fpcr, fpsr: state.slots[VCPUState.fpsr])
    }
}

extension VectorState {
    /// FPCR, and FPSR to be added to; the latter is written back by ``setFPSR(_:)``.
    @inline(__always)
    func withEnvironment(_ body: (inout FloatingPointEnvironment) -> Void) {
        var environment = FloatingPointEnvironment(self)
        body(&environment)
        setFPSR(environment.fpsr)
    }

    /// Writes zero to the high half of V`n`, as instructions on 64-bit vectors do.
    @inline(__always)
    func clearHigh(_ n: Int) { setLane(n, 1, UInt64(0)) }
}
