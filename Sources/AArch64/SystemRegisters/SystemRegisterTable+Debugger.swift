extension SystemRegister {
    /// Whether reading it changes something: an interrupt acknowledged, a word taken out of a channel.
    ///
    /// A debugger that shows all registers must never do that.
    public var hasReadSideEffects: Bool {
        switch encoding {
        // ICC_IAR0_EL1, ICC_IAR1_EL1, ICC_NMIAR1_EL1.
        case .init(3, 0, 12, 8, 0), .init(3, 0, 12, 12, 0), .init(3, 0, 12, 9, 5): true
        // DBGDTR_EL0, DBGDTRRX_EL0.
        case .init(2, 3, 0, 4, 0), .init(2, 3, 0, 5, 0): true
        // RNDR, RNDRRS: they set the flags.
        case .init(3, 3, 2, 4, 0), .init(3, 3, 2, 4, 1): true
        default: false
        }
    }

    /// Whether it is a view of a register that a debugger has under another name: PSTATE's fields, fpsr and fpcr.
    public var isPartOfCoreRegister: Bool {
        switch encoding {
        case .nzcv, .daif, .currentEL, .spSel, .pan, .uao, .allint, .dit, .ssbs, .tco, .fpcr, .fpsr: true
        default: false
        }
    }

    /// Whether it tells of AArch32: ID_PFR0_EL1 to MVFR2_EL1 and what was added to them.
    ///
    /// UNKNOWN on a CPU without AArch32. Arm ARM, D22 "AArch64 System register encoding": op0 3, op1 0, CRn 0, CRm 1 to 3.
    var isAArch32Identification: Bool {
        encoding.isInIdentificationSpace && encoding.crm <= 3
    }

    /// Whether a debugger is shown the register of a CPU that has it: it can be read without harm, and says something.
    public func isDebuggable(with features: ArchitectureFeatures) -> Bool {
        access.canRead && !hasReadSideEffects && (features.contains(.aarch32) || !isAArch32Identification)
    }

    /// The number n of DBGBVR<n>, DBGBCR<n>; nil for any other register.
    var breakpointIndex: Int? {
        encoding.rawValue & 0xff86 == 0x8004 && encoding.op2 < 6 ? Int(encoding.crm) : nil
    }

    /// The number n of DBGWVR<n>, DBGWCR<n>; nil for any other register.
    var watchpointIndex: Int? {
        encoding.rawValue & 0xff86 == 0x8006 ? Int(encoding.crm) : nil
    }

    /// The number n of PMEVCNTR<n>, PMEVTYPER<n>; nil for any other register.
    var eventCounterIndex: Int? {
        guard encoding.op0 == 3, encoding.op1 == 3, encoding.crn == 14, encoding.crm >= 8 else { return nil }
        let index = Int(encoding.crm & 3) * 8 + Int(encoding.op2)
        return index < 31 ? index : nil
    }
}

extension SystemRegisterTable {
    /// The registers a debugger gets for a machine: those it has that can be read without harm.
    ///
    /// - Parameter eventCounters: PMCR_EL0.N.
    public static func debuggable(
        features: ArchitectureFeatures, counts: DebugRegisterCounts, eventCounters: Int = 0
    ) -> [SystemRegister] {
        rows.filter { row in
            guard row.isDebuggable(with: features), !row.isPartOfCoreRegister else { return false }
            guard row.requires.isEmpty || !row.requires.isDisjoint(with: features) else { return false }
            if let index = row.breakpointIndex { return index < counts.breakpoints }
            if let index = row.watchpointIndex { return index < counts.watchpoints }
            if let index = row.eventCounterIndex { return index < eventCounters }
            return true
        }
    }
}
