import AArch64CPU
import TestSupport
import Testing

/// Whatever the host's arithmetic answers is compared with the exact one, the exceptions too.
@Suite("Host arithmetic in the place of the exact one")
struct HostArithmeticTests {
    @Test("In double precision both give the same bits and exceptions")
    func fuzzDoublePrecision() { compare(Binary64.self) }

    @Test("In single precision both give the same bits and exceptions")
    func fuzzSinglePrecision() { compare(Binary32.self) }

    @Test("Changes of precision give the same bits and exceptions")
    func fuzzPrecisions() {
        fuzz("host precision") { random in
            for _ in 0..<20_000 {
                let environment = random.environment()
                let (single, double) = (random.float(Binary32.self), random.float(Binary64.self))
                var exact = environment
                if let host = Binary32.hostWiden(single, environment) {
                    let result = Binary32.convert(single, to: Binary64.self, &exact)
                    expectSame("widen \(single)", host, result, environment, exact, random)
                }
                exact = environment
                if let host = Binary64.hostNarrow(double, environment) {
                    let result = Binary64.convert(double, to: Binary32.self, &exact)
                    expectSame("narrow \(double)", host, result, environment, exact, random)
                }
            }
        }
    }

    @Test("The usual operands are done by the host, with Inexact raised before or not")
    func usualOperands() {
        for fpsr in [0, Status.inexact] {
            let environment = FloatingPointEnvironment(fpcr: 0, fpsr: fpsr)
            let (a, b) = (Double(12).bitPattern, Double(0.5).bitPattern)
            #expect(Binary64.hostAdd(a, b, environment) == Double(12.5).bitPattern)
            #expect(Binary64.hostSubtract(a, b, environment) == Double(11.5).bitPattern)
            #expect(Binary64.hostMultiply(a, b, environment) == Double(6).bitPattern)
            #expect(Binary64.hostDivide(a, b, environment) == Double(24).bitPattern)
            #expect(Binary64.hostSquareRoot(Double(9).bitPattern, environment) == Double(3).bitPattern)
            #expect(Binary64.hostFromInteger(7, width: 64, unsigned: false, environment) == Double(7).bitPattern)
        }
        let inexact = FloatingPointEnvironment(fpcr: 0, fpsr: Status.inexact)
        #expect(Binary64.hostDivide(Double(1).bitPattern, Double(3).bitPattern, inexact) == (1.0 / 3).bitPattern)
    }

    private func compare<F: HostFormat>(_ format: F.Type) {
        fuzz("host arithmetic, \(format)") { random in
            for _ in 0..<5_000 {
                let environment = random.environment()
                let (a, b, c) = random.operands(format)
                check(format, "+", a, b, environment, random, F.hostAdd(a, b, environment)) { F.add(a, b, &$0) }
                check(format, "−", a, b, environment, random, F.hostSubtract(a, b, environment)) {
                    F.subtract(a, b, &$0)
                }
                check(format, "×", a, b, environment, random, F.hostMultiply(a, b, environment)) {
                    F.multiply(a, b, &$0)
                }
                check(format, "÷", a, b, environment, random, F.hostDivide(a, b, environment)) { F.divide(a, b, &$0) }
                check(format, "√", a, b, environment, random, F.hostSquareRoot(a, environment)) {
                    F.squareRoot(a, &$0)
                }
                check(
                    format, "fused + \(c)", a, b, environment, random,
                    F.hostMultiplyAdd(addend: c, a, b, environment)
                ) { F.multiplyAdd(addend: c, a, b, &$0) }
                var exact = environment
                if let order = F.hostCompare(a, b, environment) {
                    let expected = F.compare(a, b, signalsQuietNaNs: true, &exact)
                    #expect(order == expected, random.comment)
                    #expect(environment.fpsr == exact.fpsr, random.comment)
                }
                compareIntegers(format, a, &random)
            }
        }
    }

    private func compareIntegers<F: HostFormat>(_ format: F.Type, _ a: F.Bits, _ random: inout SeededRandom) {
        let environment = random.environment()
        let integer = random.next() >> UInt64(random.below(64))
        for width in [32, 64] {
            for unsigned in [false, true] {
                var (host, exact) = (environment, environment)
                if let result = F.hostTruncate(a, width: width, unsigned: unsigned, &host) {
                    let expected = F.toFixed(a, width: width, unsigned: unsigned, .zero, &exact)
                    expectSame("truncate \(a)", result, expected, host, exact, random)
                }
                exact = environment
                if let result = F.hostFromInteger(integer, width: width, unsigned: unsigned, environment) {
                    let expected = F.fromFixed(integer, width: width, unsigned: unsigned, &exact)
                    expectSame("from \(integer)", result, expected, environment, exact, random)
                }
            }
        }
    }

    private func check<F: HostFormat>(
        _ format: F.Type, _ name: String, _ a: F.Bits, _ b: F.Bits, _ environment: FloatingPointEnvironment,
        _ random: SeededRandom, _ host: F.Bits?, _ operation: (inout FloatingPointEnvironment) -> F.Bits
    ) {
        guard let host else { return }
        var exact = environment
        let result = operation(&exact)
        expectSame("\(a) \(name) \(b)", host, result, environment, exact, random)
    }

    /// The macro only where something differs: there are too many comparisons.
    private func expectSame<Bits: FixedWidthInteger>(
        _ text: @autoclosure () -> String, _ host: Bits, _ exact: Bits, _ before: FloatingPointEnvironment,
        _ after: FloatingPointEnvironment, _ random: SeededRandom
    ) {
        guard host != exact || before.fpsr != after.fpsr else { return }
        Issue.record(
            """
            \(text()), FPCR \(before.fpcr), FPSR \(before.fpsr): the host has \(host), exact is \(exact) with FPSR \
            \(after.fpsr); \(random.comment)
            """)
    }
}

extension SeededRandom {
    mutating func environment() -> FloatingPointEnvironment {
        FloatingPointEnvironment(
            fpcr: chance(80) ? 0 : next() & 0x07C0_0000,
            fpsr: chance(50) ? 0 : chance(70) ? Status.inexact : next() & 0x9F)
    }

    /// A number with its exponent at the ends or anywhere and few or many bits set, or something special.
    mutating func float<F: HostFormat>(_ format: F.Type) -> F.Bits {
        let fraction = F.Bits(truncatingIfNeeded: next()) & ((1 << F.Bits(F.fractionBits)) - 1)
        let last = (1 << F.exponentBits) - 1
        let bias = last / 2
        let field: Int =
            switch below(8) {
            case 0: below(4)
            case 1: last - below(4)
            case 2: below(last + 1)
            case 3: bias - F.fractionBits * 2 + below(F.fractionBits * 4)
            default: bias + below(2 * F.fractionBits) - F.fractionBits / 2
            }
        let kept: F.Bits =
            switch below(5) {
            case 0: 0
            case 1: fraction & ~(~0 >> F.Bits(F.exponentBits + 1 + below(F.fractionBits)))
            case 2: ((1 << F.Bits(F.fractionBits)) - 1) - (fraction & 3)
            default: fraction
            }
        let value = F.Bits(min(max(field, 0), last)) << F.Bits(F.fractionBits) | kept
        return chance(50) ? value : F.negate(value)
    }

    /// Three operands, at times so related that sums cancel and products are exact or just not.
    mutating func operands<F: HostFormat>(_ format: F.Type) -> (F.Bits, F.Bits, F.Bits) {
        let a = float(format)
        var b = float(format)
        if chance(10) { b = F.negate(a) &+ F.Bits(below(3)) &- 1 }
        // The product's error is then at the format's lower end: what can't be looked at.
        if chance(20) { b = F.bits(F.host(float(format)) * F.Host.leastNormalMagnitude.squareRoot()) }
        var c = float(format)
        if chance(20) { c = F.negate(F.bits(F.host(a) * F.host(b))) }
        return (a, b, c)
    }
}
