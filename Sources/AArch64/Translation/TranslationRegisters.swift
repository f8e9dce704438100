/// The registers of one vCPU that say what its virtual addresses mean.
public struct TranslationRegisters: Hashable, Sendable {
    public var sctlr: SCTLR
    public var tcr: TCR
    public var ttbr0: UInt64
    public var ttbr1: UInt64
    public var mair: UInt64
    /// VBAR_EL1: where an exception would go, which must be mapped whatever else is.
    public var vbar: UInt64
    public var features: ArchitectureFeatures
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

    public var regime: TranslationRegime {
        TranslationRegime(
            sctlr: sctlr, tcr: tcr, ttbr0: ttbr0, ttbr1: ttbr1, mair: mair, features: features,
            physicalAddressBits: physicalAddressBits)
    }
}
