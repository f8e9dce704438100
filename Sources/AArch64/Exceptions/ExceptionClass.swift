/// The exception class, ESR_EL1.EC, which identifies the cause of an exception.
///
/// Arm ARM, DDI 0487, "ESR_EL1, Exception Syndrome Register (EL1)", table of EC encodings.
public enum ExceptionClass: UInt8, CaseIterable, Sendable {
    /// An exception with an unknown reason, such as an UNDEFINED instruction.
    case unknown = 0x00
    /// A trapped WFI, WFE, WFIT or WFET instruction.
    case waitInstruction = 0x01
    /// A trapped MCR or MRC access with coproc 0b1111 (AArch32).
    case cp15Register32 = 0x03
    /// A trapped MCRR or MRRC access with coproc 0b1111 (AArch32).
    case cp15Register64 = 0x04
    /// A trapped MCR or MRC access with coproc 0b1110 (AArch32).
    case cp14Register32 = 0x05
    /// A trapped LDC or STC access (AArch32).
    case cp14LoadStore = 0x06
    /// A trapped access to SVE, Advanced SIMD or floating-point functionality.
    case floatingPointAccess = 0x07
    /// A trapped VMRS access (AArch32).
    case vmrsAccess = 0x08
    /// An instruction of an extension with a trap of its own, such as LD64B.
    case otherTrap = 0x0a
    /// A trapped MRRC access with coproc 0b1110 (AArch32).
    case cp14Register64 = 0x0c
    /// A Branch Target exception (FEAT_BTI).
    case branchTarget = 0x0d
    /// An Illegal Execution state exception.
    case illegalState = 0x0e
    /// An SVC instruction in AArch32 state.
    case svc32 = 0x11
    /// An HVC instruction in AArch32 state.
    case hvc32 = 0x12
    /// An SMC instruction in AArch32 state.
    case smc32 = 0x13
    /// A trapped MSRR, MRRS or 128-bit system instruction.
    case systemInstruction128 = 0x14
    /// An SVC instruction in AArch64 state.
    case svc64 = 0x15
    /// An HVC instruction in AArch64 state.
    case hvc64 = 0x16
    /// An SMC instruction in AArch64 state.
    case smc64 = 0x17
    /// A trapped MSR, MRS or system instruction in AArch64 state.
    case systemInstruction = 0x18
    /// A trapped access to SVE functionality.
    case sveAccess = 0x19
    /// A trapped ERET, ERETAA or ERETAB instruction.
    case exceptionReturnTrap = 0x1a
    /// A TSTART instruction at EL0 (FEAT_TME).
    case transactionStart = 0x1b
    /// A failed pointer authentication (FEAT_FPAC).
    case pointerAuthenticationFailure = 0x1c
    /// A trapped access to SME functionality.
    case smeAccess = 0x1d
    /// An Instruction Abort from a lower Exception level.
    case instructionAbortLowerEL = 0x20
    /// An Instruction Abort taken without a change in Exception level.
    case instructionAbortSameEL = 0x21
    /// A PC alignment fault.
    case pcAlignment = 0x22
    /// A Data Abort from a lower Exception level.
    case dataAbortLowerEL = 0x24
    /// A Data Abort taken without a change in Exception level.
    case dataAbortSameEL = 0x25
    /// An SP alignment fault.
    case spAlignment = 0x26
    /// A Memory Copy or Memory Set exception (FEAT_MOPS).
    case memoryOperation = 0x27
    /// A trapped floating-point exception in AArch32 state.
    case floatingPointException32 = 0x28
    /// A trapped floating-point exception in AArch64 state.
    case floatingPointException64 = 0x2c
    /// A Guarded Control Stack exception (FEAT_GCS).
    case guardedControlStack = 0x2d
    /// An SError exception.
    case sError = 0x2f
    /// A Breakpoint exception from a lower Exception level.
    case breakpointLowerEL = 0x30
    /// A Breakpoint exception taken without a change in Exception level.
    case breakpointSameEL = 0x31
    /// A Software Step exception from a lower Exception level.
    case softwareStepLowerEL = 0x32
    /// A Software Step exception taken without a change in Exception level.
    case softwareStepSameEL = 0x33
    /// A Watchpoint exception from a lower Exception level.
    case watchpointLowerEL = 0x34
    /// A Watchpoint exception taken without a change in Exception level.
    case watchpointSameEL = 0x35
    /// A BKPT instruction in AArch32 state.
    case bkpt32 = 0x38
    /// A Vector Catch exception in AArch32 state.
    case vectorCatch32 = 0x3a
    /// A BRK instruction in AArch64 state.
    case brk64 = 0x3c

    /// The cause described for the user.
    public var text: String {
        switch self {
        case .unknown: "unknown reason (UNDEFINED instruction)"
        case .waitInstruction: "trapped WFI or WFE"
        case .cp15Register32: "trapped MCR or MRC (CP15)"
        case .cp15Register64: "trapped MCRR or MRRC (CP15)"
        case .cp14Register32: "trapped MCR or MRC (CP14)"
        case .cp14LoadStore: "trapped LDC or STC"
        case .floatingPointAccess: "access to SIMD or floating point"
        case .vmrsAccess: "trapped VMRS"
        case .otherTrap: "other trapped instruction"
        case .cp14Register64: "trapped MRRC (CP14)"
        case .branchTarget: "branch target exception"
        case .illegalState: "illegal execution state"
        case .svc32: "SVC (AArch32)"
        case .hvc32: "HVC (AArch32)"
        case .smc32: "SMC (AArch32)"
        case .systemInstruction128: "trapped MSRR, MRRS or SYSP"
        case .svc64: "SVC"
        case .hvc64: "HVC"
        case .smc64: "SMC"
        case .systemInstruction: "trapped MSR, MRS or system instruction"
        case .sveAccess: "access to SVE"
        case .exceptionReturnTrap: "trapped ERET"
        case .transactionStart: "TSTART at EL0"
        case .pointerAuthenticationFailure: "pointer authentication failure"
        case .smeAccess: "access to SME"
        case .instructionAbortLowerEL: "instruction abort from a lower EL"
        case .instructionAbortSameEL: "instruction abort from the same EL"
        case .pcAlignment: "PC alignment fault"
        case .dataAbortLowerEL: "data abort from a lower EL"
        case .dataAbortSameEL: "data abort from the same EL"
        case .spAlignment: "SP alignment fault"
        case .memoryOperation: "memory copy or set exception"
        case .floatingPointException32: "floating-point exception (AArch32)"
        case .floatingPointException64: "floating-point exception"
        case .guardedControlStack: "guarded control stack exception"
        case .sError: "SError"
        case .breakpointLowerEL: "breakpoint from a lower EL"
        case .breakpointSameEL: "breakpoint from the same EL"
        case .softwareStepLowerEL: "software step from a lower EL"
        case .softwareStepSameEL: "software step from the same EL"
        case .watchpointLowerEL: "watchpoint from a lower EL"
        case .watchpointSameEL: "watchpoint from the same EL"
        case .bkpt32: "BKPT (AArch32)"
        case .vectorCatch32: "vector catch (AArch32)"
        case .brk64: "BRK"
        }
    }
}
