import AArch64
import GuestAddresses
import Testing

/// Tables of the upper half, 4 KiB granule and 48 bits, several addresses in one tree.
private struct UpperTree {
    static let layout = PageTables.Layout(granule: .size4K, txsz: 16, startLevel: 0)

    var memory: [UInt64: UInt64] = [:]
    private var nextTable: UInt64 = 0x8000_0000

    /// An empty first table; what isn't mapped has no entry and reads as zero.
    mutating func root() -> UInt64 {
        nextTable += 0x1000
        return nextTable
    }

    mutating func map(_ address: UInt64, to output: UInt64, level leafLevel: Int = 3, in root: UInt64) {
        var table = root
        for level in 0...leafLevel {
            let place = table + PageTables.index(address, level: level, layout: Self.layout) * 8
            if level == leafLevel {
                memory[place] = PageTables.leaf(output, level: level, layout: Self.layout, bits: 0)
            } else if let next = memory[place] {
                table = next & 0x0000_ffff_ffff_f000
            } else {
                table = self.root()
                memory[place] = table | 0b11
            }
        }
    }

    func read(_ address: PhysicalAddress) -> UInt64? { memory[address.rawValue] ?? 0 }
}

@Suite("The kernel's table while the kernel is unmapped")
struct KernelTableSearchTests {
    static let vectors: UInt64 = 0xffff_8000_0800_0000
    static let vectorsPage: UInt64 = 0x4200_0000
    static let secret: UInt64 = 0xffff_8000_1234_5678

    /// A vCPU at EL0 as Linux leaves it, and its kernel's table; each case breaks one condition.
    fileprivate struct Setup {
        var tree = UpperTree()
        var registers: TranslationRegisters
        var candidates: [KernelTableSearch.Candidate]
        var address = secret
        let trampoline: UInt64
        let kernel: UInt64

        init() {
            trampoline = tree.root()
            kernel = tree.root()
            tree.map(vectors, to: vectorsPage, in: trampoline)
            tree.map(vectors, to: vectorsPage, in: kernel)
            tree.map(secret & ~0xfff, to: 0x4300_0000, in: kernel)
            registers = TranslationRegisters(
                sctlr: SCTLR(rawValue: 1),
                // A1, AS, TG1 4 KiB, T1SZ and T0SZ 16, IPS 48 bits.
                tcr: TCR(rawValue: 1 << 36 | 5 << 32 | 2 << 30 | 1 << 22 | 16 << 16 | 16),
                ttbr0: 0, ttbr1: trampoline | 0x43 << 48, mair: 0xff, vbar: vectors + 0x800,
                features: .armv8_0, physicalAddressBits: 48)
            candidates = [.init(ttbr1: kernel | 0x42 << 48, origin: .lastSeen)]
        }

        func find() -> KernelTableSearch.Found? {
            KernelTableSearch(registers).find(VirtualAddress(address), candidates: candidates, read: tree.read)
        }
    }

    fileprivate struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var isFound: Bool
        var spoil: @Sendable (inout Setup) -> Void

        init(_ name: String, found isFound: Bool, _ spoil: @escaping @Sendable (inout Setup) -> Void) {
            testDescription = name
            self.isFound = isFound
            self.spoil = spoil
        }
    }

    fileprivate static let cases = [
        Case("as Linux does it", found: true) { _ in },
        Case("another vCPU's table, with another process's ASID", found: true) {
            $0.candidates = [.init(ttbr1: $0.kernel | 0x6 << 48, origin: .vcpu(1))]
        },
        Case("16 pages of trampoline", found: true) { setup in
            for page in UInt64(1)...15 {
                setup.tree.map(vectors + page << 12, to: 0x5000_0000, in: setup.trampoline)
            }
        },
        Case("17 pages: this is a kernel, though a small one", found: false) { setup in
            for page in UInt64(1)...16 {
                setup.tree.map(vectors + page << 12, to: 0x5000_0000, in: setup.trampoline)
            }
        },
        Case("a block beside the trampoline", found: false) {
            $0.tree.map(0xffff_0000_4000_0000, to: 0x4000_0000, level: 1, in: $0.trampoline)
        },
        Case("the ASID in TTBR0_EL1", found: false) { $0.registers.tcr.rawValue &= ~(1 << 22) },
        Case("an even ASID", found: false) {
            $0.registers.ttbr1 = $0.trampoline | 0x42 << 48
            $0.candidates = [.init(ttbr1: $0.kernel | 0x42 << 48, origin: .vcpu(1))]
        },
        Case("a table before this one that was EL0's, too", found: false) {
            $0.candidates = [.init(ttbr1: $0.kernel | 0x43 << 48, origin: .lastSeen)]
        },
        Case("a table before this one for another process", found: false) {
            $0.candidates = [.init(ttbr1: $0.kernel | 0x40 << 48, origin: .lastSeen)]
        },
        Case("another vCPU at EL0", found: false) {
            $0.candidates = [.init(ttbr1: $0.kernel | 0x45 << 48, origin: .vcpu(1))]
        },
        Case("no table known", found: false) { $0.candidates = [] },
        Case("vectors that the trampoline's table lacks", found: false) { $0.registers.vbar = vectors + 0x1000 },
        Case("vectors in the lower half", found: false) {
            $0.registers.vbar = vectorsPage
            $0.registers.ttbr0 = $0.tree.root()
            $0.tree.map(vectorsPage, to: vectorsPage, in: $0.registers.ttbr0)
        },
        Case("vectors elsewhere in the kernel's table", found: false) {
            $0.tree.map(vectors, to: vectorsPage + 0x1000, in: $0.kernel)
        },
        Case("an address that the kernel does not map either", found: false) { $0.address = secret + 0x1000 },
        Case("an address of the lower half", found: false) {
            $0.address = secret & 0xffff_ffff_ffff
            $0.registers.ttbr0 = $0.tree.root()
            $0.tree.map($0.address & ~0xfff, to: 0x4300_0000, in: $0.registers.ttbr0)
        },
        Case("the MMU off", found: false) { $0.registers.sctlr.rawValue = 0 },
        Case("the upper half off", found: false) { $0.registers.tcr.rawValue |= 1 << 23 },
        Case("tables without end", found: false) { setup in
            for entry in UInt64(256)..<512 {
                setup.tree.memory[setup.trampoline + 8 * entry] = setup.tree.memory[setup.trampoline + 8 * 256]
            }
            setup.tree.memory[setup.trampoline] = setup.trampoline | 0b11
        },
    ]

    @Test(
        "It is believed only where the guest isolates its kernel, and only if it must be the kernel's", arguments: cases
    )
    fileprivate func search(row: Case) {
        var setup = Setup()
        row.spoil(&setup)
        let found = setup.find()
        #expect((found != nil) == row.isFound)
        if let found {
            #expect(found.translation.physicalAddress == 0x4300_0678)
            #expect(found.candidate == setup.candidates[0])
        }
    }

    @Test("The first table that fits is taken, and says whose it is")
    func order() throws {
        var setup = Setup()
        let good = setup.candidates[0]
        setup.candidates = [
            .init(ttbr1: setup.trampoline | 0x42 << 48, origin: .lastSeen), .init(ttbr1: good.ttbr1, origin: .vcpu(3)),
            good,
        ]
        let found = try #require(setup.find())
        #expect(found.candidate.text == "the kernel's table in TTBR1_EL1 of CPU 3: 0x42000080002000")
        #expect(good.text == "the kernel's table last seen in TTBR1_EL1: 0x42000080002000")
    }
}

@Suite("Counting the pages of a half")
struct PageCountTests {
    @Test("Pages are counted up to a limit, and what can't be counted is more")
    func counting() {
        var setup = KernelTableSearchTests.Setup()
        func count(_ limit: Int) -> Int? {
            setup.registers.regime.pageCount(upper: true, limit: limit, read: setup.tree.read)
        }
        #expect(count(1) == 1)
        #expect(count(0) == nil)
        setup.registers.ttbr1 = setup.kernel
        #expect(count(2) == 2)
        #expect(count(1) == nil)
        setup.registers.ttbr1 = 0x9000_0000
        #expect(count(0) == 0)
        // A descriptor that can't be read.
        #expect(setup.registers.regime.pageCount(upper: true, limit: 9) { _ in nil } == nil)
        // Every entry leads to a table that is the same again: few reads, and no answer.
        var reads = 0
        let endless = setup.registers.regime.pageCount(upper: true, limit: 9) { _ in
            reads += 1
            return 0x9000_0003
        }
        #expect(endless == nil)
        #expect(reads < 10_000)
        // With four entries: 85 tables.
        reads = 0
        let many = setup.registers.regime.pageCount(upper: true, limit: 100_000) { address in
            reads += 1
            return address.rawValue & 0xfff < 32 ? 0x9000_0003 : 0
        }
        #expect(many == nil)
        #expect(reads < 10_000)
        // EPD1: nothing is looked up.
        setup.registers.tcr.rawValue |= 1 << 23
        setup.registers.ttbr1 = setup.kernel
        #expect(count(0) == 0)
    }
}
