extension SystemRegisterTable {
    /// System control and address translation registers.
    static let control: [SystemRegister] = [
        // Only the RES1 bits (29, 28, 23, 22, 20, 11) are set: MMU and caches off, little-endian.
        SystemRegister("SCTLR_EL1", 3, 0, 1, 0, 0, .readWrite, reset: 0x30d0_0800, "System control"),
        SystemRegister("ACTLR_EL1", 3, 0, 1, 0, 1, .readWrite, "Auxiliary control"),
        SystemRegister("CPACR_EL1", 3, 0, 1, 0, 2, .readWrite, "Access to FP, SVE and trace"),
        SystemRegister("RGSR_EL1", 3, 0, 1, 0, 5, .readWrite, requires: .mte, "Random allocation tag seed"),
        SystemRegister("GCR_EL1", 3, 0, 1, 0, 6, .readWrite, requires: .mte, "Tag control"),
        SystemRegister("ZCR_EL1", 3, 0, 1, 2, 0, .readWrite, requires: .sve, "SVE control"),
        SystemRegister("SMCR_EL1", 3, 0, 1, 2, 6, .readWrite, requires: .sme, "SME control"),
        SystemRegister("TTBR0_EL1", 3, 0, 2, 0, 0, .readWrite, "Translation table base 0: VA bit 55 clear"),
        SystemRegister("TTBR1_EL1", 3, 0, 2, 0, 1, .readWrite, "Translation table base 1: VA bit 55 set"),
        SystemRegister("TCR_EL1", 3, 0, 2, 0, 2, .readWrite, "Translation control"),
        SystemRegister("MAIR_EL1", 3, 0, 10, 2, 0, .readWrite, "Memory attributes"),
        SystemRegister("AMAIR_EL1", 3, 0, 10, 3, 0, .readWrite, "Auxiliary memory attributes"),
        SystemRegister("PAR_EL1", 3, 0, 7, 4, 0, .readWrite, "Result of an AT instruction"),
        SystemRegister("LORSA_EL1", 3, 0, 10, 4, 0, .readWrite, requires: .lor, "LORegion start"),
        SystemRegister("LOREA_EL1", 3, 0, 10, 4, 1, .readWrite, requires: .lor, "LORegion end"),
        SystemRegister("LORN_EL1", 3, 0, 10, 4, 2, .readWrite, requires: .lor, "LORegion number"),
        SystemRegister("LORC_EL1", 3, 0, 10, 4, 3, .readWrite, requires: .lor, "LORegion control"),
        SystemRegister("LORID_EL1", 3, 0, 10, 4, 7, .readOnly, requires: .lor, "LORegion ID"),
    ]

    /// Exception handling registers: vectors, saved state and syndromes.
    static let exceptionHandling: [SystemRegister] = [
        SystemRegister("SPSR_EL1", 3, 0, 4, 0, 0, .readWrite, "Saved program status"),
        SystemRegister("ELR_EL1", 3, 0, 4, 0, 1, .readWrite, "Exception link"),
        SystemRegister("SP_EL0", 3, 0, 4, 1, 0, .readWrite, "Stack pointer of EL0"),
        SystemRegister("SP_EL1", 3, 4, 4, 1, 0, .readWrite, minimumEL: .el2, "Stack pointer of EL1"),
        SystemRegister("AFSR0_EL1", 3, 0, 5, 1, 0, .readWrite, "Auxiliary fault status 0"),
        SystemRegister("AFSR1_EL1", 3, 0, 5, 1, 1, .readWrite, "Auxiliary fault status 1"),
        SystemRegister("ESR_EL1", 3, 0, 5, 2, 0, .readWrite, "Exception syndrome"),
        SystemRegister("FAR_EL1", 3, 0, 6, 0, 0, .readWrite, "Fault address"),
        SystemRegister("VBAR_EL1", 3, 0, 12, 0, 0, .readWrite, "Vector base address"),
        SystemRegister("RVBAR_EL1", 3, 0, 12, 0, 1, .readOnly, "Reset vector base address"),
        SystemRegister("RMR_EL1", 3, 0, 12, 0, 2, .readWrite, reset: 1, "Reset management"),
        SystemRegister("ISR_EL1", 3, 0, 12, 1, 0, .readOnly, "Pending interrupts"),
    ]

    /// The registers that give access to fields of PSTATE, and the floating-point control and status registers.
    static let processState: [SystemRegister] = [
        SystemRegister("SPSel", 3, 0, 4, 2, 0, .readWrite, reset: 1, "Stack pointer select"),
        SystemRegister("CurrentEL", 3, 0, 4, 2, 2, .readOnly, reset: 0x4, "Current Exception level"),
        SystemRegister("PAN", 3, 0, 4, 2, 3, .readWrite, requires: .pan, "Privileged access never"),
        SystemRegister("UAO", 3, 0, 4, 2, 4, .readWrite, requires: .uao, "User access override"),
        SystemRegister("ALLINT", 3, 0, 4, 3, 0, .readWrite, requires: .nmi, "All interrupts mask"),
        SystemRegister("NZCV", 3, 3, 4, 2, 0, .readWrite, el0: .always, "Condition flags"),
        SystemRegister("DAIF", 3, 3, 4, 2, 1, .readWrite, el0: .interruptMasks, reset: 0x3c0, "Interrupt masks"),
        SystemRegister(
            "SVCR", 3, 3, 4, 2, 2, .readWrite, el0: .floatingPoint, requires: .sme, "Streaming vector control"),
        SystemRegister("DIT", 3, 3, 4, 2, 5, .readWrite, el0: .always, requires: .dit, "Data independent timing"),
        SystemRegister(
            "SSBS", 3, 3, 4, 2, 6, .readWrite, el0: .always, requires: .ssbs, "Speculative store bypass safe"),
        SystemRegister("TCO", 3, 3, 4, 2, 7, .readWrite, el0: .always, requires: .mte, "Tag check override"),
        SystemRegister("FPCR", 3, 3, 4, 4, 0, .readWrite, el0: .floatingPoint, requires: .floatingPoint, "FP control"),
        SystemRegister("FPSR", 3, 3, 4, 4, 1, .readWrite, el0: .floatingPoint, requires: .floatingPoint, "FP status"),
    ]

    /// Context and thread identification registers.
    static let threads: [SystemRegister] = [
        SystemRegister("CONTEXTIDR_EL1", 3, 0, 13, 0, 1, .readWrite, "Context ID"),
        SystemRegister("TPIDR_EL1", 3, 0, 13, 0, 4, .readWrite, "EL1 software thread ID"),
        SystemRegister("SCXTNUM_EL1", 3, 0, 13, 0, 7, .readWrite, requires: .csv2, "EL1 software context number"),
        SystemRegister("TPIDR_EL0", 3, 3, 13, 0, 2, .readWrite, el0: .always, "EL0 software thread ID"),
        SystemRegister(
            "TPIDRRO_EL0", 3, 3, 13, 0, 3, .readWrite, el0: .always, el0Access: .readOnly,
            "EL0 software thread ID, read-only"),
        SystemRegister(
            "TPIDR2_EL0", 3, 3, 13, 0, 5, .readWrite, el0: .always, requires: .sme, "EL0 software thread ID 2"),
        SystemRegister(
            "SCXTNUM_EL0", 3, 3, 13, 0, 7, .readWrite, el0: .softwareContext, requires: .csv2,
            "EL0 software context number"),
    ]

    /// Generic Timer registers.
    ///
    /// EL1 is the highest Exception level of this machine, so it can write CNTFRQ_EL0.
    static let timer: [SystemRegister] = [
        SystemRegister("CNTKCTL_EL1", 3, 0, 14, 1, 0, .readWrite, "Timer kernel control"),
        SystemRegister(
            "CNTFRQ_EL0", 3, 3, 14, 0, 0, .readWrite, el0: .anyCounter, el0Access: .readOnly, "Counter frequency"),
        SystemRegister("CNTPCT_EL0", 3, 3, 14, 0, 1, .readOnly, el0: .physicalCounter, "Physical count"),
        SystemRegister("CNTVCT_EL0", 3, 3, 14, 0, 2, .readOnly, el0: .virtualCounter, "Virtual count"),
        SystemRegister(
            "CNTPCTSS_EL0", 3, 3, 14, 0, 5, .readOnly, el0: .physicalCounter, requires: .ecv,
            "Physical count, self-synchronized"),
        SystemRegister(
            "CNTVCTSS_EL0", 3, 3, 14, 0, 6, .readOnly, el0: .virtualCounter, requires: .ecv,
            "Virtual count, self-synchronized"),
        SystemRegister("CNTP_TVAL_EL0", 3, 3, 14, 2, 0, .readWrite, el0: .physicalTimer, "Physical timer value"),
        SystemRegister("CNTP_CTL_EL0", 3, 3, 14, 2, 1, .readWrite, el0: .physicalTimer, "Physical timer control"),
        SystemRegister(
            "CNTP_CVAL_EL0", 3, 3, 14, 2, 2, .readWrite, el0: .physicalTimer, "Physical timer compare value"),
        SystemRegister("CNTV_TVAL_EL0", 3, 3, 14, 3, 0, .readWrite, el0: .virtualTimer, "Virtual timer value"),
        SystemRegister("CNTV_CTL_EL0", 3, 3, 14, 3, 1, .readWrite, el0: .virtualTimer, "Virtual timer control"),
        SystemRegister("CNTV_CVAL_EL0", 3, 3, 14, 3, 2, .readWrite, el0: .virtualTimer, "Virtual timer compare value"),
    ]
}
