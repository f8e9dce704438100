import AArch64CPU
import Testing

@Suite("Floating-point arithmetic on bits")
struct FloatingPointTests {
    static let cases =
        FloatingPointCase.rounding + FloatingPointCase.range + FloatingPointCase.notANumber
        + FloatingPointCase.extremes + FloatingPointCase.integers + FloatingPointCase.precisions
        + FloatingPointCase.estimates

    @Test("Results and exceptions are those of the manual's pseudocode", arguments: cases)
    func results(_ example: FloatingPointCase) {
        var environment = FloatingPointEnvironment(fpcr: example.fpcr)
        let result = example.operation(&environment)
        #expect(String(result, radix: 16) == String(example.result, radix: 16))
        #expect(String(environment.fpsr, radix: 16) == String(example.fpsr, radix: 16))
    }

    @Test("Exceptions are added to those of before")
    func exceptionsAccumulate() {
        var environment = FloatingPointEnvironment(fpcr: 0, fpsr: Status.divideByZero)
        _ = Binary64.add(Double64.infinity, Double64.sign | Double64.infinity, &environment)
        #expect(environment.fpsr == Status.divideByZero | Status.invalid)
    }

    @Test("A quiet NaN raises Invalid Operation only in a signaling comparison", arguments: [false, true])
    func comparisonsOfNaNs(signals: Bool) {
        var environment = FloatingPointEnvironment(fpcr: 0)
        let quiet = Binary64.compare(Double64.one, Double64.quiet, signalsQuietNaNs: signals, &environment)
        #expect(quiet == .unordered)
        #expect(quiet.nzcv == 3 << 28)
        #expect(environment.fpsr == (signals ? Status.invalid : 0))
        _ = Binary64.compare(Double64.signalling, Double64.one, signalsQuietNaNs: signals, &environment)
        #expect(environment.fpsr == Status.invalid)
    }

    @Test("Comparisons know zeros, signs and flushed inputs")
    func comparisons() {
        func order(_ a: UInt64, _ b: UInt64, _ fpcr: UInt64 = 0) -> FloatingPointOrder {
            var environment = FloatingPointEnvironment(fpcr: fpcr)
            return Binary64.compare(a, b, signalsQuietNaNs: true, &environment)
        }
        #expect(order(0, Double64.sign) == .equal)
        #expect(order(Double64.sign | Double64.two, Double64.sign | Double64.one) == .less)
        #expect(order(Double64.infinity, Double64.largest) == .greater)
        #expect(order(Double64.least, 0) == .greater)
        #expect(order(Double64.least, 0, Control.flush) == .equal)
        #expect(FloatingPointOrder.less.nzcv == 8 << 28)
        #expect(FloatingPointOrder.equal.nzcv == 6 << 28)
        #expect(FloatingPointOrder.greater.nzcv == 2 << 28)
    }
}
