/// The default operand and address size of the code segment.
///
/// SDM volume 3A, 3.4.5 "Segment Descriptors", D and L flags.
public enum CodeSize: Hashable, Sendable, CaseIterable {
    /// 16-bit code.
    case bits16
    /// 32-bit code.
    case bits32
    /// 64-bit code.
    case bits64

    /// Determines the code size from the mode of the CPU and the flags of the code segment.
    ///
    /// - Parameters:
    ///   - longMode: EFER.LMA.
    ///   - l: the L flag of the code segment.
    ///   - d: the D flag of the code segment.
    public init(longMode: Bool, l: Bool, d: Bool) {
        self = longMode && l ? .bits64 : d ? .bits32 : .bits16
    }

    /// Returns the number of bytes that PUSHF and POPF transfer, or that each value in the stack frame of IRET has.
    ///
    /// Without a prefix, PUSHF and POPF have 8 bytes in 64-bit mode, and IRET has 4.
    func operandSize(hasOperandSizePrefix: Bool, hasREXW: Bool, defaultsTo64: Bool) -> Int {
        switch self {
        case .bits16: hasOperandSizePrefix ? 4 : 2
        case .bits32: hasOperandSizePrefix ? 2 : 4
        case .bits64: hasREXW ? 8 : hasOperandSizePrefix ? 2 : defaultsTo64 ? 8 : 4
        }
    }
}
