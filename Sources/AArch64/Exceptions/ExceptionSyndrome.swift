/// A value of ESR_EL1: EC in bits 31:26, IL in 25, ISS in 24:0, ISS2 above 31.
public struct ExceptionSyndrome: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// IL is 1: A64 instructions have 32 bits, and the classes without an instruction have it set too.
    @inlinable
    public init(_ exceptionClass: ExceptionClass, iss: UInt32 = 0) {
        rawValue = UInt64(exceptionClass.rawValue) << 26 | 1 << 25 | UInt64(iss & 0x1ff_ffff)
    }

    /// nil for an encoding that is reserved.
    public var exceptionClass: ExceptionClass? { ExceptionClass(rawValue: UInt8(rawValue[bits: 26...31])) }
    public var il: Bool { rawValue[bit: 25] }
    public var iss: UInt32 { UInt32(rawValue[bits: 0...24]) }
    public var iss2: UInt32 { UInt32(rawValue[bits: 32...55]) }
}

extension ExceptionSyndrome {
    /// WnR, bit 6 of the ISS of a data abort and of a watchpoint.
    ///
    /// Arm ARM, ESR_EL1, "ISS encoding for an exception from a Data Abort" and "… from a Watchpoint exception".
    public var isWrite: Bool { rawValue[bit: 6] }

    /// What EL1 sees of a debug exception that EL2 was told of, as from a lower level, and whether FAR_EL1 is set.
    ///
    /// Arm ARM, ESR_EL1, EC: debug exceptions but BRK have one class for a lower level and one for the same.
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

/// Which way an MSR or MRS went.
public enum SystemRegisterDirection: UInt8, Sendable {
    case write = 0
    case read = 1
}

/// The builders: one for each class an AArch64 machine with EL0 and EL1 reports.
///
/// `from` is the Exception level the exception is taken from; the target is EL1.
extension ExceptionSyndrome {
    /// An UNDEFINED instruction, and all that has no class of its own.
    public static let undefined = ExceptionSyndrome(.unknown)
    public static let illegalState = ExceptionSyndrome(.illegalState)
    public static let pcAlignment = ExceptionSyndrome(.pcAlignment)
    public static let spAlignment = ExceptionSyndrome(.spAlignment)
    /// CPACR_EL1.FPEN refused: CV is 1 and COND 0b1110, as for every A64 instruction.
    public static let floatingPointAccess = ExceptionSyndrome(.floatingPointAccess, iss: 0x1e0_0000)
    public static let sveAccess = ExceptionSyndrome(.sveAccess)

    /// TI says which instruction was trapped.
    public enum WaitInstruction: UInt8, Sendable {
        case wfi = 0b00
        case wfe = 0b01
        case wfit = 0b10
        case wfet = 0b11
    }

    /// A trapped WFI or WFE; `register` is the one with the timeout of WFIT and WFET.
    public static func wait(_ instruction: WaitInstruction, register: UInt8? = nil) -> Self {
        var iss: UInt32 = 0x1e0_0000 | UInt32(instruction.rawValue)
        if let register { iss |= UInt32(register & 31) << 5 | 1 << 2 }
        return Self(.waitInstruction, iss: iss)
    }

    public static func svc(_ immediate: UInt16) -> Self { Self(.svc64, iss: UInt32(immediate)) }
    public static func hvc(_ immediate: UInt16) -> Self { Self(.hvc64, iss: UInt32(immediate)) }
    public static func smc(_ immediate: UInt16) -> Self { Self(.smc64, iss: UInt32(immediate)) }
    public static func brk(_ comment: UInt16) -> Self { Self(.brk64, iss: UInt32(comment)) }
    public static func branchTarget(btype: UInt8) -> Self { Self(.branchTarget, iss: UInt32(btype & 3)) }

    /// A trapped MSR, MRS or SYS: Op0 21:20, Op2 19:17, Op1 16:14, CRn 13:10, Rt 9:5, CRm 4:1, direction 0.
    ///
    /// `encoding` may also be a system instruction's, with op0 1.
    public static func systemInstruction(
        _ encoding: SystemRegisterEncoding, register: UInt8, direction: SystemRegisterDirection
    ) -> Self {
        var iss = UInt32(encoding.op0) << 20 | UInt32(encoding.op2) << 17 | UInt32(encoding.op1) << 14
        iss |= UInt32(encoding.crn) << 10 | UInt32(encoding.crm) << 1
        iss |= UInt32(register & 31) << 5 | UInt32(direction.rawValue)
        return Self(.systemInstruction, iss: iss)
    }

    /// A fetch that failed.
    public static func instructionAbort(
        _ status: FaultStatus, from level: ExceptionLevel, external: Bool = false, farNotValid: Bool = false
    ) -> Self {
        let iss = UInt32(status.code) | flag(external, 9) | flag(farNotValid, 10)
        return Self(level == .el0 ? .instructionAbortLowerEL : .instructionAbortSameEL, iss: iss)
    }

    /// A data access that failed.
    ///
    /// ISV and what it makes valid stay 0: at EL1 only stage 2 aborts would have them.
    /// - Parameters:
    ///   - write: WnR. A read-modify-write has 0 if a read alone would have failed too; cache maintenance has 1.
    ///   - cacheMaintenance: CM, for a DC or IC by address (not DC ZVA) or an AT.
    public static func dataAbort(
        _ status: FaultStatus, from level: ExceptionLevel, write: Bool, cacheMaintenance: Bool = false,
        external: Bool = false, farNotValid: Bool = false, stageOneWalk: Bool = false
    ) -> Self {
        var iss = UInt32(status.code) | flag(write || cacheMaintenance, 6) | flag(stageOneWalk, 7)
        iss |= flag(cacheMaintenance, 8) | flag(external, 9) | flag(farNotValid, 10)
        return Self(level == .el0 ? .dataAbortLowerEL : .dataAbortSameEL, iss: iss)
    }

    /// The syndrome of a translation fault; an aborted walk is not an external abort of the access, so EA stays 0.
    public static func abort(
        _ fault: TranslationFault, from level: ExceptionLevel, access: MemoryAccess.Kind
    ) -> Self {
        let status = FaultStatus(code: fault.statusCode)
        if access == .fetch { return instructionAbort(status, from: level) }
        return dataAbort(status, from: level, write: access == .write)
    }

    /// An SError with an implementation defined syndrome (IDS), or an uncategorised one.
    public static func sError(implementationDefined: UInt32? = nil) -> Self {
        guard let implementationDefined else { return Self(.sError) }
        return Self(.sError, iss: 1 << 24 | implementationDefined & 0xff_ffff)
    }

    public static func breakpoint(from level: ExceptionLevel) -> Self {
        Self(level == .el0 ? .breakpointLowerEL : .breakpointSameEL, iss: UInt32(FaultStatus.debug.code))
    }

    /// - Parameter loadExclusive: EX, the stepped instruction was one; nil leaves ISV 0: no instruction was stepped.
    public static func softwareStep(from level: ExceptionLevel, loadExclusive: Bool?) -> Self {
        var iss = UInt32(FaultStatus.debug.code)
        if let loadExclusive { iss |= 1 << 24 | flag(loadExclusive, 6) }
        return Self(level == .el0 ? .softwareStepLowerEL : .softwareStepSameEL, iss: iss)
    }

    public static func watchpoint(
        from level: ExceptionLevel, write: Bool, cacheMaintenance: Bool = false
    ) -> Self {
        let iss = UInt32(FaultStatus.debug.code) | flag(write || cacheMaintenance, 6) | flag(cacheMaintenance, 8)
        return Self(level == .el0 ? .watchpointLowerEL : .watchpointSameEL, iss: iss)
    }

    private static func flag(_ value: Bool, _ bit: UInt32) -> UInt32 { value ? 1 << bit : 0 }
}
