/// What an instruction does to a step that is made with interrupts masked in the guest's own PSTATE.
///
/// Where interrupts can't be held off outside the guest, PSTATE.DAIF is set for the step and put back after it. That
/// is invisible only if these instructions are known beforehand: see ``StepFixUp``.
public enum StepClass: Hashable, Sendable {
    /// Nothing special: PSTATE.DAIF is put back.
    case plain
    /// MRS Xt, DAIF: Xt must show the guest's own masks.
    case readsDAIF(register: UInt8)
    /// MSR DAIF, Xt: what it writes is right already.
    case writesDAIF
    /// MSR DAIFSet, #imm: the guest's own masks and the immediate.
    case setsDAIF(UInt8)
    /// MSR DAIFClr, #imm.
    case clearsDAIF(UInt8)
    /// MSR to another field of PSTATE (SPSel, PAN …): only DAIF is put back.
    case writesPSTATE
    /// ERET and its relatives: PSTATE comes from SPSR_EL1, nothing is put back.
    case exceptionReturn
    /// Takes an exception on purpose: SPSR_EL1 must get the guest's own masks.
    case exceptionGenerating(Generated)
    /// WFI, WFE and their relatives: must not be executed, for it may sleep for ever; advancing PC is a legal outcome.
    case waits
    /// LDXR and its relatives: a step would clear the exclusive monitor, so the sequence must run as one.
    case exclusiveLoad

    public enum Generated: Hashable, Sendable { case svc, hvc, smc, brk, hlt }

    /// Classifies the word at PC.
    public init(_ word: UInt32) {
        for row in Self.rows where word & row.mask == row.bits {
            self = row.make(word)
            return
        }
        self = Self.classifySystemMove(word)
    }

    private struct Row {
        var mask: UInt32
        var bits: UInt32
        var make: @Sendable (UInt32) -> StepClass
    }

    /// Arm ARM, C4.1 "A64 instruction set encoding".
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

    /// MRS and MSR (register), and MSR (immediate) to fields other than DAIF.
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

    /// op1:op2 of MSR (immediate); the other values of CFINV's space are no fields.
    private static func isStateField(_ word: UInt32) -> Bool {
        switch (word[bits: 16...18], word[bits: 5...7]) {
        case (0, 3), (0, 4), (0, 5): true  // UAO, PAN, SPSel
        case (1, 0): word[bits: 9...11] == 0  // ALLINT
        case (3, 1), (3, 2), (3, 4): true  // SSBS, DIT, TCO
        default: false
        }
    }
}
