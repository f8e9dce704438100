import GuestAddresses
import Machine
import Testing
import TraplineCommands

/// Remembers what reached it.
private final class Probe: Device {
    let name: String
    var seen: [String] = []

    init(_ name: String) { self.name = name }

    func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        seen.append("r\(offset)/\(size)@\(vcpu)")
        return ~0
    }

    func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) {
        seen.append("w\(offset)/\(size)=\(value)@\(vcpu)")
    }
}

@Suite struct BusTests {
    @Test func accessesReachTheirDeviceAtItsOffsets() throws {
        let (bus, low, high) = (Bus(), Probe("low"), Probe("high"))
        try bus.add(high, at: 0x3000, size: 0x1000)
        try bus.add(low, at: 0x1000, size: 0x1000)
        #expect(bus.read(0x1004, size: 4, vcpu: 2) == 0xFFFF_FFFF)
        #expect(bus.read(0x3FF8, size: 8, vcpu: 0) == ~0)
        #expect(bus.write(0x3001, size: 1, value: 0x1234, vcpu: 1))
        #expect(bus.write(0x1FFF, size: 1, value: 5, vcpu: 0))
        #expect(low.seen == ["r4/4@2", "w4095/1=5@0"])
        #expect(high.seen == ["r4088/8@0", "w1/1=52@1"])
        #expect(bus.device(at: 0x3FFF)?.name == "high")
    }

    private static let nowhere: [(PhysicalAddress, Int)] = [
        (0xFFF, 1), (0xFFF, 2), (0x1FFF, 2), (0x1FFC, 8), (0x2000, 4), (0x4000, 1), (.max, 1), (.max, 8),
        (0x1000, 3), (0x1000, 0), (0x1000, 16), (0x1000, -4), (0x5000, 4), (0x5001, 2),
    ]

    @Test(arguments: nowhere)
    func accessesToNoDeviceAbort(_ address: PhysicalAddress, _ size: Int) throws {
        let (bus, probe) = (Bus(), Probe("probe"))
        try bus.add(probe, at: 0x1000, size: 0x1000)
        try bus.add(probe, at: 0x3000, size: 0x1000)
        try bus.add(probe, at: 0x5000, size: 2)
        _ = bus.read(0x5000, size: 2, vcpu: 0)
        probe.seen = []
        #expect(bus.read(address, size: size, vcpu: 0) == nil)
        #expect(!bus.write(address, size: size, value: 0, vcpu: 0))
        #expect(probe.seen.isEmpty)
    }

    @Test func theTopOfTheAddressSpaceIsReachable() throws {
        let (bus, probe) = (Bus(), Probe("top"))
        try bus.add(probe, at: 0xFFFF_FFFF_FFFF_F000, size: 0xFFF)
        #expect(bus.read(0xFFFF_FFFF_FFFF_FFFE, size: 1, vcpu: 0) == 0xFF)
        #expect(bus.read(0xFFFF_FFFF_FFFF_FFFF, size: 1, vcpu: 0) == nil)
    }

    private static let impossible: [(PhysicalAddress, UInt64, String)] = [
        (0xF00, 0x101, "b at 0xf00: overlaps a at 0x1000"),
        (0x1FFF, 1, "b at 0x1fff: overlaps a at 0x1000"),
        (0x8000, 0, "b at 0x8000: a range of 0 bytes is not possible"),
        (.max, 2, "b at 0xffffffffffffffff: a range of 2 bytes is not possible"),
    ]

    @Test(arguments: impossible)
    func overlapsAreRefusedInWords(_ base: PhysicalAddress, _ size: UInt64, _ message: String) throws {
        let bus = Bus()
        try bus.add(Probe("a"), at: 0x1000, size: 0x1000)
        let error = #expect(throws: MachineError.self) { try bus.add(Probe("b"), at: base, size: size) }
        #expect(error?.sentence == message)
    }
}
