import AArch64CPU

extension FloatingPointCase {
    private typealias D = Double64
    private typealias B = Binary64

    static let integers: [FloatingPointCase] = [
        Self("2.5 to even", gives: 2, Status.inexact) { int(2.5, .tieEven, &$0) },
        Self("2.5 away", gives: 3, Status.inexact) { int(2.5, .tieAway, &$0) },
        Self("−2.5 away", gives: 0xFFFF_FFFD, Status.inexact) { int(-2.5, .tieAway, &$0) },
        Self("−2.5 up", gives: 0xFFFF_FFFE, Status.inexact) { int(-2.5, .plusInfinity, &$0) },
        Self("−2.5 down", gives: 0xFFFF_FFFD, Status.inexact) { int(-2.5, .minusInfinity, &$0) },
        Self("2^31", gives: 0x7FFF_FFFF, Status.invalid) { int(0x1p31, .zero, &$0) },
        Self("−2^31", gives: 0x8000_0000) { int(-0x1p31, .zero, &$0) },
        Self("−2^31 − 1", gives: 0x8000_0000, Status.invalid) { int(-0x1p31 - 1, .zero, &$0) },
        Self("−∞", gives: 0x8000_0000, Status.invalid) { int(-.infinity, .zero, &$0) },
        Self("NaN", gives: 0, Status.invalid) { B.toFixed(D.quiet, width: 32, unsigned: false, .zero, &$0) },
        Self("−1 unsigned", gives: 0, Status.invalid) { int(-1, .zero, unsigned: true, &$0) },
        Self("−0.5 unsigned", gives: 0, Status.inexact) { int(-0.5, .zero, unsigned: true, &$0) },
        Self("−0.5 down, unsigned", gives: 0, Status.invalid) { int(-0.5, .minusInfinity, unsigned: true, &$0) },
        Self("2^64 − 2^11, unsigned", gives: 0xFFFF_FFFF_FFFF_F800) {
            B.toFixed(0x43EF_FFFF_FFFF_FFFF, width: 64, unsigned: true, .zero, &$0)
        },
        Self("2^64, unsigned", gives: .max, Status.invalid) {
            B.toFixed(0x43F0_0000_0000_0000, width: 64, unsigned: true, .zero, &$0)
        },
        Self("1.75 with two fraction bits", gives: 7) {
            B.toFixed(Double(1.75).bitPattern, scale: 2, width: 32, unsigned: false, .zero, &$0)
        },
        Self("least", gives: 0, Status.inexact) { B.toFixed(D.least, width: 64, unsigned: false, .zero, &$0) },
        Self("least", Control.flush, gives: 0, Status.inputFlushed) {
            B.toFixed(D.least, width: 64, unsigned: false, .plusInfinity, &$0)
        },
        Self("2^53 + 1 from an integer", gives: 0x4340_0000_0000_0000, Status.inexact) {
            B.fromFixed(1 << 53 + 1, width: 64, unsigned: false, &$0)
        },
        Self("2^53 + 1 from an integer", Control.plusInfinity, gives: 0x4340_0000_0000_0001, Status.inexact) {
            B.fromFixed(1 << 53 + 1, width: 64, unsigned: false, &$0)
        },
        Self("−2^63 from an integer", gives: 0xC3E0_0000_0000_0000) {
            B.fromFixed(1 << 63, width: 64, unsigned: false, &$0)
        },
        Self("the low word alone", gives: 0xBFF0_0000_0000_0000) {
            B.fromFixed(0x1234_5678_FFFF_FFFF, width: 32, unsigned: false, &$0)
        },
        Self("1 with 64 fraction bits", gives: 0x3BF0_0000_0000_0000) {
            B.fromFixed(1, scale: 64, width: 64, unsigned: true, &$0)
        },
        Self("−0.3 to a whole number", gives: D.sign) {
            B.roundToIntegral(Double(-0.3).bitPattern, .tieEven, signalsInexact: false, &$0)
        },
        Self("−0.3 to a whole number, exactly", gives: D.sign, Status.inexact) {
            B.roundToIntegral(Double(-0.3).bitPattern, .tieEven, signalsInexact: true, &$0)
        },
        Self("2.5 away to a whole number", gives: Double(3).bitPattern) {
            B.roundToIntegral(Double(2.5).bitPattern, .tieAway, signalsInexact: false, &$0)
        },
        Self("2^52 + 1 to a whole number", gives: 0x4330_0000_0000_0001) {
            B.roundToIntegral(0x4330_0000_0000_0001, .tieAway, signalsInexact: true, &$0)
        },
    ]

    private static func int(
        _ value: Double, _ rounding: RoundingMode, unsigned: Bool = false, _ environment: inout FloatingPointEnvironment
    ) -> UInt64 {
        B.toFixed(value.bitPattern, width: 32, unsigned: unsigned, rounding, &environment)
    }

    static let precisions: [FloatingPointCase] = [
        Self("a double NaN to single", gives: 0x7FC0_0001) { narrow(0x7FF8_0000_2000_0000, &$0) },
        Self("a signalling NaN to single", gives: 0xFFC0_0000, Status.invalid) { narrow(D.signalling, &$0) },
        Self("2^−149 to single", gives: 1) { narrow(0x36A0_0000_0000_0000, &$0) },
        Self("2^−149 to single", Control.flush, gives: 0, Status.flushed) { narrow(0x36A0_0000_0000_0000, &$0) },
        Self("2^−150 to single", gives: 0, Status.underflow) { narrow(0x3690_0000_0000_0000, &$0) },
        Self("2^128 to single", gives: 0x7F80_0000, Status.overflow) { narrow(0x47F0_0000_0000_0000, &$0) },
        Self("2^128 to single, to odd", gives: 0x7F7F_FFFF, Status.overflow) {
            narrow(0x47F0_0000_0000_0000, .odd, &$0)
        },
        Self("1 + 2^−52 to single, to odd", gives: 0x3F80_0001, Status.inexact) { narrow(D.oneAndLast, .odd, &$0) },
        Self("1 to single, to odd", gives: 0x3F80_0000) { narrow(D.one, .odd, &$0) },
        Self("a subnormal to double", gives: 0x36A0_0000_0000_0000) { UInt64(Binary32.convert(1, to: B.self, &$0)) },
        Self("65504 to half", gives: 0x7BFF) { half(65504, &$0) },
        Self("65520 to half", gives: 0x7C00, Status.overflow) { half(65520, &$0) },
        Self("65536 to alternative half", Control.alternativeHalf, gives: 0x7C00) { half(65536, &$0) },
        Self("131008 to alternative half", Control.alternativeHalf, gives: 0x7FFF) { half(131008, &$0) },
        Self("131072 to alternative half", Control.alternativeHalf, gives: 0x7FFF, Status.invalid) {
            half(131072, &$0)
        },
        Self("−∞ to alternative half", Control.alternativeHalf, gives: 0xFFFF, Status.invalid) {
            half(-.infinity, &$0)
        },
        Self("NaN to alternative half", Control.alternativeHalf, gives: 0x8000, Status.invalid) {
            UInt64(Binary32.convert(0xFFC0_0000, to: Binary16.self, &$0))
        },
        // Half-precision subnormals are never flushed.
        Self("2^−24 to half", Control.flush, gives: 1) { half(0x1p-24, &$0) },
        Self("half 2^−24 to single", Control.flush, gives: 0x3380_0000) {
            UInt64(Binary16.convert(1, to: Binary32.self, &$0))
        },
        Self("half ∞ to single", gives: 0x7F80_0000) { UInt64(Binary16.convert(0x7C00, to: Binary32.self, &$0)) },
        Self("alternative half 65536 to single", Control.alternativeHalf, gives: 0x4780_0000) {
            UInt64(Binary16.convert(0x7C00, to: Binary32.self, &$0))
        },
        Self("half NaN to double", gives: 0x7FFF_FC00_0000_0000) {
            Binary16.convert(0x7FFF, to: B.self, &$0)
        },
    ]

    private static func narrow(_ value: UInt64, _ environment: inout FloatingPointEnvironment) -> UInt64 {
        narrow(value, environment.rounding, &environment)
    }

    private static func narrow(
        _ value: UInt64, _ rounding: RoundingMode, _ environment: inout FloatingPointEnvironment
    ) -> UInt64 {
        UInt64(B.convert(value, to: Binary32.self, rounding, &environment))
    }

    private static func half(_ value: Float, _ environment: inout FloatingPointEnvironment) -> UInt64 {
        UInt64(Binary32.convert(value.bitPattern, to: Binary16.self, &environment))
    }

    // The estimates' first and last table entries: RecipEstimate(256) is 511, (511) 256; RecipSqrtEstimate(128) is 511.
    static let estimates: [FloatingPointCase] = [
        Self("about 1 / 1", gives: 0x3FEF_F000_0000_0000) { B.reciprocalEstimate(D.one, &$0) },
        Self("about 1 / 1.99…", gives: 0x3FE0_0000_0000_0000) { B.reciprocalEstimate(D.two - 1, &$0) },
        Self("about 1 / largest", gives: 0x0004_0000_0000_0000) { B.reciprocalEstimate(D.largest, &$0) },
        Self("about 1 / largest", Control.flush, gives: 0, Status.flushed) { B.reciprocalEstimate(D.largest, &$0) },
        Self("about 1 / least", gives: D.infinity, Status.overflow) { B.reciprocalEstimate(D.least, &$0) },
        Self("about 1 / least", Control.zero, gives: D.largest, Status.overflow) { B.reciprocalEstimate(D.least, &$0) },
        Self("about 1 / −0", gives: D.sign | D.infinity, Status.divideByZero) { B.reciprocalEstimate(D.sign, &$0) },
        Self("about 1 / √1", gives: 0x3FEF_F000_0000_0000) { B.reciprocalSquareRootEstimate(D.one, &$0) },
        Self("about 1 / √4", gives: 0x3FDF_F000_0000_0000) {
            B.reciprocalSquareRootEstimate(0x4010_0000_0000_0000, &$0)
        },
        Self("about 1 / √−1", gives: D.defaultNaN, Status.invalid) {
            B.reciprocalSquareRootEstimate(D.sign | D.one, &$0)
        },
        Self("about 1 / √−0", gives: D.sign | D.infinity, Status.divideByZero) {
            B.reciprocalSquareRootEstimate(D.sign, &$0)
        },
        Self("the exponent of 1 / 1", gives: 0x4000_0000_0000_0000) { B.reciprocalExponent(D.one, &$0) },
        Self("the exponent of 1 / least", gives: 0x7FE0_0000_0000_0000) { B.reciprocalExponent(D.least, &$0) },
        Self("the exponent of 1 / −∞", gives: D.sign) { B.reciprocalExponent(D.sign | D.infinity, &$0) },
        Self("an unsigned fraction below one half", gives: 0xFFFF_FFFF) { _ in
            UInt64(EstimateTable.unsignedReciprocal(0x7FFF_FFFF))
        },
        Self("an unsigned fraction of one half", gives: 0xFF80_0000) { _ in
            UInt64(EstimateTable.unsignedReciprocal(0x8000_0000))
        },
        Self("the root of an unsigned fraction of one quarter", gives: 0xFF80_0000) { _ in
            UInt64(EstimateTable.unsignedReciprocalSquareRoot(0x4000_0000))
        },
    ]
}
