/// A register outside `g` packets: a control or debug register, a segment base or limit, or an MSR.
///
/// The raw value plus ``firstNumber`` is the number in `p` and `P`, so new cases must be added at the end.
public enum SystemRegister: Int, CaseIterable, Hashable, Sendable {
    /// Control registers.
    case cr0, cr2, cr3, cr4, cr8
    /// IA32_EFER.
    case efer
    /// IA32_KERNEL_GS_BASE.
    case kernelGSBase
    /// Debug registers.
    case dr0, dr1, dr2, dr3, dr6, dr7
    /// The bases and the limits of GDTR and IDTR.
    case gdtBase, gdtLimit, idtBase, idtLimit
    /// The segment bases of LDTR and TR.
    case ldtBase, taskBase
    /// IA32_STAR, IA32_LSTAR, IA32_CSTAR and IA32_FMASK, the MSRs of SYSCALL.
    case star, lstar, cstar, sfmask
    /// IA32_APIC_BASE, IA32_PAT and IA32_TIME_STAMP_COUNTER.
    case apicBase, pat, tsc

    /// The number of the first system register, which is greater than those of all registers in `g`.
    public static let firstNumber = 0x8000

    /// The number in the target description.
    public var number: Int { Self.firstNumber + rawValue }

    /// The name in the target description, which is QEMU's if QEMU has the register.
    ///
    /// Scripts look up names such as `cr3` and `k_gs_base`.
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

    /// The MSR address for RDMSR, or nil if the register is not an MSR.
    ///
    /// SDM volume 4, "Model-Specific Registers", table 2-2 (IA32_TIME_STAMP_COUNTER, IA32_APIC_BASE, IA32_PAT,
    /// IA32_EFER, IA32_STAR …).
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

    /// The type in the target description: a flags type if the fields are described, otherwise a 64-bit integer.
    ///
    /// No register has a pointer type, because GDB refuses arithmetic on pointers.
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
