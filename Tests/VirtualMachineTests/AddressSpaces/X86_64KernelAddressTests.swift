import Acceleration
import Execution
import GuestAddresses
import GuestMemory
import Testing
import X86_64

/// Linux's kernel page-table isolation on x86-64: Documentation/arch/x86/pti.rst, and arch/x86/entry/calling.h: the top
/// tables are a pair of pages, and CR3[12] selects that of programs.
@Suite("Kernel addresses on x86-64 while only the entry code is mapped")
struct X86_64KernelAddressTests {
    static let entry: UInt64 = 0xffff_ffff_81e0_0000
    /// The page after the entry code, which only the kernel's table maps.
    static let beyond: UInt64 = entry + 0x1000

    struct Setup {
        var guest: TranslatedGuest
        let kernel: UInt64
        let program: UInt64

        init() throws {
            guest = try TranslatedGuest(.x86_64)
            (kernel, program) = guest.newTablePair()
            for root in [kernel, program] {
                try guest.map(entry, to: 0x4020_0000, in: root)
                try guest.map(0x1000, to: 0x4020_5000, in: root)
            }
            try guest.map(beyond, to: 0x4030_0000, in: kernel)
            try guest.memory.write(0x4020_0ffe, [1, 2])
            try guest.memory.write(0x4030_0000, [3, 4])
        }

        /// - Parameter lstar: IA32_LSTAR, where SYSCALL goes.
        func space(cr3: UInt64? = nil, lstar: UInt64 = entry + 0x40, findsKernel: Bool = true) -> X86_64AddressSpace {
            let paging = X86Paging(paging: TranslatedGuest.paging(cr3: cr3 ?? program), lstar: lstar)
            return X86_64AddressSpace(guest.memory, paging: paging, findsKernel: findsKernel)
        }
    }

    @Test("The kernel's table translates kernel addresses")
    func found() throws {
        let setup = try Setup()
        let space = setup.space()
        // The first page is in the current table, the second in the kernel's.
        #expect(try space.read(VirtualAddress(Self.beyond - 2), count: 4) == [1, 2, 3, 4])
        #expect(
            try space.ranges(VirtualAddress(Self.beyond - 2), count: 4) == [
                0x4020_0ffe..<0x4020_1000, 0x4030_0000..<0x4030_0002,
            ])
        let kernel = "CR3 0x" + String(setup.kernel, radix: 16)
        #expect(space.traceText(VirtualAddress(Self.beyond)).contains("by the kernel's tables, \(kernel)\n"))
        #expect(!space.traceText(VirtualAddress(Self.entry)).contains("by the kernel's tables"))
    }

    @Test("Kernel addresses fault where the kernel's table is unknown or not asked for")
    func notFound() throws {
        let setup = try Setup()
        let spaces = [
            setup.space(findsKernel: false), setup.space(lstar: 0), setup.space(lstar: Self.beyond),
            setup.space(lstar: 0x1000),
        ]
        for (index, space) in spaces.enumerated() {
            #expect(try space.read(VirtualAddress(Self.beyond - 2), count: 4) == [1, 2], "\(index)")
            #expect(throws: TargetError.self, "\(index)") {
                try space.ranges(VirtualAddress(Self.beyond - 2), count: 4)
            }
            #expect(!space.traceText(VirtualAddress(Self.beyond)).contains("by the kernel's tables"), "\(index)")
        }
    }

    @Test("The current table takes precedence over the kernel's, even with a reserved bit set")
    func current() throws {
        var setup = try Setup()
        try setup.guest.map(Self.beyond, to: 0x4020_5000, in: setup.program)
        #expect(try setup.space().translate(VirtualAddress(Self.beyond)).physical == 0x4020_5000)
        // A reserved bit: address bit 51, where MAXPHYADDR is 46 (SDM volume 3A, table 4-20).
        try setup.guest.map(Self.beyond, to: 1 << 51 | 0x4020_5000, in: setup.program)
        #expect(throws: TargetError.self) { try setup.space().translate(VirtualAddress(Self.beyond)) }
    }

    @Test("The paging of an address is the kernel's for the upper half alone")
    func paging() throws {
        let setup = try Setup()
        let space = setup.space()
        #expect(space.paging(of: VirtualAddress(Self.beyond))?.registers.cr3 == setup.kernel)
        #expect(space.paging(of: 0x1000)?.registers.cr3 == setup.program)
        #expect(setup.space(findsKernel: false).paging(of: VirtualAddress(Self.beyond))?.registers.cr3 == setup.program)
        #expect(setup.space(lstar: 0).paging(of: VirtualAddress(Self.beyond))?.registers.cr3 == setup.program)
        #expect(setup.space(cr3: setup.kernel).paging(of: VirtualAddress(Self.beyond))?.registers.cr3 == setup.kernel)
        #expect(X86_64AddressSpace(setup.guest.memory, paging: nil).paging(of: VirtualAddress(Self.beyond)) == nil)
    }
}
