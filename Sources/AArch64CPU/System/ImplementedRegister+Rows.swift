import AArch64

extension ImplementedRegisters {
    /// Returns the rows of a CPU with these features; each row's encoding is in the architecture's table.
    static func rows(for features: ArchitectureFeatures) -> [ImplementedRegister] {
        let own =
            identification + control(features) + translation(features) + threadsAndFlags + timers + debug
            + performanceMonitors + pointerAuthentication
        return identificationSpace(features)
            + own.compactMap { own in
                guard let register = SystemRegisterTable.register(own.encoding),
                    register.requires.isEmpty || !register.requires.isDisjoint(with: features)
                else { return nil }
                return ImplementedRegister(
                    encoding: own.encoding, access: register.access, el0Access: register.el0Access,
                    gate: register.el0Gate, storage: own.storage, writable: own.writable, effect: own.effect)
            }
    }

    /// The part of a row that is specific to this CPU, added to the architecture's row.
    struct Own {
        var encoding: SystemRegisterEncoding
        var storage: ImplementedRegister.Storage
        var writable: UInt64 = .max
        var effect: ImplementedRegister.Effect = .none

        init(
            _ encoding: SystemRegisterEncoding, _ storage: ImplementedRegister.Storage, writable: UInt64 = .max,
            effect: ImplementedRegister.Effect = .none
        ) {
            self.encoding = encoding
            self.storage = storage
            self.writable = writable
            self.effect = effect
        }

        init(
            _ encoding: SystemRegisterEncoding, _ field: KeyPath<SystemRegisters, UInt64>, writable: UInt64 = .max,
            effect: ImplementedRegister.Effect = .none
        ) {
            // A stored property of a plain struct always has an offset.
            let offset = MemoryLayout<SystemRegisters>.offset(of: field) ?? 0
            self.init(encoding, .field(offset), writable: writable, effect: effect)
        }
    }

    private static let word: UInt64 = 0xFFFF_FFFF

    /// The identification space, op0 3, op1 0, CRn 0, CRm 1 to 7: read-only, with unallocated encodings reading as
    /// zero.
    private static func identificationSpace(_ features: ArchitectureFeatures) -> [ImplementedRegister] {
        let values = IdentificationRegisters.values(for: features)
        return (UInt16(1)...7).flatMap { crm in
            (UInt16(0)...7).map { op2 in
                let encoding = SystemRegisterEncoding(3, 0, 0, crm, op2)
                return ImplementedRegister(
                    encoding: encoding, access: .readOnly, el0Access: .readOnly, gate: .never,
                    storage: .constant(values[encoding] ?? 0), writable: 0, effect: .none)
            }
        }
    }

    static var identification: [Own] {
        [
            Own(.midr, .constant(IdentificationRegisters.midr)),
            Own(.mpidr, \.mpidr_el1),
            Own(.revidr, .constant(0)),
            Own(.ccsidr, .special(.ccsidr)),
            Own(.clidr, .constant(IdentificationRegisters.clidr)),
            Own(.aidr, .constant(0)),
            Own(.csselr, \.csselr_el1, writable: 0xF),
            Own(.ctr, .constant(IdentificationRegisters.ctr)),
            Own(.dczid, .special(.dczid)),
        ]
    }

    static func control(_ features: ArchitectureFeatures) -> [Own] {
        // UMA, nTWI, nTWE, UCT, DZE, I, SA0, SA, C, A, M, WXN, UCI; no mixed endianness, so EE and E0E are RES0.
        var sctlr: UInt64 = 0x040D_D21F
        // SPAN.
        if features.contains(.pan) { sctlr |= 1 << 23 }
        // EnIA, EnIB, EnDA and EnDB.
        if features.contains(.pauth) { sctlr |= 1 << 31 | 1 << 30 | 1 << 27 | 1 << 13 }
        // N, Z, C, V, SS, IL, D, A, I, F, M.
        var spsr: UInt64 = 0xF030_03DF
        if features.contains(.pan) { spsr |= 1 << 22 }
        if features.contains(.uao) { spsr |= 1 << 23 }
        if features.contains(.dit) { spsr |= 1 << 24 }
        return [
            Own(.sctlr, \.sctlr_el1, writable: sctlr, effect: .regime),
            Own(.actlr, .constant(0)),
            // FPEN; no SVE, no trace registers.
            Own(.cpacr, \.cpacr_el1, writable: 0x30_0000, effect: .floatingPointAccess),
            Own(.spsr, \.spsr_el1, writable: spsr),
            Own(.elr, \.elr_el1),
            Own(.spEL0, .special(.spEL0)),
            Own(.spSel, .special(.spSel)),
            Own(.currentEL, .special(.currentEL)),
            Own(.afsr0, \.afsr0_el1, writable: word),
            Own(.afsr1, \.afsr1_el1, writable: word),
            Own(.esr, \.esr_el1, writable: word),
            Own(.far, \.far_el1),
            Own(.vbar, \.vbar_el1, writable: ~0x7FF),
            // RVBAR_EL1 exists because EL1 is the highest exception level. The machine sets the entry point of the
            // vCPUs, so it reads as zero.
            Own(.rvbar, .constant(0)),
            Own(.isr, .special(.isr)),
        ]
    }

    static func translation(_ features: ArchitectureFeatures) -> [Own] {
        // All fields of Armv8.0: TBI1, TBI0, AS, IPS and the fields for TTBR0_EL1 and TTBR1_EL1.
        var tcr: UInt64 = 0x77_FFFF_FFBF
        // TBID0 and TBID1.
        if features.contains(.pauth) { tcr |= 3 << 51 }
        return [
            // All bits except CnP, which is RES0.
            Own(.ttbr0, \.ttbr0_el1, writable: ~1, effect: .addressSpace),
            Own(.ttbr1, \.ttbr1_el1, writable: ~1, effect: .upperAddressSpace),
            Own(.tcr, \.tcr_el1, writable: tcr, effect: .regime),
            Own(.par, \.par_el1),
            Own(.mair, \.mair_el1, effect: .regime),
            Own(.amair, \.amair_el1),
            Own(.contextidr, \.contextidr_el1, writable: word),
        ]
    }

    static var threadsAndFlags: [Own] {
        [
            Own(.nzcv, .special(.nzcv)),
            Own(.daif, .special(.daif)),
            Own(.tpidrEL1, \.tpidr_el1),
            Own(.tpidrEL0, \.tpidr_el0),
            Own(.tpidrroEL0, \.tpidrro_el0),
            Own(.pan, .special(.pan)),
            Own(.uao, .special(.uao)),
            Own(.dit, .special(.dit)),
            // AHP, DN, FZ, RMode; no trapped exceptions.
            Own(.fpcr, .special(.fpcr), writable: 0x07C0_0000),
            // QC, IDC, IXC, UFC, OFC, DZC, IOC.
            Own(.fpsr, .special(.fpsr), writable: 0x0800_009F),
        ]
    }

    static var timers: [Own] {
        [
            // EL0PCTEN, EL0VCTEN, EVNTEN, EVNTDIR, EVNTI, EL0VTEN, EL0PTEN. The event stream needs no clock: its events
            // are computed from the count when a vCPU executes WFE or waits in it.
            Own(.cntkctl, \.cntkctl_el1, writable: 0x3FF),
            // Writable at the highest implemented exception level, which is EL1.
            Own(.cntfrq, \.cntfrq_el0, writable: word),
            Own(.cntpct, .special(.physicalCount)),
            Own(.cntvct, .special(.virtualCount)),
            Own(.cntpTVAL, .special(.physicalTimerValue)),
            Own(.cntpCTL, .special(.physicalControl)),
            Own(.cntpCVAL, .special(.physicalCompareValue)),
            Own(.cntvTVAL, .special(.virtualTimerValue)),
            Own(.cntvCTL, .special(.virtualControl)),
            Own(.cntvCVAL, .special(.virtualCompareValue)),
        ]
    }

    /// The self-hosted debug registers, which store what is written without generating debug exceptions; the debug
    /// communications channel is always empty.
    static var debug: [Own] {
        func unit(_ n: UInt16, _ op2: UInt16, _ field: KeyPath<SystemRegisters, UInt64>, _ writable: UInt64) -> Own {
            Own(SystemRegisterEncoding(2, 0, 0, n, op2), field, writable: writable)
        }
        let address: UInt64 = ~3
        let breakpoint: UInt64 = 0x00FF_E1E7
        let watchpoint: UInt64 = 0x1F1F_FFFF
        return [
            Own(SystemRegisterEncoding(2, 0, 0, 0, 2), \.osdtrrx_el1, writable: word),
            Own(SystemRegisterEncoding(2, 0, 0, 2, 0), \.mdccint_el1, writable: 0x6000_0000),
            Own(.mdscr, .special(.mdscr)),
            Own(SystemRegisterEncoding(2, 0, 0, 3, 2), \.osdtrtx_el1, writable: word),
            Own(SystemRegisterEncoding(2, 0, 0, 6, 2), \.oseccr_el1, writable: word),
            Own(SystemRegisterEncoding(2, 0, 1, 0, 0), .constant(0)),  // MDRAR_EL1
            Own(.oslar, .special(.oslar)),
            Own(.oslsr, .special(.oslsr)),
            Own(.osdlr, \.osdlr_el1, writable: 1),
            Own(SystemRegisterEncoding(2, 0, 1, 4, 4), \.dbgprcr_el1, writable: 1),
            Own(SystemRegisterEncoding(2, 0, 7, 8, 6), .special(.claimSet)),
            Own(SystemRegisterEncoding(2, 0, 7, 9, 6), .special(.claimClear)),
            Own(SystemRegisterEncoding(2, 0, 7, 14, 6), .constant(0)),  // DBGAUTHSTATUS_EL1: no external debugger
            Own(SystemRegisterEncoding(2, 3, 0, 1, 0), .constant(0)),  // MDCCSR_EL0
            Own(SystemRegisterEncoding(2, 3, 0, 4, 0), .constant(0)),  // DBGDTR_EL0
            Own(SystemRegisterEncoding(2, 3, 0, 5, 0), .constant(0)),  // DBGDTRRX_EL0, DBGDTRTX_EL0
            unit(0, 4, \.dbgbvr0_el1, address), unit(0, 5, \.dbgbcr0_el1, breakpoint),
            unit(1, 4, \.dbgbvr1_el1, address), unit(1, 5, \.dbgbcr1_el1, breakpoint),
            unit(2, 4, \.dbgbvr2_el1, address), unit(2, 5, \.dbgbcr2_el1, breakpoint),
            unit(3, 4, \.dbgbvr3_el1, address), unit(3, 5, \.dbgbcr3_el1, breakpoint),
            // The context-aware breakpoints also hold a context ID.
            unit(4, 4, \.dbgbvr4_el1, .max), unit(4, 5, \.dbgbcr4_el1, breakpoint),
            unit(5, 4, \.dbgbvr5_el1, .max), unit(5, 5, \.dbgbcr5_el1, breakpoint),
            unit(0, 6, \.dbgwvr0_el1, address), unit(0, 7, \.dbgwcr0_el1, watchpoint),
            unit(1, 6, \.dbgwvr1_el1, address), unit(1, 7, \.dbgwcr1_el1, watchpoint),
            unit(2, 6, \.dbgwvr2_el1, address), unit(2, 7, \.dbgwcr2_el1, watchpoint),
            unit(3, 6, \.dbgwvr3_el1, address), unit(3, 7, \.dbgwcr3_el1, watchpoint),
        ]
    }
}
