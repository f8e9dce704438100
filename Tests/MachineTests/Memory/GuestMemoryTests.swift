import GuestAddresses
import GuestMemory
import Machine
import Testing
import TraplineCommands

@Suite struct GuestMemoryTests {
    private static func twoRegions() throws -> GuestMemory {
        let memory = GuestMemory()
        try memory.addRegion(name: "flash", kind: .flash, base: 0x1000, size: 0x1000)
        try memory.addRegion(name: "RAM", kind: .ram, base: 0x2000, size: 0x3000)
        return memory
    }

    @Test func newRAMIsZeroAndNewFlashIsErased() throws {
        let memory = try Self.twoRegions()
        #expect(try memory.read(0x1000, count: 0x1000) == [UInt8](repeating: 0xFF, count: 0x1000))
        #expect(try memory.read(0x2000, count: 0x3000) == [UInt8](repeating: 0, count: 0x3000))
    }

    @Test func flashLargerThanItsPatternIsErasedToItsEnd() throws {
        let memory = GuestMemory()
        let size: UInt64 = (5 << 20) + 4096
        try memory.addRegion(name: "flash", kind: .flash, base: 0, size: size)
        for address in [0, (2 << 20) - 4, 2 << 20, 4 << 20, size - 4].map(PhysicalAddress.init(_:)) {
            #expect(try memory.read(address, count: 4) == [0xFF, 0xFF, 0xFF, 0xFF])
        }
        try memory.write(0, [1])
        #expect(try memory.read(0x20_0000, count: 1) == [0xFF])
    }

    @Test func rangesMayCrossFromOneRegionIntoTheNext() throws {
        let memory = try Self.twoRegions()
        let bytes = (0..<200).map { UInt8($0) }
        try memory.write(0x1F80, bytes)
        #expect(try memory.read(0x1F80, count: 200) == bytes)
        #expect(try memory.read(0x2000, count: 1) == [0x80])
    }

    private static let outside: [(PhysicalAddress, Int)] = [
        (0x0FFF, 1), (0x0FFF, 2), (0x4FFF, 2), (0x5000, 1), (0x1000, 0x4001), (.max, 1), (.max, 2),
        (0x2000, Int.max), (0x2000, -1),
    ]

    @Test(arguments: outside)
    func rangesOutsideAreRefusedWhole(_ address: PhysicalAddress, _ count: Int) throws {
        let memory = try Self.twoRegions()
        #expect(throws: MemoryError(address: address, count: count)) { try memory.read(address, count: count) }
        guard (1...0x8000).contains(count) else { return }
        #expect(throws: MemoryError.self) { try memory.write(address, [UInt8](repeating: 7, count: count)) }
        #expect(try !memory.read(0x1000, count: 0x4000).contains(7))
    }

    @Test func emptyRangesAreEverywhere() throws {
        let memory = try Self.twoRegions()
        #expect(try memory.read(0xDEAD_0000, count: 0).isEmpty)
        try memory.write(0xDEAD_0000, [])
    }

    private static let impossible: [(PhysicalAddress, UInt64, String)] = [
        (0x800, 0x1000, "X of 4 KiB at 0x800: size and address must be multiples of 4 KiB"),
        (0x8000, 1000, "X of 1000 bytes at 0x8000: size and address must be multiples of 4 KiB"),
        (0x8000, 0, "X of 0 bytes at 0x8000: size and address must be multiples of 4 KiB"),
        (0x0, 0x2000, "X of 8 KiB at 0x0: overlaps flash at 0x1000"),
        (0x4000, 0x1000, "X of 4 KiB at 0x4000: overlaps RAM at 0x2000"),
        (0xFFFF_FFFF_FFFF_F000, 0x2000, "X of 8 KiB at 0xfffffffffffff000: ends above the address space"),
        (
            0x10000, 1 << 62,
            "X of 4194304 TiB: the host can't reserve it (Cannot allocate memory); ask for less memory"
        ),
        (
            0x10000, 0xFFFF_FFFF_FFFE_0000,
            "X of 18014398509481856 KiB: the host can't reserve it (Cannot allocate memory); ask for less memory"
        ),
    ]

    @Test(arguments: impossible)
    func impossibleRegionsAreRefusedInWords(_ base: PhysicalAddress, _ size: UInt64, _ message: String) throws {
        let memory = try Self.twoRegions()
        let error = #expect(throws: RegionError.self) {
            try memory.addRegion(name: "X", kind: .ram, base: base, size: size)
        }
        #expect(error?.sentence == message)
        #expect(memory.regions.count == 2)
    }

    @Test func clearingBringsBackTheStateOfANewRegion() throws {
        let memory = try Self.twoRegions()
        try memory.write(0x1FFE, [1, 2, 3, 4])
        for region in memory.regions { region.clear() }
        #expect(try memory.read(0x1FFE, count: 4) == [0xFF, 0xFF, 0, 0])
    }

    @Test("Every write that is not a vCPU's is observed, with who made it")
    func writesAreObserved() throws {
        let memory = try Self.twoRegions()
        var writes: [String] = []
        for name in ["a", "b"] {
            memory.observeWrites { writes.append("\(name) \($0.lowerBound)..<\($0.upperBound) \($1)") }
        }
        try memory.write(0x1FFE, [1, 2, 3, 4])
        try memory.write(0x2000, [])
        #expect(throws: MemoryError.self) { try memory.write(0x4FFF, [1, 2]) }
        let dma = GuestDMA(memory)
        #expect(dma.store(UInt16(1), at: 0x2100) && !dma.store(UInt16(1), at: 0x1100))
        #expect(dma.write(0x2200, count: 3, { _ in }) != nil && dma.write(0x2200, count: 0, { _ in }) != nil)
        #expect(memory.modify(0x1000, count: 1, by: .device) { $0[0] = 7 } != nil)
        #expect(memory.modify(0x1FFF, count: 2, by: .device) { _ in } == nil)
        let ranges = [
            "0x1ffe..<0x2002 host", "0x2100..<0x2102 device", "0x2200..<0x2203 device", "0x1000..<0x1001 device",
        ]
        #expect(writes == ranges.flatMap { ["a " + $0, "b " + $0] })
    }

    @Test("A number is read and written whole, within one region, or not at all")
    func numbers() throws {
        let memory = try Self.twoRegions()
        var writes: [Range<PhysicalAddress>] = []
        memory.observeWrites { range, _ in writes.append(range) }
        #expect(memory.store(0x1122_3344 as UInt32, at: 0x4FFC, by: .host))
        #expect(memory.load(0x4FFC, as: UInt32.self) == 0x1122_3344 && memory.load(0x4FFF, as: UInt8.self) == 0x11)
        #expect(try memory.read(0x4FFC, count: 4) == [0x44, 0x33, 0x22, 0x11])
        for address: PhysicalAddress in [0x0FFD, 0x0FFF, 0x1FFD, 0x4FFD, 0x5000, 0xFFFF_FFFF_FFFF_FFFF] {
            #expect(memory.load(address, as: UInt32.self) == nil)
            #expect(!memory.store(0 as UInt32, at: address, by: .host))
        }
        #expect(writes == [0x4FFC..<0x5000])
        #expect(try memory.read(0x1FFD, count: 4) == [0xFF, 0xFF, 0xFF, 0])
    }

    @Test("A device's ranges are lent with their own length, and only if they lie in RAM")
    func lentRanges() throws {
        let memory = try Self.twoRegions()
        let dma = GuestDMA(memory)
        #expect(dma.write([1, 2, 3], at: 0x4FFD) && !dma.write([1, 2, 3], at: 0x4FFE) && !dma.write([1], at: 0x1FFF))
        var bytes: [UInt8] = [9]
        #expect(dma.read(0x4FFC, count: 4, appendingTo: &bytes) && bytes == [9, 0, 1, 2, 3])
        #expect(!dma.read(0x4FFC, count: 5, appendingTo: &bytes) && bytes.count == 5)
        #expect(dma.read(0x4FFD, count: 3) { ($0.count, $0[2]) } ?? (0, 0) == (3, 3))
        #expect(dma.write(0x2000, count: 2) { $0[1] = UInt8($0.count) } != nil)
        #expect(memory.load(0x2001, as: UInt8.self) == 2)
        #expect(dma.read(0x2000, count: .max) { _ in } == nil && dma.write(0x4FFF, count: 2) { _ in } == nil)
    }

    @Test func changesOfDirectnessAreToldOnce() throws {
        let memory = try Self.twoRegions()
        var changes = 0
        memory.onChange = { changes += 1 }
        let region = try #require(memory.region(at: 0x1000))
        memory.setDirect(true, region)
        memory.setDirect(false, region)
        memory.setDirect(false, region)
        #expect(changes == 1 && !region.isDirect && region.isReadOnly)
    }

    @Test func regionsAreFoundByAddress() throws {
        let memory = try Self.twoRegions()
        #expect(memory.regions.map(\.name) == ["flash", "RAM"])
        #expect(memory.region(at: 0x4FFF)?.name == "RAM")
        #expect(memory.region(at: 0x5000) == nil)
        #expect(memory.region(at: 0xFFF) == nil)
        #expect(memory.available(at: 0x1FFF, count: 100_000) == 0x3001)
    }
}
