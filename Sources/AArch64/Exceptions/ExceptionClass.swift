/// ESR_EL1.EC: what caused an exception.
///
/// Arm ARM, DDI 0487, "ESR_EL1, Exception Syndrome Register (EL1)", table of EC encodings.
public enum ExceptionClass: UInt8, CaseIterable, Sendable {
    case unknown = 0x00
    case waitInstruction = 0x01
    case cp15Register32 = 0x03
    case cp15Register64 = 0x04
    case cp14Register32 = 0x05
    case cp14LoadStore = 0x06
    case floatingPointAccess = 0x07
    case vmrsAccess = 0x08
    case otherTrap = 0x0a
    case cp14Register64 = 0x0c
    case branchTarget = 0x0d
    case illegalState = 0x0e
    case svc32 = 0x11
    case hvc32 = 0x12
    case smc32 = 0x13
    case systemInstruction128 = 0x14
    case svc64 = 0x15
    case hvc64 = 0x16
    case smc64 = 0x17
    case systemInstruction = 0x18
    case sveAccess = 0x19
    case exceptionReturnTrap = 0x1a
    case transactionStart = 0x1b
    case pointerAuthenticationFailure = 0x1c
    case smeAccess = 0x1d
    case instructionAbortLowerEL = 0x20
    case instructionAbortSameEL = 0x21
    case pcAlignment = 0x22
    case dataAbortLowerEL = 0x24
    case dataAbortSameEL = 0x25
    case spAlignment = 0x26
    case memoryOperation = 0x27
    case floatingPointException32 = 0x28
    case floatingPointException64 = 0x2c
    case guardedControlStack = 0x2d
    case sError = 0x2f
    case breakpointLowerEL = 0x30
    case breakpointSameEL = 0x31
    case softwareStepLowerEL = 0x32
    case softwareStepSameEL = 0x33
    case watchpointLowerEL = 0x34
    case watchpointSameEL = 0x35
    case bkpt32 = 0x38
    case vectorCatch32 = 0x3a
    case brk64 = 0x3c

    /// The cause in words.
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
