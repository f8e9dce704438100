/// The rows themselves, in the order of the encodings' sections in the Arm ARM, "AArch64 System register encoding".
extension SystemRegisterTable {
    static var allRows: [SystemRegisterRow] {
        identification + exceptionsAndControl + translation + threadsAndFlags + timers + debug
    }

    private typealias Row = SystemRegisterRow

    private static func row(
        _ name: StaticString, _ encoding: UInt16, _ el1: Row.Access, el0: Row.Access = .none, gate: Row.Gate = .open,
        _ storage: Row.Storage, writable: UInt64 = .max, effect: Row.Effect = .none
    ) -> Row {
        Row(
            encoding: encoding, name: name, el1: el1, el0: el0, gate: gate, storage: storage, writable: writable,
            effect: effect)
    }

    private static func field(_ path: KeyPath<SystemRegisters, UInt64>) -> Row.Storage {
        // A stored property of a plain struct always has an offset.
        .field(MemoryLayout<SystemRegisters>.offset(of: path) ?? 0)
    }

    private static let word: UInt64 = 0xFFFF_FFFF

    private static var identification: [Row] {
        typealias ID = IdentificationRegisters
        // op0 3, op1 0, CRn 0, CRm 1 to 7 is the identification space: what isn't allocated reads as zero.
        let values: [UInt16: (StaticString, UInt64)] = [
            systemEncoding(3, 0, 0, 4, 0): ("ID_AA64PFR0_EL1", ID.aa64pfr0),
            systemEncoding(3, 0, 0, 5, 0): ("ID_AA64DFR0_EL1", ID.aa64dfr0),
            systemEncoding(3, 0, 0, 6, 0): ("ID_AA64ISAR0_EL1", ID.aa64isar0),
            systemEncoding(3, 0, 0, 7, 0): ("ID_AA64MMFR0_EL1", ID.aa64mmfr0),
        ]
        let space = (UInt16(1)...7).flatMap { crm in
            (UInt16(0)...7).map { op2 in
                let encoding = systemEncoding(3, 0, 0, crm, op2)
                let (name, value) = values[encoding] ?? ("ID space", 0)
                return row(name, encoding, .read, .constant(value))
            }
        }
        return space + [
            row("MIDR_EL1", systemEncoding(3, 0, 0, 0, 0), .read, .constant(ID.midr)),
            row("MPIDR_EL1", systemEncoding(3, 0, 0, 0, 5), .read, field(\.mpidr_el1)),
            row("REVIDR_EL1", systemEncoding(3, 0, 0, 0, 6), .read, .constant(0)),
            row("CCSIDR_EL1", systemEncoding(3, 1, 0, 0, 0), .read, .special(.ccsidr)),
            row("CLIDR_EL1", systemEncoding(3, 1, 0, 0, 1), .read, .constant(ID.clidr)),
            row("AIDR_EL1", systemEncoding(3, 1, 0, 0, 7), .read, .constant(0)),
            row("CSSELR_EL1", systemEncoding(3, 2, 0, 0, 0), .readWrite, field(\.csselr_el1), writable: 0xF),
            row("CTR_EL0", systemEncoding(3, 3, 0, 0, 1), .read, el0: .read, gate: .uct, .constant(ID.ctr)),
            row("DCZID_EL0", systemEncoding(3, 3, 0, 0, 7), .read, el0: .read, .special(.dczid)),
        ]
    }

    private static var exceptionsAndControl: [Row] {
        [
            // UMA, nTWI, nTWE, UCT, DZE, I, SA0, SA, C, A, M, WXN, UCI; no mixed endianness, so EE and E0E are RES0.
            row(
                "SCTLR_EL1", systemEncoding(3, 0, 1, 0, 0), .readWrite, field(\.sctlr_el1), writable: 0x040D_D21F,
                effect: .regime),
            row("ACTLR_EL1", systemEncoding(3, 0, 1, 0, 1), .readWrite, .constant(0)),
            row(
                "CPACR_EL1", systemEncoding(3, 0, 1, 0, 2), .readWrite, field(\.cpacr_el1), writable: 0x30_0000,
                effect: .traps),
            // N, Z, C, V, SS, IL, D, A, I, F, M.
            row(
                "SPSR_EL1", systemEncoding(3, 0, 4, 0, 0), .readWrite, field(\.spsr_el1), writable: 0xF030_03DF),
            row("ELR_EL1", systemEncoding(3, 0, 4, 0, 1), .readWrite, field(\.elr_el1)),
            row("SP_EL0", systemEncoding(3, 0, 4, 1, 0), .readWrite, .special(.spEL0)),
            row("SPSel", systemEncoding(3, 0, 4, 2, 0), .readWrite, .special(.spSel)),
            row("CurrentEL", systemEncoding(3, 0, 4, 2, 2), .read, .special(.currentEL)),
            row("AFSR0_EL1", systemEncoding(3, 0, 5, 1, 0), .readWrite, field(\.afsr0_el1), writable: word),
            row("AFSR1_EL1", systemEncoding(3, 0, 5, 1, 1), .readWrite, field(\.afsr1_el1), writable: word),
            row("ESR_EL1", systemEncoding(3, 0, 5, 2, 0), .readWrite, field(\.esr_el1), writable: word),
            row("FAR_EL1", systemEncoding(3, 0, 6, 0, 0), .readWrite, field(\.far_el1)),
            row("VBAR_EL1", systemEncoding(3, 0, 12, 0, 0), .readWrite, field(\.vbar_el1), writable: ~0x7FF),
            // EL1 is the highest exception level, so this exists; the machine says where vCPUs start.
            row("RVBAR_EL1", systemEncoding(3, 0, 12, 0, 1), .read, .constant(0)),
            row("ISR_EL1", systemEncoding(3, 0, 12, 1, 0), .read, .special(.isr)),
        ]
    }

    private static var translation: [Row] {
        [
            row(
                "TTBR0_EL1", systemEncoding(3, 0, 2, 0, 0), .readWrite, field(\.ttbr0_el1), writable: ~1,
                effect: .addressSpace),
            row(
                "TTBR1_EL1", systemEncoding(3, 0, 2, 0, 1), .readWrite, field(\.ttbr1_el1), writable: ~1,
                effect: .addressSpace),
            // All of Armv8.0: TBI1, TBI0, AS, IPS and the two halves' fields.
            row(
                "TCR_EL1", systemEncoding(3, 0, 2, 0, 2), .readWrite, field(\.tcr_el1), writable: 0x77_FFFF_FFBF,
                effect: .regime),
            row("PAR_EL1", systemEncoding(3, 0, 7, 4, 0), .readWrite, field(\.par_el1)),
            row("MAIR_EL1", systemEncoding(3, 0, 10, 2, 0), .readWrite, field(\.mair_el1), effect: .regime),
            row("AMAIR_EL1", systemEncoding(3, 0, 10, 3, 0), .readWrite, field(\.amair_el1)),
            row(
                "CONTEXTIDR_EL1", systemEncoding(3, 0, 13, 0, 1), .readWrite, field(\.contextidr_el1), writable: word),
        ]
    }

    private static var threadsAndFlags: [Row] {
        [
            row("NZCV", systemEncoding(3, 3, 4, 2, 0), .readWrite, el0: .readWrite, .special(.nzcv)),
            row("DAIF", systemEncoding(3, 3, 4, 2, 1), .readWrite, el0: .readWrite, gate: .uma, .special(.daif)),
            // AHP, DN, FZ, RMode; no trapped exceptions.
            row(
                "FPCR", systemEncoding(3, 3, 4, 4, 0), .readWrite, el0: .readWrite, gate: .floatingPoint,
                .special(.fpcr), writable: 0x07C0_0000),
            // QC, IDC, IXC, UFC, OFC, DZC, IOC.
            row(
                "FPSR", systemEncoding(3, 3, 4, 4, 1), .readWrite, el0: .readWrite, gate: .floatingPoint,
                .special(.fpsr), writable: 0x0800_009F),
            row("TPIDR_EL1", systemEncoding(3, 0, 13, 0, 4), .readWrite, field(\.tpidr_el1)),
            row("TPIDR_EL0", systemEncoding(3, 3, 13, 0, 2), .readWrite, el0: .readWrite, field(\.tpidr_el0)),
            row("TPIDRRO_EL0", systemEncoding(3, 3, 13, 0, 3), .readWrite, el0: .read, field(\.tpidrro_el0)),
        ]
    }

    private static var timers: [Row] {
        func timer(_ name: StaticString, _ crm: UInt16, _ op2: UInt16, _ gate: Row.Gate, _ register: SpecialRegister)
            -> Row
        {
            row(
                name, systemEncoding(3, 3, 14, crm, op2), .readWrite, el0: .readWrite, gate: gate, .special(register))
        }
        return [
            // EL0PCTEN, EL0VCTEN, EVNTEN, EVNTDIR, EVNTI, EL0VTEN, EL0PTEN. Every WFE ends by itself here, so the event
            // stream needs no clock of its own.
            row("CNTKCTL_EL1", systemEncoding(3, 0, 14, 1, 0), .readWrite, field(\.cntkctl_el1), writable: 0x3FF),
            // Writable at the highest exception level there is, which is EL1.
            row(
                "CNTFRQ_EL0", systemEncoding(3, 3, 14, 0, 0), .readWrite, el0: .read, gate: .eitherCounter,
                field(\.cntfrq_el0), writable: word),
            row(
                "CNTPCT_EL0", systemEncoding(3, 3, 14, 0, 1), .read, el0: .read, gate: .physicalCounter,
                .special(.physicalCount)),
            row(
                "CNTVCT_EL0", systemEncoding(3, 3, 14, 0, 2), .read, el0: .read, gate: .virtualCounter,
                .special(.virtualCount)),
            timer("CNTP_TVAL_EL0", 2, 0, .physicalTimer, .physicalTimerValue),
            timer("CNTP_CTL_EL0", 2, 1, .physicalTimer, .physicalControl),
            timer("CNTP_CVAL_EL0", 2, 2, .physicalTimer, .physicalCompareValue),
            timer("CNTV_TVAL_EL0", 3, 0, .virtualTimer, .virtualTimerValue),
            timer("CNTV_CTL_EL0", 3, 1, .virtualTimer, .virtualControl),
            timer("CNTV_CVAL_EL0", 3, 2, .virtualTimer, .virtualCompareValue),
        ]
    }

    /// Self-hosted debug registers: they hold what is written and nothing fires; the debug channel is empty.
    private static var debug: [Row] {
        let address: UInt64 = ~3
        let breakpointControl: UInt64 = 0x00FF_E1E7
        let watchpointControl: UInt64 = 0x1F1F_FFFF
        func unit(_ name: StaticString, _ n: UInt16, _ op2: UInt16, _ storage: Row.Storage, _ mask: UInt64) -> Row {
            row(name, systemEncoding(2, 0, 0, n, op2), .readWrite, storage, writable: mask)
        }
        return [
            row("OSDTRRX_EL1", systemEncoding(2, 0, 0, 0, 2), .readWrite, field(\.osdtrrx_el1), writable: word),
            row("MDCCINT_EL1", systemEncoding(2, 0, 0, 2, 0), .readWrite, field(\.mdccint_el1), writable: 0x6000_0000),
            row("MDSCR_EL1", systemEncoding(2, 0, 0, 2, 2), .readWrite, .special(.mdscr)),
            row("OSDTRTX_EL1", systemEncoding(2, 0, 0, 3, 2), .readWrite, field(\.osdtrtx_el1), writable: word),
            row("OSECCR_EL1", systemEncoding(2, 0, 0, 6, 2), .readWrite, field(\.oseccr_el1), writable: word),
            row("MDRAR_EL1", systemEncoding(2, 0, 1, 0, 0), .read, .constant(0)),
            row("OSLAR_EL1", systemEncoding(2, 0, 1, 0, 4), .write, .special(.oslar)),
            row("OSLSR_EL1", systemEncoding(2, 0, 1, 1, 4), .read, .special(.oslsr)),
            row("OSDLR_EL1", systemEncoding(2, 0, 1, 3, 4), .readWrite, field(\.osdlr_el1), writable: 1),
            row("DBGPRCR_EL1", systemEncoding(2, 0, 1, 4, 4), .readWrite, field(\.dbgprcr_el1), writable: 1),
            row("DBGCLAIMSET_EL1", systemEncoding(2, 0, 7, 8, 6), .readWrite, .special(.claimSet)),
            row("DBGCLAIMCLR_EL1", systemEncoding(2, 0, 7, 9, 6), .readWrite, .special(.claimClear)),
            row("DBGAUTHSTATUS_EL1", systemEncoding(2, 0, 7, 14, 6), .read, .constant(0)),
            row("MDCCSR_EL0", systemEncoding(2, 3, 0, 1, 0), .read, el0: .read, gate: .debugChannel, .constant(0)),
            row(
                "DBGDTR_EL0", systemEncoding(2, 3, 0, 4, 0), .readWrite, el0: .readWrite, gate: .debugChannel,
                .constant(0)),
            row(
                "DBGDTRRX_EL0", systemEncoding(2, 3, 0, 5, 0), .readWrite, el0: .readWrite, gate: .debugChannel,
                .constant(0)),

            unit("DBGBVR0_EL1", 0, 4, field(\.dbgbvr0_el1), address),
            unit("DBGBVR1_EL1", 1, 4, field(\.dbgbvr1_el1), address),
            unit("DBGBVR2_EL1", 2, 4, field(\.dbgbvr2_el1), address),
            unit("DBGBVR3_EL1", 3, 4, field(\.dbgbvr3_el1), address),
            unit("DBGBVR4_EL1", 4, 4, field(\.dbgbvr4_el1), .max),
            unit("DBGBVR5_EL1", 5, 4, field(\.dbgbvr5_el1), .max),
            unit("DBGBCR0_EL1", 0, 5, field(\.dbgbcr0_el1), breakpointControl),
            unit("DBGBCR1_EL1", 1, 5, field(\.dbgbcr1_el1), breakpointControl),
            unit("DBGBCR2_EL1", 2, 5, field(\.dbgbcr2_el1), breakpointControl),
            unit("DBGBCR3_EL1", 3, 5, field(\.dbgbcr3_el1), breakpointControl),
            unit("DBGBCR4_EL1", 4, 5, field(\.dbgbcr4_el1), breakpointControl),
            unit("DBGBCR5_EL1", 5, 5, field(\.dbgbcr5_el1), breakpointControl),
            unit("DBGWVR0_EL1", 0, 6, field(\.dbgwvr0_el1), address),
            unit("DBGWVR1_EL1", 1, 6, field(\.dbgwvr1_el1), address),
            unit("DBGWVR2_EL1", 2, 6, field(\.dbgwvr2_el1), address),
            unit("DBGWVR3_EL1", 3, 6, field(\.dbgwvr3_el1), address),
            unit("DBGWCR0_EL1", 0, 7, field(\.dbgwcr0_el1), watchpointControl),
            unit("DBGWCR1_EL1", 1, 7, field(\.dbgwcr1_el1), watchpointControl),
            unit("DBGWCR2_EL1", 2, 7, field(\.dbgwcr2_el1), watchpointControl),
            unit("DBGWCR3_EL1", 3, 7, field(\.dbgwcr3_el1), watchpointControl),
        ]
    }
}
