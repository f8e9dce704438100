public import TargetDescription

/// The target description of an x86-64 machine (GDB manual, "i386 Features").
///
/// The features are the core registers, SSE, the segment bases, AVX if the guest has it, and the system registers in a
/// register group. The registers are those of 64-bit mode in every CPU mode, because the layout of a `g` packet must
/// not change while a client is attached. To debug 16-bit or 32-bit code, the user selects it with `set architecture`.
public enum X86_64TargetDescription {
    /// Returns the description of a machine with or without AVX.
    public static func description(hasAVX: Bool) -> TargetDescription {
        TargetDescription(
            architecture: "i386:x86-64", osabi: "none",
            features: [core, sse, segments] + (hasAVX ? [avx] : []) + [system])
    }

    /// The feature with rax to gs, the x87 stack and the x87 control registers, numbered 0 to 39.
    public static let core = Feature(
        "org.gnu.gdb.i386.core",
        types: [TypeDescription("x86_eflags", .flags(bits: 32, fields: RegisterFields.rflags))],
        registers: DebuggerRegister.table[..<40].map { row($0) })

    /// The feature with xmm0 to xmm15 and mxcsr, numbered 40 to 56.
    public static let sse = Feature(
        "org.gnu.gdb.i386.sse",
        types: vectorTypes + [TypeDescription("x86_mxcsr", .flags(bits: 32, fields: RegisterFields.mxcsr))],
        registers: DebuggerRegister.table[40..<57].map { row($0) })

    /// The feature with fs_base and gs_base, numbered 57 and 58.
    public static let segments = Feature(
        "org.gnu.gdb.i386.segments", registers: [row(.fsBase), row(.gsBase)], isExpedited: true)

    /// The feature with the upper halves of ymm0 to ymm15, numbered 59 to 74.
    ///
    /// GDB combines them with xmm0 to xmm15.
    public static let avx = Feature("org.gnu.gdb.i386.avx", registers: (0..<16).map { row(.ymmHigh($0)) })

    /// The feature with the system registers, which `info registers system` shows.
    ///
    /// Clients transfer them with `p` and `P` only.
    public static let system = Feature(
        "org.trapline.x86_64.system",
        types: [
            TypeDescription(
                "x86_dr7_rw", .enum(bits: 32, values: [("EXECUTE", 0), ("WRITE", 1), ("IO", 2), ("ACCESS", 3)])),
            TypeDescription(
                "x86_dr7_len", .enum(bits: 32, values: [("LEN_1", 0), ("LEN_2", 1), ("LEN_8", 2), ("LEN_4", 3)])),
            TypeDescription("x86_rflags", .flags(bits: 64, fields: RegisterFields.rflags)),
            TypeDescription("x86_cr0", .flags(bits: 64, fields: RegisterFields.cr0)),
            TypeDescription("x86_cr4", .flags(bits: 64, fields: RegisterFields.cr4)),
            TypeDescription("x86_efer", .flags(bits: 64, fields: RegisterFields.efer)),
            TypeDescription("x86_dr6", .flags(bits: 64, fields: RegisterFields.dr6)),
            TypeDescription("x86_dr7", .flags(bits: 64, fields: RegisterFields.dr7)),
        ],
        registers: SystemRegister.allCases.map { row(.system($0)) })

    /// The types that describe an SSE register as a union of views, from GDB's own target description.
    private static let vectorTypes: [TypeDescription] = {
        let views: [(id: String, element: String, count: Int)] = [
            ("v8bf16", "bfloat16", 8), ("v8h", "ieee_half", 8), ("v4f", "ieee_single", 4), ("v2d", "ieee_double", 2),
            ("v16i8", "int8", 16), ("v8i16", "int16", 8), ("v4i32", "int32", 4), ("v2i64", "int64", 2),
        ]
        let members = [
            ("v8_bfloat16", "v8bf16"), ("v8_half", "v8h"), ("v4_float", "v4f"), ("v2_double", "v2d"),
            ("v16_int8", "v16i8"), ("v8_int16", "v8i16"), ("v4_int32", "v4i32"), ("v2_int64", "v2i64"),
            ("uint128", "uint128"),
        ]
        return views.map { TypeDescription($0.id, .vector(element: $0.element, count: $0.count)) }
            + [TypeDescription("vec128", .union(members: members.map { (name: $0.0, type: $0.1) }))]
    }()

    /// Returns the description of a register.
    private static func row(_ register: DebuggerRegister) -> RegisterDescription {
        var row = RegisterDescription(register.name, number: register.number, bits: register.byteCount * 8)
        switch register {
        case .general(let general):
            row.type = general == .rsp || general == .rbp ? "data_ptr" : "int64"
            row.genericName = general.genericName
        case .rip:
            row.type = "code_ptr"
            row.genericName = "pc"
        case .eflags:
            row.type = "x86_eflags"
            row.genericName = "flags"
        case .segment: row.type = "int32"
        case .st: row.type = "i387_ext"
        case .x87: (row.type, row.group) = ("int", "float")
        case .xmm: row.type = "vec128"
        case .mxcsr: (row.type, row.group) = ("x86_mxcsr", "vector")
        case .fsBase, .gsBase: row.type = "int"
        case .ymmHigh: row.type = "uint128"
        case .system(let system):
            row.type = system.type
            row.group = "system"
            row.isInGeneralPacket = false
        }
        return row
    }
}
