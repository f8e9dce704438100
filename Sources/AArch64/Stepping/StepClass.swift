/// The classes of instructions that need different treatment when a step masks interrupts in PSTATE.DAIF.
///
/// If the hypervisor cannot hold interrupts back during a step, the debugger sets PSTATE.DAIF for the step and restores
/// it afterwards. The guest must not observe this, so instructions that read or write PSTATE, take an exception or wait
/// are classified before the step. ``StepFixUp`` has the corrections.
public enum StepClass: Hashable, Sendable {
    /// An instruction that needs no special treatment: PSTATE.DAIF is restored.
    case plain
    /// MRS Xt, DAIF: Xt must receive the masks of the guest.
    case readsDAIF(register: UInt8)
    /// MSR DAIF, Xt: PSTATE.DAIF has the written value after the step, so it is not restored.
    case writesDAIF
    /// MSR DAIFSet, #imm: DAIF becomes the masks of the guest together with those in the immediate.
    case setsDAIF(UInt8)
    /// MSR DAIFClr, #imm: DAIF becomes the masks of the guest without those in the immediate.
    case clearsDAIF(UInt8)
    /// MSR to another field of PSTATE (SPSel, PAN …): only DAIF is restored.
    case writesPSTATE
    /// ERET, ERETAA and ERETAB: PSTATE comes from SPSR_EL1, so nothing is restored.
    case exceptionReturn
    /// An exception generating instruction: SPSR_EL1 must receive the masks of the guest.
    case exceptionGenerating(Generated)
    /// WFI, WFE, WFIT and WFET, which must not be executed, because the vCPU may wait forever.
    ///
    /// To advance PC past the instruction is an outcome that the architecture permits.
    case waits
    /// A Load-Exclusive: a step would clear the exclusive monitor, so its sequence must run as a whole.
    ///
    /// ``ExclusiveSequence`` finds the end of the sequence.
    case exclusiveLoad

    /// The exception generating instructions: SVC, HVC, SMC, BRK and HLT.
    public enum Generated: Hashable, Sendable { case svc, hvc, smc, brk, hlt }

    /// Classifies the instruction word at PC.
    public init(_ word: UInt32) {
        for row in Self.rows where word & row.mask == row.bits {
            self = row.make(word)
            return
        }
        self = Self.classifySystemMove(word)
    }

    /// A pattern of fixed bits with the class of the words that match it.
    private struct Row {
        var mask: UInt32
        var bits: UInt32
        var make: @Sendable (UInt32) -> StepClass
    }

    /// The instructions that fixed bits identify (Arm ARM, C4.1 "A64 instruction set encoding").
    private static let rows: [Row] = [
        // MSR (immediate): 1101010100000 op1 0100 CRm op2 11111.
        Row(mask: 0xffff_f0ff, bits: 0xd503_40df) { .setsDAIF(UInt8(truncatingIfNeeded: $0 >> 8) & 0xf) },
        Row(mask: 0xffff_f0ff, bits: 0xd503_40ff) { .clearsDAIF(UInt8(truncatingIfNeeded: $0 >> 8) & 0xf) },
        // ERET; ERETAA, ERETAB.
        Row(mask: 0xffff_ffff, bits: 0xd69f_03e0) { _ in .exceptionReturn },
        Row(mask: 0xffff_fbff, bits: 0xd69f_0bff) { _ in .exceptionReturn },
        // Exception generation: 11010100 opc imm16 op2 LL.
        Row(mask: 0xffe0_001f, bits: 0xd400_0001) { _ in .exceptionGenerating(.svc) },
        Row(mask: 0xffe0_001f, bits: 0xd400_0002) { _ in .exceptionGenerating(.hvc) },
        Row(mask: 0xffe0_001f, bits: 0xd400_0003) { _ in .exceptionGenerating(.smc) },
        Row(mask: 0xffe0_001f, bits: 0xd420_0000) { _ in .exceptionGenerating(.brk) },
        Row(mask: 0xffe0_001f, bits: 0xd440_0000) { _ in .exceptionGenerating(.hlt) },
        // WFE and WFI are hints; WFET and WFIT have a register.
        Row(mask: 0xffff_ffdf, bits: 0xd503_205f) { _ in .waits },
        Row(mask: 0xffff_ffc0, bits: 0xd503_1000) { _ in .waits },
        // Load exclusive register: size 001000 0 1 0; pair: 1 sz 001000 0 1 1.
        Row(mask: 0x3fe0_0000, bits: 0x0840_0000) { _ in .exclusiveLoad },
        Row(mask: 0xbfe0_0000, bits: 0x8860_0000) { _ in .exclusiveLoad },
    ]

    /// Classifies MRS, MSR (register), and MSR (immediate) to fields other than DAIF; any other word is plain.
    private static func classifySystemMove(_ word: UInt32) -> StepClass {
        if word & 0xfff8_f01f == 0xd500_401f { return isStateField(word) ? .writesPSTATE : .plain }
        guard word & 0xffd0_0000 == 0xd510_0000 else { return .plain }
        let encoding = SystemRegisterEncoding(instruction: word)
        let isRead = word[bit: 21]
        switch encoding {
        case .daif: return isRead ? .readsDAIF(register: UInt8(word & 31)) : .writesDAIF
        case .nzcv, .spSel, .pan, .uao, .allint, .dit, .ssbs, .tco: return isRead ? .plain : .writesPSTATE
        default: return .plain
        }
    }

    /// Returns whether op1:op2 of an MSR (immediate) selects a PSTATE field other than DAIF.
    ///
    /// CFINV, XAFLAG and AXFLAG share the encoding space but have no field.
    private static func isStateField(_ word: UInt32) -> Bool {
        switch (word[bits: 16...18], word[bits: 5...7]) {
        case (0, 3), (0, 4), (0, 5): true  // UAO, PAN, SPSel
        case (1, 0): word[bits: 9...11] == 0  // ALLINT
        case (3, 1), (3, 2), (3, 4): true  // SSBS, DIT, TCO
        default: false
        }
    }
}
