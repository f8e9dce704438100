/// A register outside of `g`: control and debug registers, segment bases and MSRs a debugger reads.
///
/// The raw value, added to ``firstNumber``, is its number in `p` and `P`, so rows are only ever added at the end.
public enum SystemRegister: Int, CaseIterable, Hashable, Sendable {
    case cr0, cr2, cr3, cr4, cr8
    case efer
    case kernelGSBase
    case dr0, dr1, dr2, dr3, dr6, dr7
    case gdtBase, gdtLimit, idtBase, idtLimit
    case ldtBase, taskBase
    case star, lstar, cstar, sfmask
    case apicBase, pat, tsc

    /// The number of the first one; all of `g` is below.
    public static let firstNumber = 0x8000

    public var number: Int { Self.firstNumber + rawValue }

    /// The register's name, QEMU's where that has one: scripts look `cr3` and `k_gs_base` up.
    public var name: String {
        switch self {
        case .kernelGSBase: "k_gs_base"
        case .gdtBase: "gdt_base"
        case .gdtLimit: "gdt_limit"
        case .idtBase: "idt_base"
        case .idtLimit: "idt_limit"
        case .ldtBase: "ldt_base"
        case .taskBase: "tr_base"
        case .apicBase: "apic_base"
        default: "\(self)"
        }
    }

    /// The index for RDMSR, where the register is an MSR.
    ///
    /// SDM volume 4, "Model-Specific Registers", table 2-2 (IA32_TIME_STAMP_COUNTER, IA32_APIC_BASE, IA32_PAT, IA32_EFER,
    /// IA32_STAR …).
    public var msr: UInt32? {
        switch self {
        case .tsc: 0x10
        case .apicBase: 0x1b
        case .pat: 0x277
        case .efer: 0xc000_0080
        case .star: 0xc000_0081
        case .lstar: 0xc000_0082
        case .cstar: 0xc000_0083
        case .sfmask: 0xc000_0084
        case .kernelGSBase: 0xc000_0102
        default: nil
        }
    }

    /// Flags where there are fields, and plain numbers otherwise: GDB refuses to compute with pointers.
    var type: String {
        switch self {
        case .cr0: "x86_cr0"
        case .cr4: "x86_cr4"
        case .efer: "x86_efer"
        case .dr6: "x86_dr6"
        case .dr7: "x86_dr7"
        case .sfmask: "x86_rflags"
        default: "uint64"
        }
    }
}
