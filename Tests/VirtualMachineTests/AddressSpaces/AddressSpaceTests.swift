import AArch64
import Acceleration
import Execution
import GuestAddresses
import GuestMemory
import Testing
import X86_64

@Suite("Guest memory by virtual and by physical address")
struct AddressSpaceTests {
    typealias Architecture = TranslatedGuest.Architecture

    /// Pages at virtual 0x1000, 0x2000 and 0x3000, none next to another in physical memory and not in its order.
    static let pages: [(virtual: UInt64, physical: UInt64, filler: UInt8)] = [
        (0x1000, 0x4020_3000, 0x11), (0x2000, 0x4020_1000, 0x22), (0x3000, 0x4020_7000, 0x33),
    ]

    static func guest(_ architecture: Architecture) throws -> TranslatedGuest {
        var guest = try TranslatedGuest(architecture)
        for page in pages {
            try guest.map(page.virtual, to: page.physical)
            try guest.memory.write(PhysicalAddress(page.physical), [UInt8](repeating: page.filler, count: 0x1000))
        }
        return guest
    }

    private static func bytes(_ parts: (UInt8, Int)...) -> [UInt8] {
        parts.flatMap { [UInt8](repeating: $0.0, count: $0.1) }
    }

    private static func text(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no error"
        } catch {
            return (error as? TargetError)?.text ?? "another error: \(error)"
        }
    }

    @Test("A read crosses pages that lie apart in physical memory", arguments: Architecture.allCases)
    func crossing(architecture: Architecture) throws {
        let space = try Self.guest(architecture).space
        #expect(try space.read(0x1ff0, count: 0x1020) == Self.bytes((0x11, 16), (0x22, 0x1000), (0x33, 16)))
        #expect(
            try space.ranges(0x1ff0, count: 0x1020)
                == [0x4020_3ff0..<0x4020_4000, 0x4020_1000..<0x4020_2000, 0x4020_7000..<0x4020_7010])
        let last = try space.translate(0x2ffd)
        #expect(last.physical == 0x4020_1ffd && last.count == 3)
        #expect(!space.isPhysical)
    }

    @Test("A read crosses from a page into a block and from flash into RAM", arguments: Architecture.allCases)
    func blocks(architecture: Architecture) throws {
        var guest = try Self.guest(architecture)
        try guest.map(0x1f_f000, to: 0x4020_3000)
        try guest.map(0x20_0000, to: 0x4040_0000, isBlock: true)
        try guest.memory.write(0x4040_0000, [1, 2, 3])
        #expect(try guest.space.read(0x1f_fffe, count: 5) == [0x11, 0x11, 1, 2, 3])
        #expect(try guest.space.ranges(0x20_1000, count: 0x2000) == [0x4040_1000..<0x4040_3000])
        let root = try guest.memory.read(0x4000_0000, count: 2)
        #expect(try guest.physicalSpace.read(0x3fff_ffff, count: 3) == [0xff] + root)
    }

    @Test("A read ends early where the mapping or memory ends", arguments: Architecture.allCases)
    func early(architecture: Architecture) throws {
        var guest = try Self.guest(architecture)
        // The last page of RAM, followed by one where there is none; a block of which the first MiB is RAM.
        try guest.map(0x8000, to: 0x406f_f000)
        try guest.map(0x9000, to: 0x4070_0000)
        try guest.map(0x20_0000, to: 0x4060_0000, isBlock: true)
        #expect(try guest.space.read(0x3ff0, count: 0x1000) == Self.bytes((0x33, 16)))
        #expect(try guest.space.read(0x8ffc, count: 0x1000) == [0, 0, 0, 0])
        #expect(try guest.space.read(0x2f_fffc, count: 0x1000) == [0, 0, 0, 0])
        #expect(try guest.physicalSpace.read(0x406f_fffe, count: 16) == [0, 0])
        #expect(try guest.space.read(0x7000_0000, count: 0) == [])
    }

    @Test("A read without a single byte is an error", arguments: Architecture.allCases)
    func nothing(architecture: Architecture) throws {
        var guest = try Self.guest(architecture)
        try guest.map(0x9000, to: 0x4070_0000)
        let space = guest.space
        #expect(throws: TargetError.self) { try space.read(0x4000, count: 1) }
        #expect(
            Self.text { _ = try space.read(0x9004, count: 1) }
                == "physical address 0x40700004 (virtual 0x9004): neither RAM nor flash")
        #expect(Self.text { _ = try space.read(0x4000, count: 1) }.hasPrefix("virtual address 0x4000: "))
    }

    @Test("The physical ranges are those of all bytes or of none", arguments: Architecture.allCases)
    func ranges(architecture: Architecture) throws {
        var guest = try Self.guest(architecture)
        try guest.map(0x8000, to: 0x406f_f000)
        try guest.map(0x9000, to: 0x4070_0000)
        let (space, physical) = (guest.space, guest.physicalSpace)
        #expect(try space.ranges(0x3000, count: 0x1000) == [0x4020_7000..<0x4020_8000])
        #expect(throws: TargetError.self) { try space.ranges(0x3000, count: 0x1001) }
        #expect(throws: TargetError.self) { try space.ranges(0x8fff, count: 2) }
        #expect(try space.ranges(0x8fff, count: 1) == [0x406f_ffff..<0x4070_0000])
        #expect(try physical.ranges(0x406f_fffe, count: 2) == [0x406f_fffe..<0x4070_0000])
        #expect(throws: TargetError.self) { try physical.ranges(0x406f_fffe, count: 3) }
        #expect(try space.ranges(0x4000, count: 0) == [])
    }

    @Test("Device registers are never read", arguments: Architecture.allCases)
    func devices(architecture: Architecture) throws {
        var guest = try Self.guest(architecture)
        try guest.map(0x4000, to: TranslatedGuest.device)
        let (space, physical) = (guest.space, guest.physicalSpace)
        #expect(
            Self.text { _ = try space.read(0x4018, count: 4) }
                == "physical address 0x9000018 (virtual 0x4018): neither RAM nor flash")
        #expect(
            Self.text { _ = try physical.read(0x900_0018, count: 4) }
                == "physical address 0x9000018: neither RAM nor flash")
        // The page below is RAM: a read stops at the device, and a write is refused as a whole.
        #expect(try space.read(0x3ffe, count: 8) == [0x33, 0x33])
        #expect(throws: TargetError.self) { try space.ranges(0x3ffe, count: 8) }
        #expect(space.descriptor(at: PhysicalAddress(TranslatedGuest.device)) == nil)
    }

    @Test("Each half of the address space ends at its last byte", arguments: Architecture.allCases)
    func halves(architecture: Architecture) throws {
        var guest = try Self.guest(architecture)
        let lower = architecture.lastLowerPage
        try guest.map(lower, to: 0x4020_1000)
        try guest.map(~0xfff, to: 0x4020_7000)
        let space = guest.space
        #expect(try space.read(VirtualAddress(lower) + 0xff0, count: 64) == Self.bytes((0x22, 16)))
        #expect(throws: TargetError.self) { try space.ranges(VirtualAddress(lower) + 0xff0, count: 17) }
        #expect(throws: TargetError.self) { try space.read(VirtualAddress(lower) + 0x1000, count: 1) }
        #expect(try space.read(0xffff_ffff_ffff_fff0, count: 64) == Self.bytes((0x33, 16)))
        #expect(try space.ranges(0xffff_ffff_ffff_fff0, count: 16) == [0x4020_7ff0..<0x4020_8000])
        #expect(
            Self.text { _ = try space.ranges(0xffff_ffff_ffff_fff0, count: 17) }
                == "0xfffffffffffffff0: the range goes beyond the address space")
        // Address 0 does not follow the last one, although it is mapped.
        try guest.map(0, to: 0x4020_3000)
        #expect(try guest.space.read(0, count: 1) == [0x11])
        #expect(try guest.space.read(.max, count: 2) == [0x33])
    }

    @Test(
        "The last physical address is refused like any other without memory", .timeLimit(.minutes(1)),
        arguments: Architecture.allCases)
    func lastPhysicalAddress(architecture: Architecture) throws {
        let space = try Self.guest(architecture).physicalSpace
        #expect(space.isPhysical)
        for (address, count) in [(VirtualAddress.max, 1), (.max, 2), (0xffff_ffff_ffff_fffe, 2)] {
            #expect(throws: TargetError.self) { try space.read(address, count: count) }
            #expect(throws: TargetError.self) { try space.ranges(address, count: count) }
        }
    }

    @Test("With the AArch64 MMU off addresses are physical, up to the physical address size")
    func withoutMMU() throws {
        let guest = try Self.guest(.aarch64)
        var registers = TranslatedGuest.registers(ttbr0: guest.lowerRoot, ttbr1: guest.upperRoot, vbar: 0)
        registers.sctlr = SCTLR(rawValue: 0)
        let space = AArch64AddressSpace(memory: guest.memory, regime: registers.regime)
        #expect(try space.read(0x4020_1fff, count: 1) == [0x22])
        #expect(
            Self.text { _ = try space.read(0x1_0000_0000_0000, count: 1) }.hasPrefix(
                "virtual address 0x1000000000000: "))
    }

    @Test("With x86-64 paging off addresses are physical and have 32 bits")
    func withoutPaging() throws {
        let guest = try Self.guest(.x86_64)
        try guest.memory.addRegion(name: "RAM at 4 GiB", kind: .ram, base: 0xffff_f000, size: 0x2000)
        let paging = TranslatedGuest.paging(cr0: 1, cr3: guest.lowerRoot)
        let space = X86_64AddressSpace(guest.memory, paging: X86Paging(paging: paging, lstar: 0))
        #expect(try space.read(0x4020_1fff, count: 1) == [0x22])
        #expect(try space.read(0xffff_fff0, count: 32).count == 16)
        #expect(throws: TargetError.self) { try space.ranges(0xffff_fff0, count: 32) }
    }
}
