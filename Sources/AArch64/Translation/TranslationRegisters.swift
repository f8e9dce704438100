/// The registers of one vCPU that say what its virtual addresses mean.
public struct TranslationRegisters: Hashable, Sendable {
    /// SCTLR_EL1.
    public var sctlr: SCTLR
    /// TCR_EL1.
    public var tcr: TCR
    /// TTBR0_EL1.
    public var ttbr0: UInt64
    /// TTBR1_EL1.
    public var ttbr1: UInt64
    /// MAIR_EL1.
    public var mair: UInt64
    /// VBAR_EL1: where an exception would go, which must be mapped whatever else is.
    public var vbar: UInt64
    /// The features that the CPU implements.
    public var features: ArchitectureFeatures
    /// The implemented size of physical addresses, in bits (ID_AA64MMFR0_EL1.PARange).
    public var physicalAddressBits: Int

    public init(
        sctlr: SCTLR, tcr: TCR, ttbr0: UInt64, ttbr1: UInt64, mair: UInt64, vbar: UInt64,
        features: ArchitectureFeatures, physicalAddressBits: Int
    ) {
        self.sctlr = sctlr
        self.tcr = tcr
        self.ttbr0 = ttbr0
        self.ttbr1 = ttbr1
        self.mair = mair
        self.vbar = vbar
        self.features = features
        self.physicalAddressBits = physicalAddressBits
    }

    /// The EL1&0 translation regime of these registers.
    public var regime: TranslationRegime {
        TranslationRegime(
            sctlr: sctlr, tcr: tcr, ttbr0: ttbr0, ttbr1: ttbr1, mair: mair, features: features,
            physicalAddressBits: physicalAddressBits)
    }
}
