import GuestAddresses
import GuestMemory
import KVMAccelerator
import Testing

@Suite("Breakpoint instructions in guest memory")
struct KVMCodePatchesTests {
    enum Instruction: CaseIterable, Sendable, CustomTestStringConvertible {
        /// BRK #0 is 0xd4200000, little-endian (Arm ARM, DDI 0487, C6.2, "BRK").
        case brk
        /// SDM volume 2A, "INT n/INTO/INT3/INT1".
        case int3

        var bytes: [UInt8] { self == .brk ? [0, 0, 0x20, 0xd4] : [0xcc] }
        var testDescription: String { self == .brk ? "BRK" : "INT3" }
    }

    static let ram: PhysicalAddress = 0x4000_0000
    private static let flash: PhysicalAddress = 0x3fff_f000

    /// Flash, RAM in two regions without a gap, and nothing after them; each byte of RAM differs from its neighbors.
    private static func memory() throws -> GuestMemory {
        let memory = GuestMemory()
        try memory.addRegion(name: "flash", kind: .flash, base: flash, size: 0x1000)
        try memory.addRegion(name: "RAM", kind: .ram, base: ram, size: 0x1000)
        try memory.addRegion(name: "more RAM", kind: .ram, base: ram + 0x1000, size: 0x1000)
        try memory.write(ram, contents)
        return memory
    }

    private static let contents = (0..<0x2000).map { UInt8(truncatingIfNeeded: $0 % 97 + 1) }

    /// RAM with these bytes in place of its own.
    private static func contents(_ bytes: [UInt8], at addresses: [PhysicalAddress]) -> [UInt8] {
        var result = contents
        for address in addresses {
            let offset = Int(address - ram)
            result.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        }
        return result
    }

    @Test("Inserting replaces the guest's bytes, and removing restores them", arguments: Instruction.allCases)
    func insertAndRemove(instruction: Instruction) throws {
        let memory = try Self.memory()
        var patches = KVMCodePatches(instruction.bytes)
        let size = UInt64(instruction.bytes.count)
        // The first and the last of RAM, both sides of the regions' border, and two in a row.
        let addresses: Set<PhysicalAddress> = [
            Self.ram, Self.ram + 0x1000 - size, Self.ram + 0x1000, Self.ram + 0x1800, Self.ram + 0x1800 + size,
            Self.ram + 0x2000 - size,
        ]
        for _ in 0..<2 {
            patches.insert(addresses, into: memory)
            #expect(patches.addresses == addresses)
            let expected = Self.contents(instruction.bytes, at: addresses.sorted())
            #expect(try memory.read(Self.ram, count: 0x2000) == expected)
            patches.remove(from: memory)
            #expect(patches.addresses.isEmpty)
            #expect(try memory.read(Self.ram, count: 0x2000) == Self.contents)
        }
    }

    @Test("What the guest wrote over a patch stays", arguments: Instruction.allCases)
    func overwritten(instruction: Instruction) throws {
        let memory = try Self.memory()
        var patches = KVMCodePatches(instruction.bytes)
        patches.insert([Self.ram + 8, Self.ram + 16], into: memory)
        // One byte of it is enough.
        let changed = Self.ram + 8 + UInt64(instruction.bytes.count - 1)
        try memory.write(changed, [0x99])
        patches.remove(from: memory)
        let left = instruction.bytes.dropLast() + [0x99]
        #expect(try memory.read(Self.ram, count: 0x2000) == Self.contents(Array(left), at: [Self.ram + 8]))
    }

    @Test(
        "The guest's own breakpoint instruction is still there after a patch over it", arguments: Instruction.allCases)
    func guestsOwn(instruction: Instruction) throws {
        let memory = try Self.memory()
        try memory.write(Self.ram + 8, instruction.bytes)
        var patches = KVMCodePatches(instruction.bytes)
        patches.insert([Self.ram + 8], into: memory)
        patches.remove(from: memory)
        #expect(try memory.read(Self.ram, count: 0x2000) == Self.contents(instruction.bytes, at: [Self.ram + 8]))
        // One that the guest writes after the removal is not a patch.
        try memory.write(Self.ram + 16, instruction.bytes)
        patches.remove(from: memory)
        #expect(try memory.read(Self.ram + 16, count: instruction.bytes.count) == instruction.bytes)
    }

    @Test("Removing restores the first bytes after two insertions at one address", arguments: Instruction.allCases)
    func twice(instruction: Instruction) throws {
        let memory = try Self.memory()
        var patches = KVMCodePatches(instruction.bytes)
        patches.insert([Self.ram + 8], into: memory)
        patches.insert([Self.ram + 8, Self.ram + 12], into: memory)
        patches.remove(from: memory)
        #expect(try memory.read(Self.ram, count: 0x2000) == Self.contents)
    }

    @Test("A BRK lies at a multiple of 4, an INT3 anywhere")
    func alignment() throws {
        let memory = try Self.memory()
        let addresses = Set((0..<8 as Range<UInt64>).map { Self.ram + $0 }).union([Self.ram + 0x1ffe, Self.ram + 0xffe])
        var brk = KVMCodePatches(Instruction.brk.bytes)
        brk.insert(addresses, into: memory)
        #expect(brk.addresses == [Self.ram, Self.ram + 4])
        brk.remove(from: memory)
        var int3 = KVMCodePatches(Instruction.int3.bytes)
        int3.insert(addresses, into: memory)
        #expect(int3.addresses == addresses)
    }

    @Test("Flash and addresses without memory are not patched", arguments: Instruction.allCases)
    func outside(instruction: Instruction) throws {
        let memory = try Self.memory()
        var patches = KVMCodePatches(instruction.bytes)
        patches.insert(
            [0, Self.flash, Self.flash + 0xffc, Self.ram + 0x2000, .max, 0xffff_ffff_ffff_fffc, Self.ram], into: memory)
        #expect(patches.addresses == [Self.ram])
        #expect(try memory.read(Self.flash, count: 0x1000).allSatisfy { $0 == 0xff })
        patches.remove(from: memory)
        #expect(try memory.read(Self.ram, count: 0x2000) == Self.contents)
    }

    @Test("Each write is reported as the host's", arguments: Instruction.allCases)
    func writes(instruction: Instruction) throws {
        let memory = try Self.memory()
        var (ranges, writers): ([Range<PhysicalAddress>], Set<MemoryWriter>) = ([], [])
        memory.observeWrites { range, writer in
            ranges.append(range)
            writers.insert(writer)
        }
        var patches = KVMCodePatches(instruction.bytes)
        let size = UInt64(instruction.bytes.count)
        patches.insert([Self.ram + 8], into: memory)
        patches.remove(from: memory)
        #expect(ranges == [Self.ram + 8..<Self.ram + 8 + size, Self.ram + 8..<Self.ram + 8 + size])
        #expect(writers == [.host])
    }
}
