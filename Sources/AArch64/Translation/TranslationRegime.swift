public import GuestAddresses

/// The EL1&0 translation regime, stage 1: what a vCPU's registers say about virtual addresses.
///
/// Making one works out everything that doesn't depend on the address; a CPU keeps it until one of the registers
/// changes. The walk itself is ``TranslationRegime/walk(_:read:)``.
/// Arm ARM, DDI 0487, chapter D8 "The AArch64 Virtual Memory System Architecture".
public struct TranslationRegime: Hashable, Sendable {
    /// SCTLR_EL1.M.
    public let isEnabled: Bool
    /// The physical address size in bits.
    public let physicalAddressBits: Int
    let lower: TranslationTable
    let upper: TranslationTable
    let mair: UInt64
    let writeImpliesExecuteNever: Bool
    let enhancedPAN: Bool
    let bigEndianTables: Bool
    let instructionCacheEnabled: Bool

    /// - Parameters:
    ///   - features: those of the machine; a hypervisor's guest has its ID registers'.
    ///   - physicalAddressBits: ID_AA64MMFR0_EL1.PARange in bits, 32 to 52.
    public init(
        sctlr: SCTLR, tcr: TCR, ttbr0: UInt64, ttbr1: UInt64, mair: UInt64,
        features: ArchitectureFeatures, physicalAddressBits: Int
    ) {
        let size = min(max(physicalAddressBits, 32), 52)
        isEnabled = sctlr.m
        self.physicalAddressBits = size
        self.mair = mair
        writeImpliesExecuteNever = sctlr.wxn
        enhancedPAN = features.contains(.pan3) && sctlr.epan
        bigEndianTables = sctlr.ee
        instructionCacheEnabled = sctlr.i
        lower = TranslationTable(tcr: tcr, ttbr: ttbr0, upper: false, features: features, physicalAddressBits: size)
        upper = TranslationTable(tcr: tcr, ttbr: ttbr1, upper: true, features: features, physicalAddressBits: size)
    }

    /// The address with an ignored top byte made what it stands for: copies of bit 55.
    @inline(__always)
    func withoutTag(_ address: UInt64, isFetch: Bool, table: TranslationTable) -> UInt64 {
        let ignored = isFetch ? table.ignoresTopByteOfFetch : table.ignoresTopByteOfData
        guard ignored else { return address }
        return UInt64(bitPattern: Int64(bitPattern: address &<< 8) &>> 8)
    }

    /// The PC after a branch to `address`: with TBI, copies of bit 55 replace the tag (`AArch64.BranchAddr`).
    public func branchTarget(_ address: UInt64) -> UInt64 {
        withoutTag(address, isFetch: true, table: address[bit: 55] ? upper : lower)
    }

    /// The address that a data access to `address` reaches: copies of bit 55 replace the tag where TBI ignores it.
    public func untagged(_ address: UInt64) -> UInt64 {
        withoutTag(address, isFetch: false, table: address[bit: 55] ? upper : lower)
    }

    /// The level a walk for the address begins with.
    public func startLevel(for address: VirtualAddress) -> Int {
        Int((address.rawValue[bit: 55] ? upper : lower).startLevel)
    }
}
