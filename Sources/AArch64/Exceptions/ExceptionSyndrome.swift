/// A value of ESR_EL1: ISS2 in bits 55:32, EC in bits 31:26, IL in bit 25, ISS in bits 24:0.
public struct ExceptionSyndrome: RawRepresentable, Hashable, Sendable {
    /// The value of the register.
    public var rawValue: UInt64

    /// Creates a syndrome from the value of the register.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Creates a syndrome with IL set.
    ///
    /// IL is 1 for every exception from AArch64 state: A64 instructions have 32 bits, and the classes that report no
    /// instruction set it too. Bits of `iss` above 24 are ignored.
    @inlinable
    public init(_ exceptionClass: ExceptionClass, iss: UInt32 = 0) {
        rawValue = UInt64(exceptionClass.rawValue) << 26 | 1 << 25 | UInt64(iss & 0x1ff_ffff)
    }

    /// EC, or nil if its value is reserved.
    public var exceptionClass: ExceptionClass? { ExceptionClass(rawValue: UInt8(rawValue[bits: 26...31])) }
    /// IL: whether the instruction has 32 bits.
    public var il: Bool { rawValue[bit: 25] }
    /// ISS, bits 24:0; its fields depend on the exception class.
    public var iss: UInt32 { UInt32(rawValue[bits: 0...24]) }
    /// ISS2, bits 55:32.
    public var iss2: UInt32 { UInt32(rawValue[bits: 32...55]) }
}

extension ExceptionSyndrome {
    /// WnR, bit 6 of the ISS of a Data Abort or a Watchpoint exception.
    ///
    /// Arm ARM, ESR_EL1, "ISS encoding for an exception from a Data Abort" and "… from a Watchpoint exception".
    public var isWrite: Bool { rawValue[bit: 6] }

    /// Returns the syndrome that a debug exception routed to EL2 has when EL1 takes it instead, and whether it sets
    /// FAR_EL1.
    ///
    /// ESR_EL2 reports every debug exception from EL0 and EL1 as one from a lower Exception level. All debug exceptions
    /// except BRK have one class for a lower level and one for the same level (Arm ARM, ESR_EL1, EC).
    /// - Parameter level: the Exception level that the exception is taken from.
    public func debugExceptionTakenToEL1(from level: ExceptionLevel) -> (syndrome: Self, setsFAR: Bool) {
        let same: ExceptionClass
        switch exceptionClass {
        case .breakpointLowerEL: same = .breakpointSameEL
        case .softwareStepLowerEL: same = .softwareStepSameEL
        case .watchpointLowerEL: same = .watchpointSameEL
        default: return (self, false)
        }
        let setsFAR = exceptionClass == .watchpointLowerEL
        guard level >= .el1 else { return (self, setsFAR) }
        return (Self(rawValue: rawValue & ~(0x3f << 26) | UInt64(same.rawValue) << 26), setsFAR)
    }
}

/// The direction of a trapped MSR, MRS or system instruction.
///
/// The raw value is bit 0 of the ISS.
public enum SystemRegisterDirection: UInt8, Sendable {
    /// MSR or SYS.
    case write = 0
    /// MRS or SYSL.
    case read = 1
}

/// Syndromes of the exception classes that an AArch64 machine with EL0 and EL1 reports.
///
/// The parameter `from` is the Exception level that the exception is taken from; the target is EL1.
extension ExceptionSyndrome {
    /// The syndrome of an UNDEFINED instruction and of every exception without a class of its own.
    public static let undefined = ExceptionSyndrome(.unknown)
    /// The syndrome of an Illegal Execution state exception.
    public static let illegalState = ExceptionSyndrome(.illegalState)
    /// The syndrome of a PC alignment fault.
    public static let pcAlignment = ExceptionSyndrome(.pcAlignment)
    /// The syndrome of an SP alignment fault.
    public static let spAlignment = ExceptionSyndrome(.spAlignment)
    /// The syndrome of an access to SIMD or floating point that CPACR_EL1.FPEN traps.
    ///
    /// CV is 1 and COND is 0b1110, as for every A64 instruction.
    public static let floatingPointAccess = ExceptionSyndrome(.floatingPointAccess, iss: 0x1e0_0000)
    /// The syndrome of an access to SVE that CPACR_EL1.ZEN traps.
    public static let sveAccess = ExceptionSyndrome(.sveAccess)

    /// The instruction of a trapped WFI or WFE; the raw value is the TI field.
    public enum WaitInstruction: UInt8, Sendable {
        /// WFI.
        case wfi = 0b00
        /// WFE.
        case wfe = 0b01
        /// WFIT.
        case wfit = 0b10
        /// WFET.
        case wfet = 0b11
    }

    /// Returns the syndrome of a trapped WFI, WFE, WFIT or WFET.
    ///
    /// - Parameter register: the number of the register that holds the timeout of WFIT or WFET; nil for WFI and WFE.
    public static func wait(_ instruction: WaitInstruction, register: UInt8? = nil) -> Self {
        var iss: UInt32 = 0x1e0_0000 | UInt32(instruction.rawValue)
        if let register { iss |= UInt32(register & 31) << 5 | 1 << 2 }
        return Self(.waitInstruction, iss: iss)
    }

    /// Returns the syndrome of an SVC instruction.
    public static func svc(_ immediate: UInt16) -> Self { Self(.svc64, iss: UInt32(immediate)) }
    /// Returns the syndrome of an HVC instruction.
    public static func hvc(_ immediate: UInt16) -> Self { Self(.hvc64, iss: UInt32(immediate)) }
    /// Returns the syndrome of an SMC instruction.
    public static func smc(_ immediate: UInt16) -> Self { Self(.smc64, iss: UInt32(immediate)) }
    /// Returns the syndrome of a BRK instruction; `comment` is its immediate.
    public static func brk(_ comment: UInt16) -> Self { Self(.brk64, iss: UInt32(comment)) }
    /// Returns the syndrome of a Branch Target exception with the given PSTATE.BTYPE.
    public static func branchTarget(btype: UInt8) -> Self { Self(.branchTarget, iss: UInt32(btype & 3)) }

    /// Returns the syndrome of a trapped MSR, MRS or system instruction.
    ///
    /// The ISS has Op0 in bits 21:20, Op2 in 19:17, Op1 in 16:14, CRn in 13:10, Rt in 9:5, CRm in 4:1 and the direction
    /// in bit 0. A system instruction has op0 1 in `encoding`.
    public static func systemInstruction(
        _ encoding: SystemRegisterEncoding, register: UInt8, direction: SystemRegisterDirection
    ) -> Self {
        var iss = UInt32(encoding.op0) << 20 | UInt32(encoding.op2) << 17 | UInt32(encoding.op1) << 14
        iss |= UInt32(encoding.crn) << 10 | UInt32(encoding.crm) << 1
        iss |= UInt32(register & 31) << 5 | UInt32(direction.rawValue)
        return Self(.systemInstruction, iss: iss)
    }

    /// Returns the syndrome of an Instruction Abort.
    ///
    /// - Parameters:
    ///   - external: EA.
    ///   - farNotValid: FnV.
    public static func instructionAbort(
        _ status: FaultStatus, from level: ExceptionLevel, external: Bool = false, farNotValid: Bool = false
    ) -> Self {
        let iss = UInt32(status.code) | flag(external, 9) | flag(farNotValid, 10)
        return Self(level == .el0 ? .instructionAbortLowerEL : .instructionAbortSameEL, iss: iss)
    }

    /// Returns the syndrome of a Data Abort.
    ///
    /// ISV and the fields that it makes valid are 0, because they describe stage 2 aborts, which EL1 does not take.
    /// - Parameters:
    ///   - write: WnR. A read-modify-write has 0 if a read alone would have failed too; cache maintenance has 1.
    ///   - cacheMaintenance: CM, which is set for DC (except DC ZVA) and IC by address and for AT.
    ///   - external: EA.
    ///   - farNotValid: FnV.
    ///   - stageOneWalk: S1PTW.
    public static func dataAbort(
        _ status: FaultStatus, from level: ExceptionLevel, write: Bool, cacheMaintenance: Bool = false,
        external: Bool = false, farNotValid: Bool = false, stageOneWalk: Bool = false
    ) -> Self {
        var iss = UInt32(status.code) | flag(write || cacheMaintenance, 6) | flag(stageOneWalk, 7)
        iss |= flag(cacheMaintenance, 8) | flag(external, 9) | flag(farNotValid, 10)
        return Self(level == .el0 ? .dataAbortLowerEL : .dataAbortSameEL, iss: iss)
    }

    /// Returns the syndrome of the Instruction Abort or Data Abort that a translation fault causes.
    ///
    /// EA is 0, also for an external abort on a translation table walk.
    public static func abort(
        _ fault: TranslationFault, from level: ExceptionLevel, access: MemoryAccess.Kind
    ) -> Self {
        let status = FaultStatus(code: fault.statusCode)
        if access == .fetch { return instructionAbort(status, from: level) }
        return dataAbort(status, from: level, write: access == .write)
    }

    /// Returns the syndrome of an SError.
    ///
    /// - Parameter implementationDefined: an IMPLEMENTATION DEFINED syndrome of 24 bits, which sets IDS; nil for an
    ///   uncategorized SError.
    public static func sError(implementationDefined: UInt32? = nil) -> Self {
        guard let implementationDefined else { return Self(.sError) }
        return Self(.sError, iss: 1 << 24 | implementationDefined & 0xff_ffff)
    }

    /// Returns the syndrome of a Breakpoint exception.
    public static func breakpoint(from level: ExceptionLevel) -> Self {
        Self(level == .el0 ? .breakpointLowerEL : .breakpointSameEL, iss: UInt32(FaultStatus.debug.code))
    }

    /// Returns the syndrome of a Software Step exception.
    ///
    /// - Parameter loadExclusive: EX, whether the stepped instruction was a Load-Exclusive; nil if no instruction was
    ///   stepped, which leaves ISV 0.
    public static func softwareStep(from level: ExceptionLevel, loadExclusive: Bool?) -> Self {
        var iss = UInt32(FaultStatus.debug.code)
        if let loadExclusive { iss |= 1 << 24 | flag(loadExclusive, 6) }
        return Self(level == .el0 ? .softwareStepLowerEL : .softwareStepSameEL, iss: iss)
    }

    /// Returns the syndrome of a Watchpoint exception; `write` is WnR, `cacheMaintenance` is CM.
    public static func watchpoint(
        from level: ExceptionLevel, write: Bool, cacheMaintenance: Bool = false
    ) -> Self {
        let iss = UInt32(FaultStatus.debug.code) | flag(write || cacheMaintenance, 6) | flag(cacheMaintenance, 8)
        return Self(level == .el0 ? .watchpointLowerEL : .watchpointSameEL, iss: iss)
    }

    private static func flag(_ value: Bool, _ bit: UInt32) -> UInt32 { value ? 1 << bit : 0 }
}
