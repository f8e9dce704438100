extension SystemRegister {
    /// Whether a read changes state, for example acknowledges an interrupt or consumes a word of the debug channel.
    ///
    /// A debugger that shows all registers must not read such a register.
    public var hasReadSideEffects: Bool {
        switch encoding {
        // ICC_IAR0_EL1, ICC_IAR1_EL1, ICC_NMIAR1_EL1.
        case .init(3, 0, 12, 8, 0), .init(3, 0, 12, 12, 0), .init(3, 0, 12, 9, 5): true
        // DBGDTR_EL0, DBGDTRRX_EL0.
        case .init(2, 3, 0, 4, 0), .init(2, 3, 0, 5, 0): true
        // RNDR, RNDRRS: a read sets the condition flags.
        case .init(3, 3, 2, 4, 0), .init(3, 3, 2, 4, 1): true
        default: false
        }
    }

    /// Whether the debugger already has the register as part of cpsr, fpsr or fpcr.
    public var isPartOfCoreRegister: Bool {
        switch encoding {
        case .nzcv, .daif, .currentEL, .spSel, .pan, .uao, .allint, .dit, .ssbs, .tco, .fpcr, .fpsr: true
        default: false
        }
    }

    /// Whether the register identifies AArch32 features: ID_PFR0_EL1 to MVFR2_EL1 and later additions.
    ///
    /// The value is UNKNOWN on a CPU without AArch32. Arm ARM, D22 "AArch64 System register encoding": op0 3, op1 0,
    /// CRn 0, CRm 1 to 3.
    var isAArch32Identification: Bool {
        encoding.isInIdentificationSpace && encoding.crm <= 3
    }

    /// Returns whether a debugger can show the register of a CPU with the given features.
    ///
    /// The register must be readable without side effects and must have a defined value.
    public func isDebuggable(with features: ArchitectureFeatures) -> Bool {
        access.canRead && !hasReadSideEffects && (features.contains(.aarch32) || !isAArch32Identification)
    }

    /// The number n of DBGBVR<n>_EL1 or DBGBCR<n>_EL1; nil for any other register.
    var breakpointIndex: Int? {
        encoding.rawValue & 0xff86 == 0x8004 && encoding.op2 < 6 ? Int(encoding.crm) : nil
    }

    /// The number n of DBGWVR<n>_EL1 or DBGWCR<n>_EL1; nil for any other register.
    var watchpointIndex: Int? {
        encoding.rawValue & 0xff86 == 0x8006 ? Int(encoding.crm) : nil
    }

    /// The number n of PMEVCNTR<n>_EL0 or PMEVTYPER<n>_EL0; nil for any other register.
    var eventCounterIndex: Int? {
        guard encoding.op0 == 3, encoding.op1 == 3, encoding.crn == 14, encoding.crm >= 8 else { return nil }
        let index = Int(encoding.crm & 3) * 8 + Int(encoding.op2)
        return index < 31 ? index : nil
    }
}

extension SystemRegisterTable {
    /// Returns the registers that a debugger shows for a machine: those that it has and that a read does not change.
    ///
    /// - Parameter eventCounters: the number of event counters, PMCR_EL0.N.
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
