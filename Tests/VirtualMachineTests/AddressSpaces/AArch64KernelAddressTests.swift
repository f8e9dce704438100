import AArch64
import Acceleration
import Execution
import GuestAddresses
import GuestMemory
import Testing

/// Linux's kernel page-table isolation on AArch64: arch/arm64/kernel/entry.S, `tramp_map_kernel`, and
/// arch/arm64/include/asm/mmu.h, `USER_ASID_FLAG`: tables of EL0 have an odd ASID, that of the kernel is the even one.
@Suite("Kernel addresses on AArch64 while only the trampoline is mapped")
struct AArch64KernelAddressTests {
    static let vectors: UInt64 = 0xffff_8000_0800_0000
    /// The page after the vectors, which only the kernel's table maps.
    static let beyond: UInt64 = vectors + 0x1000

    /// Two vCPUs; the first at EL0 with the trampoline's table and ASID 0x43.
    struct Setup {
        var guest: TranslatedGuest
        let vcpus: StoppedVCPUs
        let trampoline: UInt64
        let kernel: UInt64

        init() throws {
            guest = try TranslatedGuest(.aarch64)
            (trampoline, kernel) = (guest.upperRoot, guest.newTable())
            for root in [trampoline, kernel] { try guest.map(vectors, to: 0x4020_0000, in: root) }
            try guest.map(beyond, to: 0x4030_0000, in: kernel)
            try guest.memory.write(0x4020_0ffe, [1, 2])
            try guest.memory.write(0x4030_0000, [3, 4])
            let (ttbr0, ttbr1) = (guest.lowerRoot, trampoline)
            vcpus = StoppedVCPUs(
                [0x43, 0x51].map { (asid: UInt64) in
                    TranslatedGuest.registers(ttbr0: ttbr0, ttbr1: ttbr1 | asid << 48, vbar: vectors)
                })
        }

        func space(findsKernel: Bool = true) throws -> AArch64AddressSpace {
            try AArch64AddressSpace(vcpus, memory: guest.memory, vcpu: 0, findsKernel: findsKernel)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Whether the address is found.
        var isFound: Bool
        var findsKernel = true
        var change: @Sendable (Setup) -> Void
    }

    static let cases = [
        Case(testDescription: "no other table is known", isFound: false) { _ in },
        Case(testDescription: "the vCPU had the kernel's table before", isFound: true) {
            $0.vcpus.earlierTTBR1 = $0.kernel | 0x42 << 48
        },
        Case(testDescription: "another vCPU has the kernel's table", isFound: true) {
            $0.vcpus.registers[1].ttbr1 = $0.kernel | 0x50 << 48
        },
        Case(testDescription: "a vCPU that is off has the kernel's table", isFound: false) {
            $0.vcpus.registers[1].ttbr1 = $0.kernel | 0x50 << 48
            $0.vcpus.off = [1]
        },
        Case(testDescription: "what the guest itself asks for", isFound: false, findsKernel: false) {
            $0.vcpus.earlierTTBR1 = $0.kernel | 0x42 << 48
        },
        Case(testDescription: "the table before was another process's", isFound: false) {
            $0.vcpus.earlierTTBR1 = $0.kernel | 0x44 << 48
        },
    ]

    @Test("A known kernel table translates kernel addresses", arguments: cases)
    func known(row: Case) throws {
        let setup = try Setup()
        row.change(setup)
        let space = try setup.space(findsKernel: row.findsKernel)
        // The first page is in the current table, the second in the kernel's.
        #expect(try space.read(VirtualAddress(Self.beyond - 2), count: 4) == (row.isFound ? [1, 2, 3, 4] : [1, 2]))
        #expect(space.traceText(VirtualAddress(Self.beyond)).contains("by the kernel's table") == row.isFound)
        if row.isFound {
            #expect(
                try space.ranges(VirtualAddress(Self.beyond - 2), count: 4) == [
                    0x4020_0ffe..<0x4020_1000, 0x4030_0000..<0x4030_0002,
                ])
        } else {
            #expect(throws: TargetError.self) { try space.ranges(VirtualAddress(Self.beyond - 2), count: 4) }
            #expect(throws: TargetError.self) { try space.read(VirtualAddress(Self.beyond), count: 1) }
        }
    }

    @Test("The current table takes precedence over the kernel's")
    func current() throws {
        var setup = try Setup()
        setup.vcpus.earlierTTBR1 = setup.kernel | 0x42 << 48
        try setup.guest.map(Self.beyond, to: 0x4020_0000, in: setup.trampoline)
        #expect(try setup.space().translate(VirtualAddress(Self.beyond)).physical == 0x4020_0000)
    }

    @Test("The kernel's table never translates addresses of the lower half")
    func lower() throws {
        var setup = try Setup()
        setup.vcpus.earlierTTBR1 = setup.kernel | 0x42 << 48
        // Bits 47:12 equal those of an address that the kernel's table maps.
        let address = Self.beyond & 0xffff_ffff_ffff
        #expect(throws: TargetError.self) { try setup.space().translate(VirtualAddress(address)) }
        try setup.guest.map(address, to: 0x4020_5000)
        #expect(try setup.space().translate(VirtualAddress(address)).physical == 0x4020_5000)
    }
}
