/// A general-purpose register; the raw values have GDB's order, not that of the encodings.
///
/// GDB manual, "i386 Features", `org.gnu.gdb.i386.core`.
public enum GeneralRegister: Int, CaseIterable, Hashable, Sendable {
    /// The registers in GDB's order.
    case rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp, r8, r9, r10, r11, r12, r13, r14, r15

    /// The name in the target description.
    public var name: String { "\(self)" }

    /// LLDB's generic name, from the role of the register in the System V ABI for AMD64, 3.2.1; nil if it has none.
    var genericName: String? {
        switch self {
        case .rbp: "fp"
        case .rsp: "sp"
        case .rdi: "arg1"
        case .rsi: "arg2"
        case .rdx: "arg3"
        case .rcx: "arg4"
        case .r8: "arg5"
        case .r9: "arg6"
        default: nil
        }
    }
}

/// A segment register; the raw values have GDB's order.
public enum SegmentRegister: Int, CaseIterable, Hashable, Sendable {
    /// The registers in GDB's order.
    case cs, ss, ds, es, fs, gs

    /// The name in the target description.
    public var name: String { "\(self)" }
}

/// An x87 control register; the raw values have GDB's order.
public enum X87Register: Int, CaseIterable, Hashable, Sendable {
    /// The control, status and tag words, the last instruction and operand pointers, and the last opcode.
    case fctrl, fstat, ftag, fiseg, fioff, foseg, fooff, fop

    /// The name in the target description.
    public var name: String { "\(self)" }
}
