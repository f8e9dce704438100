extension SystemRegisterTable {
    /// Debug registers, with 16 of each kind of breakpoint and watchpoint register.
    ///
    /// ID_AA64DFR0_EL1 (BRPs, WRPs) has the numbers that a CPU implements; an access to a register beyond them is
    /// UNDEFINED.
    static let debug: [SystemRegister] = {
        var rows: [SystemRegister] = [
            SystemRegister("OSDTRRX_EL1", 2, 0, 0, 0, 2, .readWrite, "OS lock data transfer, receive"),
            SystemRegister("MDCCINT_EL1", 2, 0, 0, 2, 0, .readWrite, "DCC interrupt enable"),
            SystemRegister("MDSCR_EL1", 2, 0, 0, 2, 2, .readWrite, "Monitor debug system control"),
            SystemRegister("OSDTRTX_EL1", 2, 0, 0, 3, 2, .readWrite, "OS lock data transfer, transmit"),
            SystemRegister("OSECCR_EL1", 2, 0, 0, 6, 2, .readWrite, "OS lock exception catch control"),
            SystemRegister("MDRAR_EL1", 2, 0, 1, 0, 0, .readOnly, "Debug ROM address"),
            SystemRegister("OSLAR_EL1", 2, 0, 1, 0, 4, .writeOnly, "OS lock access"),
            // OSLM: the OS Lock is implemented. OSLK: it is locked after a reset.
            SystemRegister("OSLSR_EL1", 2, 0, 1, 1, 4, .readOnly, reset: 0xa, "OS lock status"),
            SystemRegister("OSDLR_EL1", 2, 0, 1, 3, 4, .readWrite, "OS double lock"),
            SystemRegister("DBGPRCR_EL1", 2, 0, 1, 4, 4, .readWrite, "Debug power control"),
            SystemRegister("DBGCLAIMSET_EL1", 2, 0, 7, 8, 6, .readWrite, "Claim tag set"),
            SystemRegister("DBGCLAIMCLR_EL1", 2, 0, 7, 9, 6, .readWrite, "Claim tag clear"),
            SystemRegister("DBGAUTHSTATUS_EL1", 2, 0, 7, 14, 6, .readOnly, "Debug authentication status"),
            SystemRegister("MDCCSR_EL0", 2, 3, 0, 1, 0, .readOnly, el0: .debugChannel, "DCC status"),
            SystemRegister("DBGDTR_EL0", 2, 3, 0, 4, 0, .readWrite, el0: .debugChannel, "DCC data, half-duplex"),
            // A write to this encoding accesses DBGDTRTX_EL0.
            SystemRegister(
                "DBGDTRRX_EL0", 2, 3, 0, 5, 0, .readWrite, el0: .debugChannel, "DCC data, receive and transmit"),
        ]
        for n in 0..<16 {
            let crm = UInt16(n)
            rows.append(SystemRegister("DBGBVR\(n)_EL1", 2, 0, 0, crm, 4, .readWrite, "Breakpoint value"))
            rows.append(SystemRegister("DBGBCR\(n)_EL1", 2, 0, 0, crm, 5, .readWrite, "Breakpoint control"))
            rows.append(SystemRegister("DBGWVR\(n)_EL1", 2, 0, 0, crm, 6, .readWrite, "Watchpoint value"))
            rows.append(SystemRegister("DBGWCR\(n)_EL1", 2, 0, 0, crm, 7, .readWrite, "Watchpoint control"))
        }
        return rows
    }()

    /// Performance Monitors registers.
    static let performanceMonitors: [SystemRegister] = {
        func row(
            _ name: String, _ crm: UInt16, _ op2: UInt16, _ access: SystemRegister.Access,
            el0: SystemRegister.EL0Gate = .performanceMonitors, el0Access: SystemRegister.Access? = nil,
            _ summary: String
        ) -> SystemRegister {
            SystemRegister(
                name, 3, 3, crm >= 16 ? 14 : 9, crm & 15, op2, access, el0: el0, el0Access: el0Access,
                requires: .pmu, summary)
        }
        var rows: [SystemRegister] = [
            SystemRegister("PMINTENSET_EL1", 3, 0, 9, 14, 1, .readWrite, requires: .pmu, "Interrupt enable set"),
            SystemRegister("PMINTENCLR_EL1", 3, 0, 9, 14, 2, .readWrite, requires: .pmu, "Interrupt enable clear"),
            SystemRegister("PMMIR_EL1", 3, 0, 9, 14, 6, .readOnly, requires: .pmu, "Machine identification"),
            row("PMCR_EL0", 12, 0, .readWrite, "Performance monitors control"),
            row("PMCNTENSET_EL0", 12, 1, .readWrite, "Counter enable set"),
            row("PMCNTENCLR_EL0", 12, 2, .readWrite, "Counter enable clear"),
            row("PMOVSCLR_EL0", 12, 3, .readWrite, "Overflow flag clear"),
            row("PMSWINC_EL0", 12, 4, .writeOnly, el0: .softwareIncrement, "Software increment"),
            row("PMSELR_EL0", 12, 5, .readWrite, el0: .eventSelector, "Event counter selection"),
            row("PMCEID0_EL0", 12, 6, .readOnly, "Common events 0"),
            row("PMCEID1_EL0", 12, 7, .readOnly, "Common events 1"),
            row("PMCCNTR_EL0", 13, 0, .readWrite, el0: .cycleCounter, "Cycle count"),
            row("PMXEVTYPER_EL0", 13, 1, .readWrite, "Selected event type"),
            row("PMXEVCNTR_EL0", 13, 2, .readWrite, el0: .eventCounter, "Selected event count"),
            row("PMUSERENR_EL0", 14, 0, .readWrite, el0: .always, el0Access: .readOnly, "User enable"),
            row("PMOVSSET_EL0", 14, 3, .readWrite, "Overflow flag set"),
        ]
        for n in 0..<31 {
            let (high, low) = (UInt16(n / 8), UInt16(n % 8))
            rows.append(row("PMEVCNTR\(n)_EL0", 16 + 8 + high, low, .readWrite, el0: .eventCounter, "Event count"))
            rows.append(row("PMEVTYPER\(n)_EL0", 16 + 12 + high, low, .readWrite, "Event type"))
        }
        rows.append(row("PMCCFILTR_EL0", 16 + 15, 7, .readWrite, "Cycle count filter"))
        return rows
    }()
}
