import AArch64
import GuestAddresses
import TestSupport
import Testing

/// Expected values are those of the Arm ARM, chapter D8 (VMSAv8-64), and its pseudocode.
///
/// Seed items 2.34 and 2.35.
@Suite("Translation walk")
struct TranslationWalkTests {
    typealias Layout = PageTables.Layout

    /// D8.2: the start level of each granule and size, at both ends of every range.
    static let layouts: [Layout] =
        [(12, -1), (15, -1)].map { Layout(granule: .size4K, txsz: $0.0, lpa2: true, startLevel: $0.1) }
        + [(16, 0), (20, 0), (24, 0), (25, 1), (33, 1), (34, 2), (42, 2), (43, 3), (48, 3)].map {
            Layout(granule: .size4K, txsz: $0.0, startLevel: $0.1)
        } + [(12, 0), (16, 0)].map { Layout(granule: .size16K, txsz: $0.0, lpa2: true, startLevel: $0.1) }
        + [(16, 0), (17, 1), (27, 1), (28, 2), (38, 2), (39, 3), (48, 3)].map {
            Layout(granule: .size16K, txsz: $0.0, startLevel: $0.1)
        }
        + [(12, 1), (16, 1), (21, 1), (22, 2), (34, 2), (35, 3), (47, 3)].map {
            Layout(granule: .size64K, txsz: $0.0, startLevel: $0.1)
        }
        + [(12, 1), (25, 2)].map { Layout(granule: .size64K, txsz: $0.0, wide: true, startLevel: $0.1) }

    /// The levels at which a block is valid (D8.3, "Block descriptor"): level 0 or 1 only with 52-bit addresses.
    static func leafLevels(_ layout: Layout) -> [Int] {
        let blocks: [Int]
        switch layout.granule {
        case .size4K: blocks = layout.lpa2 ? [0, 1, 2] : [1, 2]
        case .size16K: blocks = layout.lpa2 ? [1, 2] : [2]
        case .size64K: blocks = layout.wide ? [1, 2] : [2]
        }
        return (blocks + [3]).filter { $0 >= layout.startLevel }
    }

    @Test("Every granule, size, half and leaf level leads to the right place", arguments: layouts)
    func walks(layout: Layout) throws {
        var random = SeededRandom(seed: 42)
        for upper in [false, true] {
            for leafLevel in Self.leafLevels(layout) {
                for _ in 0..<8 {
                    let inside = (UInt64(1) << UInt64(64 - layout.txsz)) - 1
                    let raw = random.next()
                    let address = upper ? raw | ~inside : raw & inside
                    // With fewer than 56 bits of input, bit 55 follows the half.
                    let lowBit = PageTables.indexBits(layout.granule, level: leafLevel).lowerBound
                    let paBits = layout.lpa2 || layout.wide ? 52 : 48
                    let output =
                        random.next() & ((1 << UInt64(paBits)) - 1) & ~((1 << UInt64(lowBit)) - 1)
                    var tables = PageTables(
                        firstTable: layout.lpa2 || layout.wide ? 0x000f_8000_0000_0000 : 0x8000_0000)
                    let (base, steps) = tables.map(address, to: output, level: leafLevel, layout: layout)
                    var settings = RegimeSettings(physicalAddressBits: paBits)
                    settings.tcr = RegimeSettings.tcr(layout, upper: upper, outputBits: paBits)
                    // A 52-bit base has bits 51:48 in bits 5:2. The ASID and CnP are not part of it.
                    let ttbr = (base & 0x0000_ffff_ffff_ffff) | (base >> 48) << 2 | 0xbeef << 48 | 1
                    if upper { settings.ttbr1 = ttbr } else { settings.ttbr0 = ttbr }

                    let trace = settings.regime.trace(VirtualAddress(address), read: tables.read)
                    #expect(trace.steps.map(\.descriptorAddress.rawValue) == steps.map(\.address))
                    #expect(trace.steps.map(\.descriptor) == steps.map(\.value))
                    #expect(trace.steps.map(\.level) == Array(layout.startLevel...leafLevel))
                    let result = try trace.result.get()
                    #expect(result.physicalAddress.rawValue == output | (address & ((1 << UInt64(lowBit)) - 1)))
                    #expect(result.level == leafLevel && result.blockBits == lowBit)
                    #expect(result.base == (upper ? .ttbr1 : .ttbr0))
                }
            }
        }
    }

    @Test("A block where none may be is a translation fault", arguments: layouts)
    func misplacedBlocks(layout: Layout) {
        let allowed = Self.leafLevels(layout)
        for level in layout.startLevel..<3 where !allowed.contains(level) {
            var tables = PageTables()
            let (base, _) = tables.map(0x1000, to: 0, level: level, layout: layout)
            let paBits = layout.lpa2 || layout.wide ? 52 : 48
            var settings = RegimeSettings(physicalAddressBits: paBits)
            settings.tcr = RegimeSettings.tcr(layout, upper: false, outputBits: paBits)
            settings.ttbr0 = base
            expect(settings.regime, 0x1000, tables, faults: .init(.translation, level: level))
        }
    }

    /// Seed item 2.36: with 52-bit addresses Linux's linear map begins at 0xfff0_0000_0000_0000.
    @Test(
        "A 52-bit kernel address is found",
        arguments: [
            Layout(granule: .size4K, txsz: 12, lpa2: true, startLevel: -1),
            Layout(granule: .size16K, txsz: 12, lpa2: true, startLevel: 0),
            Layout(granule: .size64K, txsz: 12, startLevel: 1),
        ])
    func linearMapOf52Bits(layout: Layout) throws {
        let address: UInt64 = 0xfff0_0000_8020_0000
        var tables = PageTables()
        let (base, _) = tables.map(address, to: 0x8020_0000, level: 3, layout: layout)
        var settings = RegimeSettings(ttbr1: base)
        settings.tcr = RegimeSettings.tcr(layout, upper: true)
        #expect(try settings.regime.walk(VirtualAddress(address), read: tables.read).physicalAddress == 0x8020_0000)
    }

    @Test("At level 3 only 0b11 is a page", arguments: [UInt64(0b00), 0b01, 0b10])
    func level3Types(type: UInt64) {
        let layout = Layout(granule: .size4K, txsz: 25, startLevel: 1)
        var tables = PageTables()
        let (base, steps) = tables.map(0x5000, to: 0x9000, level: 3, layout: layout)
        tables.memory[steps[2].address] = (steps[2].value & ~3) | type
        var settings = RegimeSettings()
        settings.tcr = RegimeSettings.tcr(layout, upper: false)
        settings.ttbr0 = base
        expect(settings.regime, 0x5000, tables, faults: .init(.translation, level: 3))
    }

    static let standard = Layout(granule: .size4K, txsz: 16, startLevel: 0)

    /// A single page mapped in one half of a 48-bit regime with the 4 KiB granule.
    static func standardCase(
        _ address: UInt64, output: UInt64 = 0x4000_5000, upper: Bool = false, leafBits: UInt64 = 0,
        tableBits: [Int: UInt64] = [:]
    ) -> (settings: RegimeSettings, tables: PageTables, steps: [(address: UInt64, value: UInt64)]) {
        var tables = PageTables()
        let (base, steps) = tables.map(
            address, to: output, level: 3, layout: standard, leafBits: leafBits, tableBits: tableBits)
        var settings = RegimeSettings()
        settings.tcr = RegimeSettings.tcr(standard, upper: upper)
        if upper { settings.ttbr1 = base } else { settings.ttbr0 = base }
        return (settings, tables, steps)
    }

    static let outOfRangeRows: [UInt64] = [
        0x0001_0000_0000_0000, 0x0080_0000_0000_0000 | 0x1000, 0x8000_0000_0000_1000,
        0xffff_8000_0000_1000, 0x007f_ffff_ffff_f000, 0xff00_0000_0000_1000,
    ]

    @Test("Addresses beyond the half's size fault at level 0", arguments: outOfRangeRows)
    func outOfRange(address: UInt64) {
        let (settings, tables, _) = Self.standardCase(0x1000)
        expect(settings.regime, VirtualAddress(address), tables, faults: .init(.translation, level: 0))
    }

    static let topByteRows: [(UInt64, Bool, Bool, Bool)] = [
        // address, upper half, TBI on: found; off: found
        (0x0000_1234_5678_9000, false, true, true), (0xab00_1234_5678_9000, false, true, false),
        (0xff00_1234_5678_9000, false, true, false), (0xffff_8234_5678_9000, true, true, true),
        (0x12ff_8234_5678_9000, true, true, false), (0x00ff_8234_5678_9000, true, true, false),
        // Bits 54:48 still count.
        (0x0001_1234_5678_9000, false, false, false), (0x00fe_8234_5678_9000, true, false, false),
    ]

    @Test("With TBI the top byte doesn't count and bit 55 chooses the half", arguments: topByteRows)
    func topByte(address: UInt64, upper: Bool, withTBI: Bool, without: Bool) {
        for tbi in [true, false] {
            var (settings, tables, _) = Self.standardCase(address, upper: upper)
            if tbi { settings.tcr |= upper ? 1 << 38 : 1 << 37 }
            let found = (try? settings.regime.walk(VirtualAddress(address), read: tables.read)) != nil
            #expect(found == (tbi ? withTBI : without))
        }
    }

    @Test("TBID keeps the tag significant for fetches")
    func topByteOfFetches() throws {
        var (settings, tables, _) = Self.standardCase(0x1000)
        settings.tcr |= 1 << 37
        let tagged: UInt64 = 0x5500_0000_0000_1000
        let fetch = MemoryAccess(.fetch, isPrivileged: true)
        #expect(try settings.regime.translate(VirtualAddress(tagged), access: fetch, read: tables.read).level == 3)
        #expect(settings.regime.branchTarget(tagged) == 0x1000)
        settings.tcr |= 1 << 51
        expectFault(.init(.translation, level: 0)) {
            _ = try settings.regime.translate(VirtualAddress(tagged), access: fetch, read: tables.read)
        }
        #expect(try settings.regime.walk(VirtualAddress(tagged), read: tables.read).level == 3)
        #expect(settings.regime.branchTarget(tagged) == tagged)
    }

    static let branchRows: [(UInt64, UInt64)] = [
        (0xab00_0000_4000_0000, 0x0000_0000_4000_0000),
        (0x00ff_ffff_ffff_0000, 0xffff_ffff_ffff_0000), (0x12ff_0000_0000_0000, 0xffff_0000_0000_0000),
    ]

    @Test("A branch replaces an ignored tag by copies of bit 55", arguments: branchRows)
    func branchTargets(address: UInt64, target: UInt64) {
        #expect(RegimeSettings(tcr: 0b11 << 37).regime.branchTarget(address) == target)
        #expect(RegimeSettings(tcr: 0).regime.branchTarget(address) == address)
    }

    /// `AArch64.S1TTBaseAddress`: TxSZ, then the TTBR bits that belong to the base, bit 0 (CnP) never among them.
    static let alignmentRows: [(Layout, UInt64)] = [
        (Layout(granule: .size4K, txsz: 16, startLevel: 0), ~0xfff),  // 512 entries
        (Layout(granule: .size4K, txsz: 31, startLevel: 1), ~0x3f),  // 8 entries
        (Layout(granule: .size4K, txsz: 33, startLevel: 1), ~0xf),  // 2 entries
        (Layout(granule: .size64K, txsz: 16, startLevel: 1), ~0x1ff),  // 64 entries
        (Layout(granule: .size16K, txsz: 16, startLevel: 0), ~0xf),  // 2 entries
        // A 52-bit base is aligned to 64 bytes at least, its bits 5:2 are PA bits 51:48.
        (Layout(granule: .size4K, txsz: 15, lpa2: true, startLevel: -1), ~0x3f),
        (Layout(granule: .size64K, txsz: 20, wide: true, startLevel: 1), ~0x3f),
    ]

    @Test("The table's base is aligned to its size", arguments: alignmentRows)
    func baseAlignment(layout: Layout, mask: UInt64) {
        let is52 = layout.lpa2 || layout.wide
        let ttbr: UInt64 = 0xffff_1234_5678_ffc3 | (is52 ? 0 : 0x3e)
        var settings = RegimeSettings(ttbr0: ttbr, physicalAddressBits: is52 ? 52 : 48)
        settings.tcr = RegimeSettings.tcr(layout, upper: false, outputBits: is52 ? 52 : 48)
        let first = settings.regime.trace(0, read: { _ in 0 }).steps.first?.descriptorAddress.rawValue
        #expect(first == 0x1234_5678_ffff & mask & (is52 ? ~0x3f : ~0))
    }

    @Test("Big-endian tables are read as such (SCTLR_EL1.EE)")
    func bigEndian() throws {
        var (settings, tables, _) = Self.standardCase(0x1000)
        settings.sctlr |= 1 << 25
        tables.memory = tables.memory.mapValues(\.byteSwapped)
        #expect(try settings.regime.walk(0x1000, read: tables.read).physicalAddress == 0x4000_5000)
    }

    /// Seed item 2.35, after `AArch64.S1DisabledOutput`.
    static let mmuOffRows: [(UInt64, Int, UInt64, UInt64?)] = [
        (0x4000_0000, 40, 0, 0x4000_0000), (0xff_ffff_ffff, 40, 0, 0xff_ffff_ffff),
        (0x100_0000_0000, 40, 0, nil), (0xffff_8000_0000_0000, 48, 0, nil), (0xffff_ffff_ffff_ffff, 52, 0, nil),
        // With TBI0 the top byte is ignored there too.
        (0xab00_0000_4000_0000, 40, 1 << 37, 0x4000_0000), (0xab00_0000_4000_0000, 40, 0, nil),
        (0xab80_0000_4000_0000, 40, 1 << 37 | 1 << 38, nil),
    ]

    @Test("With the MMU off the address is the physical one", arguments: mmuOffRows)
    func mmuOff(address: UInt64, bits: Int, tcr: UInt64, output: UInt64?) throws {
        var settings = RegimeSettings(sctlr: 0, tcr: tcr)
        settings.physicalAddressBits = bits
        let regime = settings.regime
        guard let output else {
            return expectFault(.init(.addressSize, level: 0)) {
                _ = try regime.walk(VirtualAddress(address), read: { _ in nil })
            }
        }
        let result = try regime.walk(VirtualAddress(address), read: { _ in nil })
        #expect(result.physicalAddress.rawValue == output && result.base == .none && result.attributes == .deviceNGnRnE)
        let fetch = MemoryAccess(.fetch, isPrivileged: false)
        #expect(
            try regime.translate(VirtualAddress(address), access: fetch, read: { _ in nil }).attributes
                == .normalNonCacheable)
        settings.sctlr = 1 << 12
        let cached = settings.regime
        #expect(
            try cached.translate(VirtualAddress(address), access: fetch, read: { _ in nil }).attributes
                == .normalWriteThrough)
    }

    @Test("nG, AF, GP and AttrIndx are reported")
    func attributes() throws {
        var (settings, tables, steps) = Self.standardCase(0x1000, leafBits: 1 << 11 | 1 << 50 | 2 << 2)
        settings.mair = 0x44_04_ff
        settings.mair = 0x0000_0000_0004_44ff
        let result = try settings.regime.walk(0x1000, read: tables.read)
        #expect(result.isNonGlobal && result.isGuarded && result.isAccessed)
        #expect(result.attributes.rawValue == 0x04 && result.attributes.isDevice)
        tables.memory[steps[3].address] = steps[3].value & ~(1 << 10)
        #expect(try !settings.regime.walk(0x1000, read: tables.read).isAccessed)
        #expect(result.bytesToEnd == 0x1000)
    }

    @Test("Garbage in registers and tables never traps")
    func garbage() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<20_000 {
            var settings = RegimeSettings(
                sctlr: random.next(), tcr: random.next(), ttbr0: random.next(), ttbr1: random.next())
            settings.features = ArchitectureFeatures(rawValue: UInt128(random.next()))
            settings.physicalAddressBits = Int(truncatingIfNeeded: random.next() % 80) - 10
            var reads = 0
            let regime = settings.regime
            let access = MemoryAccess(
                MemoryAccess.Kind.allCases[Int(random.next() % 4)], isPrivileged: random.next() & 1 == 0,
                pan: random.next() & 1 == 0, isAligned: random.next() & 1 == 0)
            let seed = random.next()
            _ = try? regime.translate(VirtualAddress(random.next()), access: access) { address in
                reads += 1
                return (address.rawValue &* 0x9e37_79b9_7f4a_7c15 ^ seed) | 3
            }
            #expect(reads <= 5)
        }
    }

    @Test("A trace reads as lines")
    func traceText() {
        let (settings, tables, _) = Self.standardCase(0x1000)
        let text = settings.regime.trace(0x1000, read: tables.read).text
        #expect(
            text == """
                VA 0x0000000000001000
                  level 0: descriptor at 0x80000000 = 0x0000000080001003
                  level 1: descriptor at 0x80001000 = 0x0000000080002003
                  level 2: descriptor at 0x80002000 = 0x0000000080003003
                  level 3: descriptor at 0x80003008 = 0x0000000040005403
                PA 0x40005000, 4 KiB page at level 3, EL0/EL1 --x rwx, Normal, Write-Back

                """)
        let missing = settings.regime.trace(0x2000, read: tables.read).text
        #expect(missing.contains("level 3: descriptor at 0x80003010 can't be read\n"))
        #expect(missing.hasSuffix("synchronous external abort on a walk, level 3\n"))
    }
}
