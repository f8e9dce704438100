/// One half of the virtual address space: what TTBRn_EL1 and its half of TCR_EL1 say, worked out once.
///
/// Follows the Arm pseudocode of stage 1 (`AArch64.GetS1TTWParams`, `AArch64.S1StartLevel`, `AArch64.S1TTBaseAddress`).
@usableFromInline
struct TranslationTable: Hashable, Sendable {
    /// How a descriptor holds an output address of more than 48 bits.
    @usableFromInline
    enum AddressFormat: UInt8, Sendable {
        case bits48
        /// 64 KiB granule: PA bits 51:48 are descriptor bits 15:12.
        case bits52Granule64K
        /// TCR_EL1.DS: PA bits 51:50 are descriptor bits 9:8.
        case bits52LPA2
    }

    /// EPDn, or a TxSZ out of range: every lookup is a translation fault at level 0.
    var isDisabled: Bool
    /// E0PDn: accesses from EL0 fault.
    var faultsForEL0: Bool
    /// TBIn for data, and for fetches (TBIDn).
    var ignoresTopByteOfData: Bool
    var ignoresTopByteOfFetch: Bool
    /// HPDn: the table descriptors' permissions don't count.
    var ignoresHierarchy: Bool
    var format: AddressFormat
    /// 12, 14 or 16.
    var granuleBits: UInt8
    /// 64 - TxSZ.
    var inputBits: UInt8
    /// The effective output size: IPS, but not beyond what the machine has.
    var outputBits: UInt8
    /// -1 to 3.
    var startLevel: Int8
    /// The lowest level at which a block is a valid descriptor.
    var firstBlockLevel: Int8
    var baseAddress: UInt64

    /// - Parameter upper: whether this is TTBR1_EL1's half.
    init(tcr: TCR, ttbr: UInt64, upper: Bool, features: ArchitectureFeatures, physicalAddressBits: Int) {
        let granule = tcr.granule(upper: upper, features: features)
        let lpa2Feature: ArchitectureFeatures = granule == .size16K ? .lpa2Granule16K : .lpa2Granule4K
        let ds = tcr.ds && granule != .size64K && features.contains(lpa2Feature)
        let lva = granule == .size64K && features.contains(.lva)
        let txsz = tcr.sizeOffset(upper: upper)
        let smallest = ds || lva ? 12 : 16
        let largest = features.contains(.ttst) ? (granule == .size64K ? 47 : 48) : 39

        granuleBits = UInt8(granule.bits)
        isDisabled = tcr.disablesWalks(upper: upper) || txsz < smallest || txsz > largest
        faultsForEL0 = features.contains(.e0pd) && tcr.preventsEL0(upper: upper)
        ignoresTopByteOfData = tcr.ignoresTopByte(upper: upper)
        ignoresTopByteOfFetch =
            ignoresTopByteOfData && !(features.contains(.pauth) && tcr.ignoresTopByteOfDataOnly(upper: upper))
        ignoresHierarchy = features.contains(.hpds) && tcr.disablesHierarchy(upper: upper)

        // The machine's own size bounds IPS. (Addresses of the 48-bit format never exceed it anyway.)
        outputBits = UInt8(min(tcr.outputBits, physicalAddressBits))
        let wideTables64K = granule == .size64K && tcr.outputBits == 52 && physicalAddressBits == 52
        format = ds ? .bits52LPA2 : wideTables64K ? .bits52Granule64K : .bits48
        switch granule {
        case .size4K: firstBlockLevel = ds ? 0 : 1
        case .size16K: firstBlockLevel = ds ? 1 : 2
        case .size64K: firstBlockLevel = physicalAddressBits == 52 ? 1 : 2
        }

        // A walk never starts if it is not the programmed one; authentication codes take the nearest limit.
        let size = 64 - min(max(txsz, smallest), largest)
        inputBits = UInt8(size)
        let stride = granule.bits - 3
        let levels = max(0, (size - 1 - granule.bits) / stride)
        startLevel = Int8(3 - levels)

        // The table is aligned to its size; a 52-bit base has bits 51:48 in bits 5:2, so at least to 64 bytes.
        var tableBits = size - (levels * stride + granule.bits) + 3
        if format == .bits48 {
            baseAddress = ttbr & 0x0000_ffff_ffff_fffe
        } else {
            tableBits = max(tableBits, 6)
            baseAddress = (ttbr & 0x0000_ffff_ffff_ffc0) | ttbr[bits: 2...5] << 48
        }
        baseAddress &= ~UInt64.mask(tableBits)
    }

    /// The next-level table or output address of a descriptor, `lowBit` being its lowest address bit.
    @inline(__always)
    func address(in descriptor: UInt64, lowBit: UInt64) -> UInt64 {
        let aligned = ~UInt64.mask(Int(lowBit))
        switch format {
        case .bits48:
            return descriptor & 0x0000_ffff_ffff_ffff & aligned
        case .bits52Granule64K:
            return (descriptor & 0x0000_ffff_ffff_ffff & aligned) | descriptor[bits: 12...15] &<< 48
        case .bits52LPA2:
            return (descriptor & 0x0003_ffff_ffff_ffff & aligned) | descriptor[bits: 8...9] &<< 50
        }
    }
}
