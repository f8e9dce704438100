/// An operation on one value of any format, applied by handlers that fetch its operand.
///
/// Operations are values, so that a handler's row can name an operation with its variant, and the compiler can
/// specialize the handler for it.
protocol FloatUnaryOperation {
    func apply<F: HostFormat>(_ format: F.Type, _ a: F.Bits, _ environment: inout FloatingPointEnvironment) -> F.Bits
}

/// An operation on two values.
protocol FloatBinaryOperation {
    func apply<F: HostFormat>(
        _ format: F.Type, _ a: F.Bits, _ b: F.Bits, _ environment: inout FloatingPointEnvironment
    ) -> F.Bits
}

/// An operation on two values and an addend.
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
    /// Calls `body` with FPCR and FPSR, and writes FPSR back with ``setFPSR(_:)``.
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
