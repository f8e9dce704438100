/// The general-purpose registers in GDB's order, which is not the order of their encodings.
///
/// GDB manual, "i386 Features", `org.gnu.gdb.i386.core`.
public enum GeneralRegister: Int, CaseIterable, Hashable, Sendable {
    case rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp, r8, r9, r10, r11, r12, r13, r14, r15

    public var name: String { "\(self)" }

    /// LLDB's generic name, by the procedure call standard's roles (System V ABI for AMD64, 3.2.1).
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

/// The segment registers in GDB's order.
public enum SegmentRegister: Int, CaseIterable, Hashable, Sendable {
    case cs, ss, ds, es, fs, gs

    public var name: String { "\(self)" }
}

/// The x87 control registers in GDB's order.
public enum X87Register: Int, CaseIterable, Hashable, Sendable {
    case fctrl, fstat, ftag, fiseg, fioff, foseg, fooff, fop

    public var name: String { "\(self)" }
}
