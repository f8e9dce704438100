import AArch64
import GuestAddresses

/// Translation tables in a dictionary, laid out by the Arm ARM's figures rather than by arithmetic.
struct PageTables {
    /// One regime's settings for one half.
    struct Layout: Sendable, CustomStringConvertible {
        var granule: TranslationGranule
        var txsz: Int
        var lpa2 = false
        /// Physical address bits 51:48 are in use with the 64 KiB granule.
        var wide = false
        /// The start level the Arm ARM's tables give (D8.2, "Translation granules").
        var startLevel: Int

        var description: String { "\(granule) TxSZ \(txsz)\(lpa2 ? " DS" : "") from level \(startLevel)" }
    }

    /// The input address bits each level resolves (D8.2, the figures of each granule's lookup).
    static func indexBits(_ granule: TranslationGranule, level: Int) -> ClosedRange<Int> {
        switch (granule, level) {
        case (.size4K, -1): 48...51
        case (.size4K, 0): 39...47
        case (.size4K, 1): 30...38
        case (.size4K, 2): 21...29
        case (.size4K, _): 12...20
        case (.size16K, 0): 47...51
        case (.size16K, 1): 36...46
        case (.size16K, 2): 25...35
        case (.size16K, _): 14...24
        case (.size64K, 1): 42...51
        case (.size64K, 2): 29...41
        case (.size64K, _): 16...28
        }
    }

    var memory: [UInt64: UInt64] = [:]
    private var nextTable: UInt64

    init(firstTable: UInt64 = 0x8000_0000) {
        nextTable = firstTable
    }

    /// The index an address has in the table of a level.
    static func index(_ address: UInt64, level: Int, layout: Layout) -> UInt64 {
        let range = indexBits(layout.granule, level: level)
        let high = min(range.upperBound, 63 - layout.txsz)
        return (address >> UInt64(range.lowerBound)) & ((1 << UInt64(high - range.lowerBound + 1)) - 1)
    }

    /// An address field of a descriptor of that layout.
    static func field(_ address: UInt64, layout: Layout) -> UInt64 {
        let low = address & 0x0000_ffff_ffff_ffff
        if layout.lpa2 { return (address & 0x0003_ffff_ffff_ffff) | ((address >> 50) & 3) << 8 }
        return layout.wide ? low | ((address >> 48) & 15) << 12 : low
    }

    /// A page or block descriptor: AF set, AttrIndx 0, `bits` added.
    static func leaf(_ output: UInt64, level: Int, layout: Layout, bits: UInt64) -> UInt64 {
        field(output, layout: layout) | 1 << 10 | (level == 3 ? 0b11 : 0b01) | bits
    }

    /// Maps one address by a leaf at `level`; the result is the tables' base and each descriptor's place and value.
    mutating func map(
        _ address: UInt64, to output: UInt64, level leafLevel: Int, layout: Layout, leafBits: UInt64 = 0,
        tableBits: [Int: UInt64] = [:]
    ) -> (base: UInt64, steps: [(address: UInt64, value: UInt64)]) {
        let size: UInt64 = 1 << UInt64(layout.granule.bits)
        nextTable = (nextTable + size - 1) & ~(size - 1)
        let base = nextTable
        var table = base
        var steps: [(address: UInt64, value: UInt64)] = []
        for level in layout.startLevel...leafLevel {
            let place = table + Self.index(address, level: level, layout: layout) * 8
            let value: UInt64
            if level == leafLevel {
                value = Self.leaf(output, level: level, layout: layout, bits: leafBits)
            } else {
                // Room for the largest first table (with DS, 16 KiB tables stay within one granule).
                table = ((table + size) + size - 1) & ~(size - 1)
                value = Self.field(table, layout: layout) | 0b11 | (tableBits[level] ?? 0)
            }
            memory[place] = value
            steps.append((place, value))
        }
        nextTable = table + size
        return (base, steps)
    }

    func read(_ address: PhysicalAddress) -> UInt64? { memory[address.rawValue] }
}

/// Registers for a walk, in the form a test writes them.
struct RegimeSettings {
    var sctlr: UInt64 = 1
    var tcr: UInt64 = 0
    var ttbr0: UInt64 = 0
    var ttbr1: UInt64 = 0
    var mair: UInt64 = 0xff
    var features: ArchitectureFeatures = .all
    var physicalAddressBits = 48

    var regime: TranslationRegime {
        TranslationRegime(
            sctlr: SCTLR(rawValue: sctlr), tcr: TCR(rawValue: tcr), ttbr0: ttbr0, ttbr1: ttbr1, mair: mair,
            features: features, physicalAddressBits: physicalAddressBits)
    }

    /// TCR_EL1 for one half of a layout, the other half off (EPDn), IPS as large as `bits` needs.
    static func tcr(_ layout: PageTables.Layout, upper: Bool, outputBits: Int = 48) -> UInt64 {
        let (tg0, tg1): (UInt64, UInt64)
        switch layout.granule {
        case .size4K: (tg0, tg1) = (0b00, 0b10)
        case .size16K: (tg0, tg1) = (0b10, 0b01)
        case .size64K: (tg0, tg1) = (0b01, 0b11)
        }
        let ips = UInt64([32, 36, 40, 42, 44, 48, 52].firstIndex(of: outputBits) ?? 7)
        var tcr = ips << 32 | (layout.lpa2 ? 1 << 59 : 0)
        if upper {
            tcr |= UInt64(layout.txsz) << 16 | tg1 << 30 | 16 | 1 << 7
        } else {
            tcr |= UInt64(layout.txsz) | tg0 << 14 | 16 << 16 | 1 << 23
        }
        return tcr
    }
}
