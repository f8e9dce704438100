/// The encodings that the sources refer to by name; ``SystemRegisterTable`` has all registers.
extension SystemRegisterEncoding {
    /// MIDR_EL1.
    public static let midr = Self(3, 0, 0, 0, 0)
    /// MPIDR_EL1.
    public static let mpidr = Self(3, 0, 0, 0, 5)
    /// REVIDR_EL1.
    public static let revidr = Self(3, 0, 0, 0, 6)
    /// ID_AA64PFR0_EL1.
    public static let idAA64PFR0 = Self(3, 0, 0, 4, 0)
    /// ID_AA64PFR1_EL1.
    public static let idAA64PFR1 = Self(3, 0, 0, 4, 1)
    /// ID_AA64ZFR0_EL1.
    public static let idAA64ZFR0 = Self(3, 0, 0, 4, 4)
    /// ID_AA64SMFR0_EL1.
    public static let idAA64SMFR0 = Self(3, 0, 0, 4, 5)
    /// ID_AA64DFR0_EL1.
    public static let idAA64DFR0 = Self(3, 0, 0, 5, 0)
    /// ID_AA64DFR1_EL1.
    public static let idAA64DFR1 = Self(3, 0, 0, 5, 1)
    /// ID_AA64ISAR0_EL1.
    public static let idAA64ISAR0 = Self(3, 0, 0, 6, 0)
    /// ID_AA64ISAR1_EL1.
    public static let idAA64ISAR1 = Self(3, 0, 0, 6, 1)
    /// ID_AA64ISAR2_EL1.
    public static let idAA64ISAR2 = Self(3, 0, 0, 6, 2)
    /// ID_AA64MMFR0_EL1.
    public static let idAA64MMFR0 = Self(3, 0, 0, 7, 0)
    /// ID_AA64MMFR1_EL1.
    public static let idAA64MMFR1 = Self(3, 0, 0, 7, 1)
    /// ID_AA64MMFR2_EL1.
    public static let idAA64MMFR2 = Self(3, 0, 0, 7, 2)
    /// ID_AA64MMFR3_EL1.
    public static let idAA64MMFR3 = Self(3, 0, 0, 7, 3)
    /// ID_AA64MMFR4_EL1.
    public static let idAA64MMFR4 = Self(3, 0, 0, 7, 4)
    /// CCSIDR_EL1.
    public static let ccsidr = Self(3, 1, 0, 0, 0)
    /// CLIDR_EL1.
    public static let clidr = Self(3, 1, 0, 0, 1)
    /// AIDR_EL1.
    public static let aidr = Self(3, 1, 0, 0, 7)
    /// CSSELR_EL1.
    public static let csselr = Self(3, 2, 0, 0, 0)
    /// CTR_EL0.
    public static let ctr = Self(3, 3, 0, 0, 1)
    /// DCZID_EL0.
    public static let dczid = Self(3, 3, 0, 0, 7)

    /// SCTLR_EL1.
    public static let sctlr = Self(3, 0, 1, 0, 0)
    /// ACTLR_EL1.
    public static let actlr = Self(3, 0, 1, 0, 1)
    /// CPACR_EL1.
    public static let cpacr = Self(3, 0, 1, 0, 2)
    /// ZCR_EL1.
    public static let zcr = Self(3, 0, 1, 2, 0)
    /// TTBR0_EL1.
    public static let ttbr0 = Self(3, 0, 2, 0, 0)
    /// TTBR1_EL1.
    public static let ttbr1 = Self(3, 0, 2, 0, 1)
    /// TCR_EL1.
    public static let tcr = Self(3, 0, 2, 0, 2)
    /// SPSR_EL1.
    public static let spsr = Self(3, 0, 4, 0, 0)
    /// ELR_EL1.
    public static let elr = Self(3, 0, 4, 0, 1)
    /// SP_EL0.
    public static let spEL0 = Self(3, 0, 4, 1, 0)
    /// SP_EL1.
    public static let spEL1 = Self(3, 4, 4, 1, 0)
    /// SPSel.
    public static let spSel = Self(3, 0, 4, 2, 0)
    /// CurrentEL.
    public static let currentEL = Self(3, 0, 4, 2, 2)
    /// PAN.
    public static let pan = Self(3, 0, 4, 2, 3)
    /// UAO.
    public static let uao = Self(3, 0, 4, 2, 4)
    /// ALLINT.
    public static let allint = Self(3, 0, 4, 3, 0)
    /// AFSR0_EL1.
    public static let afsr0 = Self(3, 0, 5, 1, 0)
    /// AFSR1_EL1.
    public static let afsr1 = Self(3, 0, 5, 1, 1)
    /// ESR_EL1.
    public static let esr = Self(3, 0, 5, 2, 0)
    /// FAR_EL1.
    public static let far = Self(3, 0, 6, 0, 0)
    /// PAR_EL1.
    public static let par = Self(3, 0, 7, 4, 0)
    /// MAIR_EL1.
    public static let mair = Self(3, 0, 10, 2, 0)
    /// AMAIR_EL1.
    public static let amair = Self(3, 0, 10, 3, 0)
    /// VBAR_EL1.
    public static let vbar = Self(3, 0, 12, 0, 0)
    /// RVBAR_EL1.
    public static let rvbar = Self(3, 0, 12, 0, 1)
    /// ISR_EL1.
    public static let isr = Self(3, 0, 12, 1, 0)
    /// CONTEXTIDR_EL1.
    public static let contextidr = Self(3, 0, 13, 0, 1)
    /// TPIDR_EL1.
    public static let tpidrEL1 = Self(3, 0, 13, 0, 4)
    /// TPIDR_EL0.
    public static let tpidrEL0 = Self(3, 3, 13, 0, 2)
    /// TPIDRRO_EL0.
    public static let tpidrroEL0 = Self(3, 3, 13, 0, 3)

    /// NZCV.
    public static let nzcv = Self(3, 3, 4, 2, 0)
    /// DAIF.
    public static let daif = Self(3, 3, 4, 2, 1)
    /// DIT.
    public static let dit = Self(3, 3, 4, 2, 5)
    /// SSBS.
    public static let ssbs = Self(3, 3, 4, 2, 6)
    /// TCO.
    public static let tco = Self(3, 3, 4, 2, 7)
    /// FPCR.
    public static let fpcr = Self(3, 3, 4, 4, 0)
    /// FPSR.
    public static let fpsr = Self(3, 3, 4, 4, 1)

    /// CNTKCTL_EL1.
    public static let cntkctl = Self(3, 0, 14, 1, 0)
    /// CNTFRQ_EL0.
    public static let cntfrq = Self(3, 3, 14, 0, 0)
    /// CNTPCT_EL0.
    public static let cntpct = Self(3, 3, 14, 0, 1)
    /// CNTVCT_EL0.
    public static let cntvct = Self(3, 3, 14, 0, 2)
    /// CNTP_TVAL_EL0.
    public static let cntpTVAL = Self(3, 3, 14, 2, 0)
    /// CNTP_CTL_EL0.
    public static let cntpCTL = Self(3, 3, 14, 2, 1)
    /// CNTP_CVAL_EL0.
    public static let cntpCVAL = Self(3, 3, 14, 2, 2)
    /// CNTV_TVAL_EL0.
    public static let cntvTVAL = Self(3, 3, 14, 3, 0)
    /// CNTV_CTL_EL0.
    public static let cntvCTL = Self(3, 3, 14, 3, 1)
    /// CNTV_CVAL_EL0.
    public static let cntvCVAL = Self(3, 3, 14, 3, 2)

    /// MDSCR_EL1.
    public static let mdscr = Self(2, 0, 0, 2, 2)
    /// OSLAR_EL1.
    public static let oslar = Self(2, 0, 1, 0, 4)
    /// OSLSR_EL1.
    public static let oslsr = Self(2, 0, 1, 1, 4)
    /// OSDLR_EL1.
    public static let osdlr = Self(2, 0, 1, 3, 4)

    /// Returns the encoding of DBGBVR<n>_EL1; n is 0 to 15.
    public static func dbgbvr(_ n: Int) -> Self { Self(2, 0, 0, UInt16(truncatingIfNeeded: n), 4) }
    /// Returns the encoding of DBGBCR<n>_EL1; n is 0 to 15.
    public static func dbgbcr(_ n: Int) -> Self { Self(2, 0, 0, UInt16(truncatingIfNeeded: n), 5) }
    /// Returns the encoding of DBGWVR<n>_EL1; n is 0 to 15.
    public static func dbgwvr(_ n: Int) -> Self { Self(2, 0, 0, UInt16(truncatingIfNeeded: n), 6) }
    /// Returns the encoding of DBGWCR<n>_EL1; n is 0 to 15.
    public static func dbgwcr(_ n: Int) -> Self { Self(2, 0, 0, UInt16(truncatingIfNeeded: n), 7) }
}
