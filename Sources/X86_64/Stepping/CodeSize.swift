/// How the code segment has instructions decoded (SDM volume 3A, 3.4.5 "Segment Descriptors", D and L flags).
public enum CodeSize: Hashable, Sendable, CaseIterable {
    case bits16
    case bits32
    case bits64

    /// - Parameters:
    ///   - longMode: EFER.LMA.
    ///   - l: the code segment's L flag.
    ///   - d: its D flag.
    public init(longMode: Bool, l: Bool, d: Bool) {
        self = longMode && l ? .bits64 : d ? .bits32 : .bits16
    }

    /// The bytes that PUSHF and POPF move, and each field of IRET's frame has.
    ///
    /// In 64-bit mode PUSHF and POPF have 8 bytes and IRET 4, unless a prefix says otherwise.
    func operandSize(hasOperandSizePrefix: Bool, hasREXW: Bool, defaultsTo64: Bool) -> Int {
        switch self {
        case .bits16: hasOperandSizePrefix ? 4 : 2
        case .bits32: hasOperandSizePrefix ? 2 : 4
        case .bits64: hasREXW ? 8 : hasOperandSizePrefix ? 2 : defaultsTo64 ? 8 : 4
        }
    }
}
