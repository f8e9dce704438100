import GuestAddresses
import GuestMemory
import Machine
import Testing

/// Virtio devices in a whole machine: bus, RAM and interrupt controller.
@Suite struct VirtioMachineTests {
    private static let ring: PhysicalAddress = 0x4100_0000

    private static func write(_ machine: Machine, _ address: PhysicalAddress, _ value: UInt64) {
        #expect(machine.bus.write(address, size: 4, value: value, vcpu: 0))
    }

    /// Rings of 4 for queue 0 of the device at `base`, with one descriptor for all of them.
    private static func start(_ machine: Machine, at base: PhysicalAddress) {
        for (offset, value) in [
            (0x70, 0), (0x70, 3), (0x24, 1), (0x20, 1), (0x70, 11), (0x30, 0), (0x38, 4), (0x80, ring.rawValue),
            (0x90, ring.rawValue + 0x100), (0xA0, ring.rawValue + 0x200), (0x44, 1), (0x70, 15),
        ] as [(UInt64, UInt64)] { write(machine, base + offset, value) }
    }

    /// The GIC as Linux sets it up, with an SPI that is edge-triggered.
    private static func enable(_ machine: Machine, spi: UInt64) throws {
        let gic = try #require(machine.gic)
        let (bank, bit) = ((32 + spi) / 32, (32 + spi) % 32)
        let configuration: PhysicalAddress = 0x0800_0C00 + (32 + spi) / 16 * 4
        for (address, value) in [
            (0x0800_0000, 2), (0x0800_0080 + bank * 4, 0xFFFF_FFFF), (configuration, 2 << ((32 + spi) % 16 * 2)),
            (0x0800_0100 + bank * 4, 1 << bit),
        ] as [(PhysicalAddress, UInt64)] { write(machine, address, value) }
        #expect(gic.writeSystemRegister(ICCRegister.pmr.rawValue, value: 0xFF, vcpu: 0))
        #expect(gic.writeSystemRegister(ICCRegister.igrpen1.rawValue, value: 1, vcpu: 0))
    }

    private static func give(_ machine: Machine, _ index: UInt16) throws {
        // Each descriptor is a buffer of 16 bytes the device writes.
        for place in 0..<4 as Range<UInt64> {
            try machine.memory.write(
                ring + 16 * place, [0, UInt8(place), 0x10, 0x41, 0, 0, 0, 0, 16, 0, 0, 0, 2, 0, 0, 0])
        }
        try machine.memory.write(ring + 0x104 + 2 * UInt64((index - 1) % 4), [UInt8((index - 1) % 4), 0])
        try machine.memory.write(ring + 0x102, [UInt8(index), 0])
    }

    @Test func anEdgeComesWithEachAnswerAlsoWhileTheLastOneIsActive() throws {
        let machine = try Machine(
            MachineConfiguration(memorySize: 64 << 20, firmware: InputFile(name: "fw", bytes: [0, 0, 0, 0x14])),
            entropy: { 0x1122_3344_5566_7788 })
        let base: PhysicalAddress = 0x0A00_0000
        let gic = try #require(machine.gic)
        try Self.enable(machine, spi: 16)
        Self.start(machine, at: base)
        #expect(!gic.irqLevel(vcpu: 0))
        try Self.give(machine, 1)
        Self.write(machine, base + 0x50, 0)
        #expect(gic.irqLevel(vcpu: 0))
        #expect(gic.readSystemRegister(ICCRegister.iar1.rawValue, vcpu: 0) == 48)
        #expect(!gic.irqLevel(vcpu: 0))
        Self.write(machine, base + 0x64, 1)
        // The next answer comes before the end of the interrupt.
        try Self.give(machine, 2)
        Self.write(machine, base + 0x50, 0)
        #expect(gic.writeSystemRegister(ICCRegister.eoir1.rawValue, value: 48, vcpu: 0))
        #expect(gic.irqLevel(vcpu: 0))
        #expect(gic.readSystemRegister(ICCRegister.iar1.rawValue, vcpu: 0) == 48)
        Self.write(machine, base + 0x64, 1)
        #expect(gic.writeSystemRegister(ICCRegister.eoir1.rawValue, value: 48, vcpu: 0))
        #expect(!gic.irqLevel(vcpu: 0))
        #expect(try machine.memory.read(0x4110_0000, count: 4) == [0x88, 0x77, 0x66, 0x55])
        #expect(try machine.memory.read(0x4110_0100, count: 4) == [0x88, 0x77, 0x66, 0x55])
    }

    @Test func framesComeInWithAPollAndWhatIsWrittenIsTold() throws {
        let link = TestLink()
        let machine = try Machine(
            MachineConfiguration(memorySize: 64 << 20, firmware: InputFile(name: "fw", bytes: [0, 0, 0, 0x14])),
            disks: [MemoryStorage(sectors: 1)], network: link)
        var written: [Range<PhysicalAddress>] = []
        machine.memory.observeWrites { range, writer in if writer == .device { written.append(range) } }
        #expect(machine.virtio.map(\.name) == ["virtio block", "virtio network", "virtio entropy"])
        Self.start(machine, at: 0x0A00_0200)
        try Self.give(machine, 1)
        machine.poll()
        #expect(written.isEmpty)
        link.incoming = [[1, 2, 3, 4]]
        machine.poll()
        #expect(written.first == 0x4110_0000..<0x4110_0010)
        #expect(try machine.memory.read(0x4110_000C, count: 4) == [1, 2, 3, 4])
    }

    @Test func aResetOfTheMachineResetsItsDevices() throws {
        let machine = try Machine(
            MachineConfiguration(memorySize: 64 << 20, firmware: InputFile(name: "fw", bytes: [0, 0, 0, 0x14])))
        Self.start(machine, at: 0x0A00_0000)
        try Self.give(machine, 1)
        Self.write(machine, 0x0A00_0050, 0)
        #expect(machine.bus.read(0x0A00_0060, size: 4, vcpu: 0) == 1)
        try machine.reset()
        #expect(machine.bus.read(0x0A00_0060, size: 4, vcpu: 0) == 0)
        #expect(machine.bus.read(0x0A00_0070, size: 4, vcpu: 0) == 0)
        #expect(machine.gic?.interruptState(48, vcpu: 0)?.line == false)
    }

    @Test func aMachineWithDevicesFreesItself() throws {
        weak var machine: Machine?
        weak var memory: GuestMemory?
        weak var link: TestLink?
        do {
            let network = TestLink()
            let made = try Machine(
                MachineConfiguration(
                    board: AArch64Board.kvmtool, firmware: InputFile(name: "fw", bytes: [0, 0, 0, 0x14]),
                    console: .virtio),
                disks: [MemoryStorage(sectors: 1)], network: network)
            (machine, memory, link) = (made, made.memory, network)
            #expect(machine != nil && memory != nil && link != nil)
        }
        #expect(machine == nil && memory == nil && link == nil)
    }
}
