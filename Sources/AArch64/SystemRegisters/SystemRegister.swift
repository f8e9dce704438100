/// A system register: one row of ``SystemRegisterTable``.
public struct SystemRegister: Sendable {
    /// The accesses that a register supports.
    public enum Access: UInt8, Sendable {
        /// MRS only.
        case readOnly
        /// MSR only.
        case writeOnly
        /// MRS and MSR.
        case readWrite

        /// Whether MRS can read the register.
        @inlinable public var canRead: Bool { self != .writeOnly }
        /// Whether MSR can write the register.
        @inlinable public var canWrite: Bool { self != .readOnly }
    }

    /// The control that enables access to a register from EL0.
    ///
    /// An access that the control does not enable is trapped to EL1 with exception class 0x18. An access to a register
    /// that EL0 can never access is UNDEFINED.
    public enum EL0Gate: UInt8, Sendable {
        /// EL0 cannot access the register; an access is UNDEFINED.
        case never
        /// EL0 can always access the register.
        case always
        /// SCTLR_EL1.UCT.
        case cacheType
        /// SCTLR_EL1.UMA.
        case interruptMasks
        /// CNTKCTL_EL1.EL0PCTEN.
        case physicalCounter
        /// CNTKCTL_EL1.EL0VCTEN.
        case virtualCounter
        /// CNTKCTL_EL1.EL0PCTEN or EL0VCTEN.
        case anyCounter
        /// CNTKCTL_EL1.EL0PTEN.
        case physicalTimer
        /// CNTKCTL_EL1.EL0VTEN.
        case virtualTimer
        /// PMUSERENR_EL0.EN.
        case performanceMonitors
        /// PMUSERENR_EL0.EN or SW.
        case softwareIncrement
        /// PMUSERENR_EL0.EN or CR for a read, EN for a write.
        case cycleCounter
        /// PMUSERENR_EL0.EN or ER for a read, EN for a write.
        case eventCounter
        /// PMUSERENR_EL0.EN or ER.
        case eventSelector
        /// MDSCR_EL1.TDCC is 0.
        case debugChannel
        /// CPACR_EL1.FPEN; an access that it does not enable has exception class 0x07.
        case floatingPoint
        /// SCTLR_EL1.TSCXT is 0.
        case softwareContext
    }

    /// The name in the Arm ARM.
    public let name: String
    /// The encoding in MRS and MSR.
    public let encoding: SystemRegisterEncoding
    /// The accesses that the register supports at `minimumEL` and above.
    public let access: Access
    /// The lowest Exception level that can access the register without an enabling control.
    ///
    /// EL1 for most registers, EL2 for SP_EL1.
    public let minimumEL: ExceptionLevel
    /// The control that enables access from EL0.
    public let el0Gate: EL0Gate
    /// The accesses that the register supports at EL0 if `el0Gate` enables them.
    ///
    /// EL0 can read TPIDRRO_EL0, for example, but only EL1 can write it.
    public let el0Access: Access
    /// The features of which at least one must be present; empty if every machine has the register.
    ///
    /// Without them, the encoding is UNDEFINED.
    public let requires: ArchitectureFeatures
    /// The value after a Cold reset if the architecture defines it, otherwise a safe value.
    ///
    /// An ID register has 0 here, because its value depends on the implementation.
    public let reset: UInt64
    /// The purpose of the register in a few words.
    public let summary: String

    init(
        _ name: String, _ op0: UInt16, _ op1: UInt16, _ crn: UInt16, _ crm: UInt16, _ op2: UInt16,
        _ access: Access, minimumEL: ExceptionLevel = .el1,
        el0: EL0Gate = .never, el0Access: Access? = nil, requires: ArchitectureFeatures = [],
        reset: UInt64 = 0, _ summary: String
    ) {
        self.name = name
        self.encoding = SystemRegisterEncoding(op0, op1, crn, crm, op2)
        self.access = access
        self.minimumEL = minimumEL
        self.el0Gate = el0
        self.el0Access = el0Access ?? access
        self.requires = requires
        self.reset = reset
        self.summary = summary
    }

    /// Returns whether `level` can make an access when all controls enable it; otherwise the instruction is UNDEFINED.
    public func isAccessible(at level: ExceptionLevel, write: Bool, features: ArchitectureFeatures = .all) -> Bool {
        guard requires.isEmpty || !requires.isDisjoint(with: features) else { return false }
        if level == .el0 {
            return el0Gate != .never && (write ? el0Access.canWrite : el0Access.canRead)
        }
        return level >= minimumEL && (write ? access.canWrite : access.canRead)
    }
}
