import GuestAddresses
import Testing
import X86_64

@Suite("x86-64 paging")
struct PagingTests {
    typealias T = PageTables
    typealias S = PagingSettings

    @Test("The mode comes from CR0.PG, CR4.PAE, EFER.LMA and CR4.LA57")
    func modes() {
        #expect(S(cr0: 1).paging.mode == .off)
        #expect(S(cr0: 1, cr4: S.pae | S.la57).paging.mode == .off)
        #expect(S(cr4: 0, efer: 0).paging.mode == .bits32)
        #expect(S(cr4: S.la57 | S.pse, efer: 0).paging.mode == .bits32)
        #expect(S(cr4: S.pae, efer: S.nxe).paging.mode == .pae)
        // LME alone, before paging was turned on.
        #expect(S(cr4: S.pae, efer: 1 << 8).paging.mode == .pae)
        #expect(S(cr4: S.pae).paging.mode == .fourLevel)
        #expect(S(cr4: S.pae | S.la57).paging.mode == .fiveLevel)
    }

    @Test("With paging off, 32 bits of address are the physical one")
    func off() throws {
        let paging = S(cr0: 1, efer: 0).paging
        let result = try paging.walk(0xfee0_0123) { _ in nil }
        #expect(result.physicalAddress == 0xfee0_0123 && result.level == 0 && result.bytesToEnd == 0x1000 - 0x123)
        #expect(throws: TranslationFault(.notCanonical, level: 0)) { try paging.walk(0x1_0000_0000) { _ in nil } }
    }

    static let pages: [(levels: Int, leaf: Int, address: UInt64, page: UInt64, expected: UInt64, bits: Int)] = [
        (4, 1, 0xffff_ffff_8123_4567, 0x7654_3000, 0x7654_3567, 12),
        (4, 1, 0x0000_7fff_ffff_ffff, 0x3fff_ffff_f000, 0x3fff_ffff_ffff, 12),
        (4, 1, 0xffff_8000_0000_0000, 0x1000, 0x1000, 12),
        (4, 2, 0xffff_ffff_8123_4567, 0x4020_0000, 0x4023_4567, 21),
        (4, 3, 0xffff_8880_1234_5678, 0x40_0000_0000, 0x40_1234_5678, 30),
        (5, 1, 0xff11_0000_0000_1abc, 0x2000, 0x2abc, 12),
        (5, 2, 0x00ff_ffff_ffff_ffff, 0x60_0000, 0x7f_ffff, 21),
        (5, 3, 0xffff_ffff_c000_0001, 0x8000_0000, 0x8000_0001, 30),
    ]

    @Test("4- and 5-level tables lead to pages of 4 KiB, 2 MiB and 1 GiB", arguments: pages.indices)
    func longMode(index: Int) throws {
        let row = Self.pages[index]
        var tables = T()
        let root = tables.newTable()
        tables.map(row.address, to: row.page, root: root, levels: row.levels, leafLevel: row.leaf)
        // PCID bits in CR3 are no part of the address.
        let paging = S(cr3: root | 0x123, cr4: S.pae | (row.levels == 5 ? S.la57 : 0)).paging
        let result = try paging.walk(VirtualAddress(row.address), read: tables.read)
        #expect(
            result.physicalAddress.rawValue == row.expected && result.pageBits == row.bits && result.level == row.leaf)
        #expect(result.bytesToEnd == (1 << UInt64(row.bits)) - (row.expected & ((1 << UInt64(row.bits)) - 1)))
        #expect(result.permissions == [.user, .write, .execute] && !result.isGlobal)
        // The next page is not mapped.
        #expect(throws: TranslationFault.self) {
            try paging.walk(VirtualAddress(row.address ^ (1 << UInt64(row.bits))), read: tables.read)
        }
    }

    @Test("Addresses that are not canonical are refused before a table is asked")
    func canonical() {
        let four: [UInt64] = [0x0000_8000_0000_0000, 0xffff_7fff_ffff_ffff, 0x8000_0000_0000_0000]
        let five: [UInt64] = [0x0100_0000_0000_0000, 0xfeff_ffff_ffff_ffff]
        for (addresses, cr4) in [(four, S.pae), (five, S.pae | S.la57)] {
            for address in addresses {
                #expect(throws: TranslationFault(.notCanonical, level: 0)) {
                    try S(cr4: cr4).paging.walk(VirtualAddress(address)) { _ in
                        Issue.record("a table was read")
                        return nil
                    }
                }
            }
        }
    }

    @Test("PAE tables lead to pages of 4 KiB and 2 MiB above 4 GiB")
    func pae() throws {
        var tables = T()
        // Four PDPTEs at a multiple of 32, with neither R/W nor U/S.
        let directory = tables.newTable()
        let table = tables.newTable()
        tables.put(directory | T.present, at: 0x5_4020 + 3 * 8)
        tables.put(table | T.present | T.write, at: directory + 5 * 8)
        tables.put(0x2_3456_7000 | T.present | T.noExecute, at: table + 0x155 * 8)
        tables.put(0x3_0020_0000 | T.present | T.user | T.pageSize | T.global, at: directory + 6 * 8)
        let paging = S(cr3: 0x5_4020 | 0x18, efer: S.nxe).paging
        let small = try paging.walk(0xc0b5_5eef, read: tables.read)
        #expect(small.physicalAddress == 0x2_3456_7eef && small.pageBits == 12 && small.permissions == [])
        let large = try paging.walk(0xc0df_fffe, read: tables.read)
        #expect(large.physicalAddress == 0x3_003f_fffe && large.pageBits == 21 && large.isGlobal)
        #expect(large.permissions == [.user, .execute])
        #expect(throws: TranslationFault(.unreadableEntry, level: 3)) { try paging.walk(0x0, read: tables.read) }
        #expect(throws: TranslationFault(.notCanonical, level: 0)) {
            try paging.walk(0x1_c0b5_5eef, read: tables.read)
        }
    }

    @Test("32-bit tables lead to pages of 4 KiB, and of 4 MiB with CR4.PSE, up to 40 address bits")
    func bits32() throws {
        var tables = T()
        let directory = tables.newTable()
        let table = tables.newTable()
        // The odd entry of a pair of two, so that both halves of the eight bytes count.
        tables.put(table | T.present | T.write | T.user, at: directory + 0x301 * 4, size: 4)
        tables.put(0x89ab_c000 | T.present | T.user, at: table + 0x2 * 4, size: 4)
        // Address bits 39:32 = 0x5a in bits 20:13.
        tables.put(0x1240_0000 | 0x5a << 13 | T.present | T.pageSize, at: directory + 0x10 * 4, size: 4)
        let paging = S(cr3: directory | 0x18, cr4: S.pse, efer: 0).paging
        let small = try paging.walk(0xc040_2123, read: tables.read)
        #expect(small.physicalAddress == 0x89ab_c123 && small.permissions == [.user, .execute])
        let large = try paging.walk(0x0412_3456, read: tables.read)
        #expect(large.physicalAddress == 0x5a_1252_3456 && large.pageBits == 22)
        // Where addresses have 36 bits, the upper four of them must be clear.
        #expect(throws: TranslationFault(.reservedBit, level: 2)) {
            try S(cr3: directory, cr4: S.pse, efer: 0, bits: 36).paging.walk(0x0412_3456, read: tables.read)
        }
        // Without PSE, PS means nothing and the entry names a table.
        #expect(throws: TranslationFault(.unreadableEntry, level: 1)) {
            try S(cr3: directory, cr4: 0, efer: 0).paging.walk(0x0412_3456, read: tables.read)
        }
    }

    @Test("Rights are what every entry on the way allows; A, D and G are the page's")
    func permissions() throws {
        let all = T.present | T.write | T.user
        let cases: [(entry: UInt64, leaf: UInt64, Translation.Permissions)] = [
            (all, all, [.user, .write, .execute]), (all & ~T.user, all, [.write, .execute]),
            (all, all & ~T.user, [.write, .execute]), (all & ~T.write, all, [.user, .execute]),
            (all, all & ~T.write, [.user, .execute]), (all | T.noExecute, all, [.user, .write]),
            (all, all | T.noExecute, [.user, .write]), (T.present, T.present, [.execute]),
        ]
        for (entry, leaf, expected) in cases {
            var tables = T()
            let root = tables.newTable()
            tables.map(0x1000, to: 0x9000, root: root, levels: 4, entryBits: entry, leafBits: leaf)
            #expect(try S(cr3: root).paging.walk(0x1000, read: tables.read).permissions == expected)
        }
        var tables = T()
        let root = tables.newTable()
        tables.map(
            0x1000, to: 0x9000, root: root, levels: 4, leafBits: T.present | T.accessed | T.dirty | T.global)
        let page = try S(cr3: root).paging.walk(0x1000, read: tables.read)
        #expect(page.isAccessed && page.isDirty && page.isGlobal)
        #expect(try S(cr3: root, cr4: S.pae).paging.walk(0x1000, read: tables.read).isGlobal == false)
    }

    /// The bits the SDM's tables call reserved, at each level.
    @Test("Reserved bits make an entry useless")
    func reservedBits() {
        let cases: [(levels: Int, leaf: Int, at: Int, bits: UInt64, efer: UInt64, isReserved: Bool)] = [
            (4, 1, 1, 1 << 46, S.nxe, true), (4, 1, 1, 1 << 51, S.nxe, true), (4, 1, 1, 1 << 52, S.nxe, false),
            (4, 1, 1, 1 << 45, S.nxe, false), (4, 1, 1, 1 << 63, 0, true), (4, 1, 1, 1 << 63, S.nxe, false),
            (4, 1, 4, 1 << 7, S.nxe, true), (5, 1, 5, 1 << 7, S.nxe, true), (4, 1, 2, 1 << 50, S.nxe, true),
            (4, 2, 2, 1 << 12, S.nxe, false), (4, 2, 2, 1 << 13, S.nxe, true), (4, 2, 2, 1 << 20, S.nxe, true),
            (4, 3, 3, 1 << 29, S.nxe, true), (4, 3, 3, 1 << 13, S.nxe, true), (4, 1, 3, 1 << 63, 0, true),
        ]
        for (levels, leaf, level, bits, nxe, isReserved) in cases {
            var tables = T()
            let root = tables.newTable()
            tables.map(0x1000, to: 0x4000_0000, root: root, levels: levels, leafLevel: leaf)
            let cr4 = S.pae | (levels == 5 ? S.la57 : 0)
            let paging = S(cr3: root, cr4: cr4, efer: S.long | nxe).paging
            var places: [Int: PhysicalAddress] = [:]
            _ = try? paging.walk(0x1000, visit: { places[$0.level] = $0.entryAddress }, read: tables.read)
            guard let place = places[level], let entry = tables.read(place) else {
                Issue.record("no entry at level \(level)")
                continue
            }
            tables.put(entry | bits, at: place.rawValue)
            do throws(TranslationFault) {
                _ = try paging.walk(0x1000, read: tables.read)
                #expect(!isReserved, "bit \(bits.trailingZeroBitCount) at level \(level)")
            } catch {
                let expected: TranslationFault.Kind = isReserved ? .reservedBit : error.kind
                #expect(error == TranslationFault(expected, level: level) && (isReserved || level != leaf))
            }
        }
    }

    @Test("A walk reports which entry stopped it", arguments: 1...4)
    func faults(level: Int) throws {
        var tables = T()
        let root = tables.newTable()
        tables.map(0x7f00_1234_5000, to: 0x9000, root: root, levels: 4)
        let paging = S(cr3: root).paging
        var steps: [Paging.Step] = []
        _ = try paging.walk(0x7f00_1234_5000, visit: { steps.append($0) }, read: tables.read)
        #expect(steps.map(\.level) == [4, 3, 2, 1])
        let step = try #require(steps.first { $0.level == level })
        tables.put(try #require(step.entry) & ~1, at: step.entryAddress.rawValue)
        #expect(throws: TranslationFault(.notPresent, level: level)) {
            try paging.walk(0x7f00_1234_5000, read: tables.read)
        }
        #expect(throws: TranslationFault(.unreadableEntry, level: level)) {
            try paging.walk(0x7f00_1234_5000) { $0 == step.entryAddress ? nil : tables.read($0) }
        }
        let trace = paging.traceText(0x7f00_1234_5678, read: tables.read)
        #expect(trace.split(separator: "\n").count == 2 + (5 - level), "\(trace)")
        #expect(trace.hasSuffix("is not present\n"))
    }

    @Test("Tables that lead back to themselves end the walk")
    func loops() throws {
        var tables = T()
        let root = tables.newTable()
        tables.put(root | T.present | T.write, at: root + 0x1ff * 8)
        let result = try S(cr3: root).paging.walk(0xffff_ffff_ffff_f000, read: tables.read)
        #expect(result.physicalAddress.rawValue == root && result.level == 1)
    }
}
