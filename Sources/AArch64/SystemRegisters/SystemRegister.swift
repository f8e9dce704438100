/// One row of the system-register table.
public struct SystemRegister: Sendable {
    /// What MRS and MSR can do at the register's own Exception level and above.
    public enum Access: UInt8, Sendable {
        case readOnly
        case writeOnly
        case readWrite

        @inlinable public var canRead: Bool { self != .writeOnly }
        @inlinable public var canWrite: Bool { self != .readOnly }
    }

    /// What lets EL0 in.
    ///
    /// A closed gate traps the access to EL1 with exception class 0x18, where a register EL0 never has is UNDEFINED.
    public enum EL0Gate: UInt8, Sendable {
        /// EL0 can never access it: UNDEFINED.
        case never
        case always
        /// SCTLR_EL1.UCT.
        case cacheType
        /// SCTLR_EL1.UMA.
        case interruptMasks
        /// CNTKCTL_EL1.EL0PCTEN for the counter; the frequency needs this or EL0VCTEN.
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
        /// CPACR_EL1.FPEN lets EL0 use floating point; a closed gate has exception class 0x07.
        case floatingPoint
        /// SCTLR_EL1.TSCXT is 0.
        case softwareContext
    }

    /// The Arm ARM's name.
    public let name: String
    public let encoding: SystemRegisterEncoding
    /// At `minimumEL` and above.
    public let access: Access
    /// The lowest Exception level that has the register whatever the controls: EL1 for most, EL2 for SP_EL1.
    public let minimumEL: ExceptionLevel
    public let el0Gate: EL0Gate
    /// What EL0 may do when its gate is open; TPIDRRO_EL0, for one, only EL1 may write.
    public let el0Access: Access
    /// The features without any of which the encoding is UNDEFINED; empty if there always.
    public let requires: ArchitectureFeatures
    /// The value after a cold reset where the architecture fixes one, and otherwise a safe one.
    ///
    /// For an ID register, 0: its value is the implementation's.
    public let reset: UInt64
    /// What it is for, in a few words.
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

    /// Whether an access is one that `level` has at all, its gate open; otherwise the instruction is UNDEFINED.
    public func isAccessible(at level: ExceptionLevel, write: Bool, features: ArchitectureFeatures = .all) -> Bool {
        guard requires.isEmpty || !requires.isDisjoint(with: features) else { return false }
        if level == .el0 {
            return el0Gate != .never && (write ? el0Access.canWrite : el0Access.canRead)
        }
        return level >= minimumEL && (write ? access.canWrite : access.canRead)
    }
}
