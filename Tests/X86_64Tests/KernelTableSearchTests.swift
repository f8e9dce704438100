import GuestAddresses
import Testing
import X86_64

/// Two top tables as Linux has them: the kernel's at an even page, that of CPL 3 at the odd page after it.
@Suite("x86-64 kernel tables")
struct KernelTableSearchTests {
    typealias T = PageTables
    static let kernel: UInt64 = 0x20_0000
    static let user: UInt64 = 0x20_1000
    static let lstar: UInt64 = 0xffff_ffff_81e0_0040
    static let address: UInt64 = 0xffff_8880_0000_1230
    static let supervisor = T.present | T.accessed | T.dirty

    static func tables(entryOfUser: UInt64 = 0x81e0_0000, leafBits: UInt64 = supervisor) -> T {
        var tables = T()
        tables.map(lstar, to: 0x81e0_0000, root: kernel, levels: 4, leafBits: leafBits)
        tables.map(address, to: 0x4000, root: kernel, levels: 4, leafBits: supervisor)
        tables.map(lstar, to: entryOfUser, root: user, levels: 4, leafBits: leafBits)
        return tables
    }

    static func find(
        _ tables: T, cr3: UInt64 = user, cr4: UInt64 = PagingSettings.pae, efer: UInt64 = PagingSettings.long | 1 << 11,
        lstar: UInt64 = lstar, address: UInt64 = address
    ) -> PhysicalAddress? {
        let paging = PagingSettings(cr3: cr3, cr4: cr4, efer: efer).paging
        return KernelTableSearch.find(VirtualAddress(address), in: paging, lstar: lstar, read: tables.read)?.translation
            .physicalAddress
    }

    @Test("The kernel's table is found at CPL 3, with and without PCIDs")
    func found() {
        let tables = Self.tables()
        let pcide = PagingSettings.pae | PagingSettings.pcide
        #expect(Self.find(tables) == 0x4230)
        #expect(Self.find(tables, cr3: Self.user | 0x801, cr4: pcide) == 0x4230)
        #expect(Self.find(tables, cr3: Self.user, cr4: pcide) == 0x4230)
    }

    @Test("It is not guessed")
    func notFound() {
        let tables = Self.tables()
        let pcide = PagingSettings.pae | PagingSettings.pcide
        // The kernel's own; a PCID that is not CPL 3's; no SYSCALL; not long mode; not mapped there either.
        #expect(Self.find(tables, cr3: Self.kernel) == nil)
        #expect(Self.find(tables, cr3: Self.user | 1, cr4: pcide) == nil)
        #expect(Self.find(tables, lstar: 0) == nil)
        #expect(Self.find(tables, efer: 1 << 11) == nil)
        #expect(Self.find(tables, address: Self.address + 0x1000) == nil)
        // The entry points are two, or a page CPL 3 may use, or one that can't be executed.
        #expect(Self.find(Self.tables(entryOfUser: 0x81e0_1000)) == nil)
        #expect(Self.find(Self.tables(leafBits: Self.supervisor | T.user)) == nil)
        #expect(Self.find(Self.tables(leafBits: Self.supervisor | T.noExecute)) == nil)
    }
}
