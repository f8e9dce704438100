import AArch64CPU

/// FPCR as the tests set it.
enum Control {
    static let nearest: UInt64 = 0
    static let plusInfinity: UInt64 = 1 << 22
    static let minusInfinity: UInt64 = 2 << 22
    static let zero: UInt64 = 3 << 22
    static let flush: UInt64 = 1 << 24
    static let defaultNaN: UInt64 = 1 << 25
    static let alternativeHalf: UInt64 = 1 << 26
}

/// Cumulative bits of FPSR.
enum Status {
    static let invalid: UInt64 = 0x01
    static let divideByZero: UInt64 = 0x02
    static let overflow: UInt64 = 0x04 | inexact
    static let underflow: UInt64 = 0x08 | inexact
    static let flushed: UInt64 = 0x08
    static let inexact: UInt64 = 0x10
    static let inputFlushed: UInt64 = 0x80
}

/// One operation on chosen bits: the result and the exceptions, worked out from the Arm ARM's pseudocode.
struct FloatingPointCase: Sendable, CustomStringConvertible {
    var text: String
    var fpcr: UInt64
    var result: UInt64
    var fpsr: UInt64
    var operation: @Sendable (inout FloatingPointEnvironment) -> UInt64

    var description: String { "\(text), FPCR \(String(fpcr, radix: 16))" }

    init(
        _ text: String, _ fpcr: UInt64 = 0, gives result: UInt64, _ fpsr: UInt64 = 0,
        _ operation: @escaping @Sendable (inout FloatingPointEnvironment) -> UInt64
    ) {
        self.text = text
        self.fpcr = fpcr
        self.result = result
        self.fpsr = fpsr
        self.operation = operation
    }
}

/// Double-precision bits with names.
enum Double64 {
    static let sign: UInt64 = 1 << 63
    static let one: UInt64 = 0x3FF0_0000_0000_0000
    static let oneAndLast: UInt64 = 0x3FF0_0000_0000_0001
    static let two: UInt64 = 0x4000_0000_0000_0000
    static let infinity: UInt64 = 0x7FF0_0000_0000_0000
    static let largest: UInt64 = 0x7FEF_FFFF_FFFF_FFFF
    static let leastNormal: UInt64 = 0x0010_0000_0000_0000
    static let least: UInt64 = 1
    static let defaultNaN: UInt64 = 0x7FF8_0000_0000_0000
    static let quiet: UInt64 = 0x7FF8_0000_0000_00AA
    static let otherQuiet: UInt64 = 0xFFF8_0000_0000_00BB
    static let signalling: UInt64 = 0xFFF0_0000_0000_00CC
    static let signallingMadeQuiet: UInt64 = 0xFFF8_0000_0000_00CC
    /// Half of the last bit of one.
    static let halfLast: UInt64 = 0x3CA0_0000_0000_0000
}
