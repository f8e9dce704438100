import AArch64CPU

extension FloatingPointCase {
    private typealias D = Double64
    private typealias B = Binary64

    static let rounding: [FloatingPointCase] = [
        // A tie goes to the even number, and the directed modes to their side.
        Self("1 + half a last bit", gives: D.one, Status.inexact) { B.add(D.one, D.halfLast, &$0) },
        Self("1 + half a last bit", Control.plusInfinity, gives: D.oneAndLast, Status.inexact) {
            B.add(D.one, D.halfLast, &$0)
        },
        Self("1 + half a last bit", Control.zero, gives: D.one, Status.inexact) { B.add(D.one, D.halfLast, &$0) },
        Self("1.0…1 + half a last bit", gives: D.one + 2, Status.inexact) { B.add(D.oneAndLast, D.halfLast, &$0) },
        Self("1.0…1 + half a last bit", Control.minusInfinity, gives: D.oneAndLast, Status.inexact) {
            B.add(D.oneAndLast, D.halfLast, &$0)
        },
        Self("−1 − half a last bit", Control.minusInfinity, gives: D.sign | D.oneAndLast, Status.inexact) {
            B.subtract(D.sign | D.one, D.halfLast, &$0)
        },
        // An operand far below the last bit still breaks the tie.
        Self("1 + least", gives: D.one, Status.inexact) { B.add(D.one, D.least, &$0) },
        Self("1 + least", Control.plusInfinity, gives: D.oneAndLast, Status.inexact) { B.add(D.one, D.least, &$0) },
        Self("1 − least", Control.zero, gives: D.one - 1, Status.inexact) { B.subtract(D.one, D.least, &$0) },
        Self("1 − least", gives: D.one, Status.inexact) { B.subtract(D.one, D.least, &$0) },
        // The sign of a zero that is a difference.
        Self("1 − 1", gives: 0) { B.subtract(D.one, D.one, &$0) },
        Self("1 − 1", Control.minusInfinity, gives: D.sign) { B.subtract(D.one, D.one, &$0) },
        Self("−0 + −0", gives: D.sign) { B.add(D.sign, D.sign, &$0) },
        Self("−0 + +0", gives: 0) { B.add(D.sign, 0, &$0) },
        Self("1 / 3", gives: 0x3FD5_5555_5555_5555, Status.inexact) { B.divide(D.one, 0x4008_0000_0000_0000, &$0) },
        Self("1 / 3", Control.plusInfinity, gives: 0x3FD5_5555_5555_5556, Status.inexact) {
            B.divide(D.one, 0x4008_0000_0000_0000, &$0)
        },
        Self("√2", gives: 0x3FF6_A09E_667F_3BCD, Status.inexact) { B.squareRoot(D.two, &$0) },
        Self("√2", Control.zero, gives: 0x3FF6_A09E_667F_3BCC, Status.inexact) { B.squareRoot(D.two, &$0) },
        Self("√4", gives: D.two) { B.squareRoot(0x4010_0000_0000_0000, &$0) },
        Self("√−0", gives: D.sign) { B.squareRoot(D.sign, &$0) },
        Self("√ of the least", gives: 0x1E60_0000_0000_0000) { B.squareRoot(D.least, &$0) },
        // (1 + 2^−52)² − (1 + 2^−51) is 2^−104, which only one rounding leaves.
        Self("a fused square", gives: 0x3970_0000_0000_0000) {
            B.multiplyAdd(addend: D.sign | (D.one + 2), D.oneAndLast, D.oneAndLast, &$0)
        },
    ]

    static let range: [FloatingPointCase] = [
        Self("largest × 2", gives: D.infinity, Status.overflow) { B.multiply(D.largest, D.two, &$0) },
        Self("largest × 2", Control.zero, gives: D.largest, Status.overflow) { B.multiply(D.largest, D.two, &$0) },
        Self("−largest × 2", Control.plusInfinity, gives: D.sign | D.largest, Status.overflow) {
            B.multiply(D.sign | D.largest, D.two, &$0)
        },
        Self("−largest × 2", Control.minusInfinity, gives: D.sign | D.infinity, Status.overflow) {
            B.multiply(D.sign | D.largest, D.two, &$0)
        },
        // An exact subnormal result is no underflow, unless it is flushed: then it is that, and not inexact.
        Self("least normal / 2", gives: 0x0008_0000_0000_0000) { B.divide(D.leastNormal, D.two, &$0) },
        Self("least normal / 2", Control.flush, gives: 0, Status.flushed) { B.divide(D.leastNormal, D.two, &$0) },
        Self("−least normal / 2", Control.flush, gives: D.sign, Status.flushed) {
            B.divide(D.sign | D.leastNormal, D.two, &$0)
        },
        Self("least / 2", gives: 0, Status.underflow) { B.divide(D.least, D.two, &$0) },
        Self("least / 2", Control.plusInfinity, gives: D.least, Status.underflow) { B.divide(D.least, D.two, &$0) },
        // Rounded up to the least normal number, which it was below before.
        Self("least normal × (1 − 2^−53)", gives: D.leastNormal, Status.underflow) {
            B.multiply(D.leastNormal, D.one - 1, &$0)
        },
        Self("least normal × (1 − 2^−53)", Control.flush, gives: 0, Status.flushed) {
            B.multiply(D.leastNormal, D.one - 1, &$0)
        },
        Self("least + least", Control.flush, gives: 0, Status.inputFlushed) { B.add(D.least, D.least, &$0) },
        Self("1 + least", Control.flush, gives: D.one, Status.inputFlushed) { B.add(D.one, D.least, &$0) },
        Self("1 / least", Control.flush, gives: D.infinity, Status.inputFlushed | Status.divideByZero) {
            B.divide(D.one, D.least, &$0)
        },
        Self("1 / −0", gives: D.sign | D.infinity, Status.divideByZero) { B.divide(D.one, D.sign, &$0) },
        Self("∞ / 0", gives: D.infinity) { B.divide(D.infinity, 0, &$0) },
        Self("0 / 0", gives: D.defaultNaN, Status.invalid) { B.divide(0, 0, &$0) },
        Self("∞ / ∞", gives: D.defaultNaN, Status.invalid) { B.divide(D.infinity, D.infinity, &$0) },
        Self("∞ − ∞", gives: D.defaultNaN, Status.invalid) { B.subtract(D.infinity, D.infinity, &$0) },
        Self("∞ + ∞", gives: D.infinity) { B.add(D.infinity, D.infinity, &$0) },
        Self("0 × −∞", gives: D.defaultNaN, Status.invalid) { B.multiply(0, D.sign | D.infinity, &$0) },
        Self("0 × −∞, extended", gives: D.sign | D.two) { B.multiplyExtended(0, D.sign | D.infinity, &$0) },
        Self("√−1", gives: D.defaultNaN, Status.invalid) { B.squareRoot(D.sign | D.one, &$0) },
    ]

    static let notANumber: [FloatingPointCase] = [
        Self("quiet + quiet", gives: D.quiet) { B.add(D.quiet, D.otherQuiet, &$0) },
        Self("quiet + signalling", gives: D.signallingMadeQuiet, Status.invalid) { B.add(D.quiet, D.signalling, &$0) },
        Self("1 − quiet", gives: D.otherQuiet) { B.subtract(D.one, D.otherQuiet, &$0) },
        Self("quiet + quiet", Control.defaultNaN, gives: D.defaultNaN) { B.add(D.quiet, D.otherQuiet, &$0) },
        Self("signalling × 1", Control.defaultNaN, gives: D.defaultNaN, Status.invalid) {
            B.multiply(D.signalling, D.one, &$0)
        },
        Self("quiet + least", Control.flush, gives: D.quiet, Status.inputFlushed) { B.add(D.quiet, D.least, &$0) },
        Self("quiet + quiet × signalling", gives: D.signallingMadeQuiet, Status.invalid) {
            B.multiplyAdd(addend: D.quiet, D.otherQuiet, D.signalling, &$0)
        },
        Self("quiet + quiet × 1", gives: D.quiet) { B.multiplyAdd(addend: D.quiet, D.otherQuiet, D.one, &$0) },
        // Infinity times zero outdoes a quiet addend, but not a signalling one.
        Self("quiet + ∞ × 0", gives: D.defaultNaN, Status.invalid) {
            B.multiplyAdd(addend: D.quiet, D.infinity, 0, &$0)
        },
        Self("signalling + ∞ × 0", gives: D.signallingMadeQuiet, Status.invalid) {
            B.multiplyAdd(addend: D.signalling, D.infinity, 0, &$0)
        },
        Self("−∞ + ∞ × 1", gives: D.defaultNaN, Status.invalid) {
            B.multiplyAdd(addend: D.sign | D.infinity, D.infinity, D.one, &$0)
        },
        // A step negates its first operand before it looks at it.
        Self("2 − quiet × 1", gives: D.quiet | D.sign) { B.reciprocalStep(D.quiet, D.one, &$0) },
        Self("2 − 0 × ∞", gives: D.two) { B.reciprocalStep(0, D.infinity, &$0) },
        Self("(3 − 0 × ∞) / 2", gives: 0x3FF8_0000_0000_0000) { B.reciprocalSquareRootStep(0, D.infinity, &$0) },
        Self("(3 − 1 × 1) / 2", gives: D.one) { B.reciprocalSquareRootStep(D.one, D.one, &$0) },
    ]

    static let extremes: [FloatingPointCase] = [
        Self("max(−0, +0)", gives: 0) { B.maximum(D.sign, 0, &$0) },
        Self("min(+0, −0)", gives: D.sign) { B.minimum(0, D.sign, &$0) },
        Self("max(1, quiet)", gives: D.quiet) { B.maximum(D.one, D.quiet, &$0) },
        Self("maxnm(1, quiet)", gives: D.one) { B.maximumNumber(D.one, D.quiet, &$0) },
        Self("minnm(quiet, −∞)", gives: D.sign | D.infinity) { B.minimumNumber(D.quiet, D.sign | D.infinity, &$0) },
        Self("maxnm(1, signalling)", gives: D.signallingMadeQuiet, Status.invalid) {
            B.maximumNumber(D.one, D.signalling, &$0)
        },
        Self("maxnm(quiet, quiet)", gives: D.quiet) { B.maximumNumber(D.quiet, D.otherQuiet, &$0) },
        Self("max(least, −least)", gives: D.least) { B.maximum(D.least, D.sign | D.least, &$0) },
        Self("max(−least, −1)", Control.flush, gives: D.sign, Status.inputFlushed) {
            B.maximum(D.sign | D.least, D.sign | D.one, &$0)
        },
    ]
}
