import GuestAddresses
import GuestMemory
import Machine
import Testing
import TraplineCommands

@Suite struct KvmtoolLayoutTests {
    private static let ram: PhysicalAddress = 0x8000_0000

    private static func machine(
        kernel: [UInt8] = ImageBuilder.linux(count: 5000, textOffset: 0, imageSize: 1 << 20),
        memory: UInt64 = 256 << 20,
        vcpus: Int = 1, initrd: [UInt8]? = nil, arguments: String = "", console: ConsoleKind = .serial,
        disks: [any BlockStorage] = [], network: (any NetworkLink)? = nil, amendsArguments: Bool = true,
        output: @escaping (UInt8) -> Void = { _ in }
    ) throws -> Machine {
        try Machine(
            MachineConfiguration(
                board: AArch64Board.kvmtool, vcpuCount: vcpus, memorySize: memory,
                kernel: InputFile(name: "kernel", bytes: kernel),
                initrd: initrd.map { InputFile(name: "initrd", bytes: $0) }, bootArguments: arguments, console: console,
                amendsBootArguments: amendsArguments),
            disks: disks, network: network, entropy: { 7 }, realTime: { 1_700_000_000 }, consoleOutput: output)
    }

    private static func arguments(_ machine: Machine) throws -> String? {
        try DeviceTreeReader.root(of: machine.deviceTree).node("chosen")?.strings("bootargs")?.first
    }

    @Test func devicesAreWhereTheMapSaysAndNowhereElse() throws {
        let machine = try Self.machine(
            vcpus: 4, console: .virtio, disks: [MemoryStorage(sectors: 1), MemoryStorage(sectors: 1)],
            network: TestLink())
        let map: [(PhysicalAddress, String?)] = [
            (0x0, nil), (0x00FF_FFFF, nil), (0x0100_0000, "16550A UART"), (0x0100_0007, "16550A UART"),
            (0x0100_0008, nil), (0x0100_1000, "16550A UART"), (0x0100_2000, "16550A UART"),
            (0x0100_3000, "16550A UART"), (0x0100_4000, nil), (0x0101_0000, "MC146818 real-time clock"),
            (0x0101_0001, "MC146818 real-time clock"), (0x0101_0002, nil), (0x0102_0000, nil), (0x0200_0000, nil),
            (0x0300_0000, "virtio block"), (0x0300_0200, "virtio block"), (0x0300_0400, "virtio network"),
            (0x0300_0600, "virtio console"), (0x0300_09FF, "virtio entropy"), (0x0300_0A00, nil),
            (0x3FF6_FFFF, nil), (0x3FF7_0000, "GIC redistributors"), (0x3FFE_FFFF, "GIC redistributors"),
            (0x3FFF_0000, "GIC distributor"), (0x3FFF_FFFF, "GIC distributor"), (0x4000_0000, nil), (Self.ram, nil),
        ]
        for (address, name) in map { #expect(machine.bus.device(at: address)?.name == name, "\(address)") }
        #expect(machine.memory.regions.map(\.base) == [Self.ram])
        #expect(machine.bus.read(0x0300_000C, size: 4, vcpu: 0) == 0x4D56_4B4C)
        #expect(machine.bus.write(0x0101_0000, size: 1, value: 9, vcpu: 0))
        #expect(machine.bus.read(0x0101_0001, size: 1, vcpu: 0) == 0x23)
    }

    /// RAM, and where the device tree is.
    private static let placements: [(UInt64, PhysicalAddress)] = [
        (64, 0x83E0_0000), (128, 0x87E0_0000), (256, 0x8FE0_0000), (257, 0x8FE0_0000), (4096, 0x8FE0_0000),
    ]

    @Test(arguments: placements) func linuxIsPlacedAsKvmtoolPlacesIt(_ mebibytes: UInt64, _ tree: PhysicalAddress)
        throws
    {
        let initrd = (0..<5001).map { UInt8(truncatingIfNeeded: $0) }
        let machine = try Self.machine(memory: mebibytes << 20, initrd: initrd)
        #expect(machine.bootState == BootState(pc: Self.ram, x0: tree))
        #expect(try machine.memory.read(tree, count: machine.deviceTree.count) == machine.deviceTree)
        let root = try DeviceTreeReader.root(of: machine.deviceTree)
        let start: PhysicalAddress = tree - 5004
        #expect(root.node("chosen")?.cells("linux,initrd-start") == [0, UInt32(start.rawValue)])
        #expect(root.node("chosen")?.cells("linux,initrd-end") == [0, UInt32(start.rawValue) + 5001])
        #expect(try machine.memory.read(start, count: 5001) == initrd)
    }

    @Test func aKernelWithAnOffsetIsPutThere() throws {
        let image = ImageBuilder.linux(count: 5000, textOffset: 0x8_0000, imageSize: 1 << 20)
        #expect(try Self.machine(kernel: image).bootState.pc == Self.ram + 0x8_0000)
    }

    @Test func firmwareIsAtTheStartOfRAMWithItsDeviceTreeBehindIt() throws {
        let firmware = [UInt8](repeating: 0xAA, count: 3 << 20)
        let machine = try Machine(
            MachineConfiguration(
                board: AArch64Board.kvmtool, firmware: InputFile(name: "fw", bytes: firmware), bootArguments: "quiet"))
        #expect(machine.bootState == BootState(pc: Self.ram, x0: Self.ram + (4 << 20)))
        #expect(try Self.arguments(machine) == "quiet", "a firmware takes them as they are")
    }

    /// The user's arguments, the console, whether there is a disk, and the kernel's command line.
    private static let commandLines: [(String, ConsoleKind, Bool, String)] = [
        ("", .serial, false, "console=ttyS0"),
        ("quiet", .serial, false, "quiet console=ttyS0"),
        ("console=tty0 quiet", .serial, false, "console=tty0 quiet"),
        ("quiet", .virtio, false, "quiet console=hvc0"),
        ("quiet", .serial, true, "quiet console=ttyS0 root=/dev/vda rw"),
        ("root=/dev/vdb1", .serial, true, "root=/dev/vdb1 console=ttyS0"),
        ("xconsole=1 nroot=2", .serial, true, "xconsole=1 nroot=2 console=ttyS0 root=/dev/vda rw"),
    ]

    @Test(arguments: commandLines.indices) func whatTheUserLeavesOpenIsAddedToTheCommandLine(_ row: Int) throws {
        let (given, console, hasDisk, expected) = Self.commandLines[row]
        let machine = try Self.machine(
            arguments: given, console: console, disks: hasDisk ? [MemoryStorage(sectors: 1)] : [])
        #expect(try Self.arguments(machine) == expected)
    }

    @Test func nothingIsAddedToACommandLineThatIsToStayAsItIs() throws {
        for given in ["", "quiet", "root=/dev/vdb1"] {
            let machine = try Self.machine(
                arguments: given, disks: [MemoryStorage(sectors: 1)], amendsArguments: false)
            #expect(try Self.arguments(machine) ?? "" == given)
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let rows: [(UInt64, UInt64, Int, String)] = [
            (32, 1, 1, "32 MiB of RAM: give at least 64 MiB, in multiples of 4 KiB"),
            (255 << 10, 1, 1, "255 GiB of RAM: machine kvmtool has room for 254 GiB"),
            (
                64, 62, 1,
                "kernel image kernel overlaps initrd initrd, which goes to 0x83d00000; give more memory (--mem), or "
                    + "take the machine virt"
            ),
            (
                64, 63, 1,
                "kernel image kernel overlaps the device tree, which goes to 0x83e00000; give more memory (--mem), or "
                    + "take the machine virt"
            ),
            (64, 1, 124, "124 vCPUs: machine kvmtool has 1 to 123"),
        ]
        for (memory, kernel, vcpus, expected) in rows {
            #expect(throws: MachineError.self) {
                do {
                    _ = try Self.machine(
                        kernel: ImageBuilder.linux(count: 5000, textOffset: 0, imageSize: kernel << 20),
                        memory: memory << 20, vcpus: vcpus, initrd: [UInt8](repeating: 1, count: (1 << 20) - 4))
                } catch let error as MachineError {
                    #expect(error.sentence == expected)
                    throw error
                }
            }
        }
    }

    @Test func moreDisksThanSlotsAreRefused() throws {
        let disks = (0..<64).map { _ in MemoryStorage(sectors: 1) }
        let error = #expect(throws: MachineError.virtioDeviceCount(65, board: "kvmtool", slots: 64)) {
            try Self.machine(disks: disks)
        }
        #expect(error?.sentence == "65 virtio devices: machine kvmtool has room for 64; give fewer disks")
    }

    @Test func theLargestMachineHasRoomForItsTree() throws {
        let disks = (0..<62).map { _ in MemoryStorage(sectors: 1) }
        let machine = try Self.machine(vcpus: 123, disks: disks)
        #expect(machine.deviceTree.count < 64 << 10 && machine.virtio.count == 63)
    }

    @Test func theSerialConsoleGoesBothWays() throws {
        var sent: [UInt8] = []
        let machine = try Self.machine { sent.append($0) }
        #expect(machine.consoleInput([0x68]) == 1)
        #expect(machine.bus.read(0x0100_0000, size: 1, vcpu: 0) == 0x68)
        #expect(machine.bus.read(0x0100_1005, size: 1, vcpu: 0) == 0x60, "the others are not connected")
        #expect(machine.bus.write(0x0100_0000, size: 1, value: 0x21, vcpu: 0))
        #expect(machine.bus.write(0x0100_1000, size: 1, value: 0x22, vcpu: 0))
        #expect(sent == [0x21])
    }

    @Test func aVirtioConsoleTakesTheInputAndTheUARTStillSpeaks() throws {
        var sent: [UInt8] = []
        let machine = try Self.machine(console: .virtio) { sent.append($0) }
        #expect(machine.consoleInput([0x68]) == 1)
        #expect(machine.bus.read(0x0100_0005, size: 1, vcpu: 0) == 0x60)
        #expect(machine.bus.write(0x0100_0000, size: 1, value: 0x21, vcpu: 0))
        #expect(sent == [0x21])
    }
}
