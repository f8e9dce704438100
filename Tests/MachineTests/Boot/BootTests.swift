import Foundation
import GuestAddresses
import GuestMemory
import Machine
import TestSupport
import Testing

@Suite struct BootTests {
    private typealias Segment = ImageBuilder.Segment
    private static let ram: PhysicalAddress = 0x4000_0000

    private static func machine(kernel: [UInt8], memory: UInt64 = 64 << 20, initrd: [UInt8]? = nil) throws -> Machine {
        try Machine(
            MachineConfiguration(
                memorySize: memory, kernel: InputFile(name: "kernel", bytes: kernel),
                initrd: initrd.map { InputFile(name: "initrd", bytes: $0) }, bootArguments: "quiet"))
    }

    private static func tree(_ machine: Machine) throws -> DeviceTreeNode {
        let bytes = try machine.memory.read(machine.bootState.x0, count: machine.deviceTree.count)
        #expect(bytes == machine.deviceTree)
        return try DeviceTreeReader.root(of: bytes)
    }

    @Test func firmwareGoesToFlashAndItsDeviceTreeToTheStartOfRAM() throws {
        let firmware = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let machine = try Machine(MachineConfiguration(firmware: InputFile(name: "fw", bytes: firmware)))
        #expect(machine.bootState == BootState(pc: 0, x0: Self.ram))
        #expect(machine.bootState.pstate == 0x3C5)
        #expect(try machine.memory.read(0, count: firmware.count) == firmware)
        #expect(try machine.memory.read(100_000, count: 4) == [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(try Self.tree(machine).node("memory@40000000")?.cells("reg") == [0, 0x4000_0000, 0, 256 << 20])
    }

    @Test func firmwareInRAMHasItsDeviceTreeBehindIt() throws {
        var board = AArch64Board.virt
        board.firmware = .ram
        board.flash = []
        let firmware = [UInt8](repeating: 0xAA, count: 3 << 20)
        let machine = try Machine(
            MachineConfiguration(board: board, firmware: InputFile(name: "fw", bytes: firmware)))
        #expect(machine.bootState == BootState(pc: Self.ram, x0: Self.ram + (4 << 20)))
        let tree = try Self.tree(machine)
        #expect(tree.node("flash@0") == nil)
    }

    @Test func linuxGoesToItsOffsetWithDeviceTreeAndInitrdBehindIt() throws {
        let kernel = ImageBuilder.linux(count: 5000, textOffset: 0x1000, imageSize: (3 << 20) + 1)
        let initrd = [UInt8](repeating: 9, count: 5000)
        let machine = try Self.machine(kernel: kernel, initrd: initrd)
        #expect(machine.bootState.pc == Self.ram + 0x1000)
        #expect(machine.bootState.x0 == Self.ram + (4 << 20))
        #expect(try machine.memory.read(Self.ram + 0x1000, count: 5000) == kernel)
        let chosen = try Self.tree(machine).node("chosen")
        let start = try #require(chosen?.cells("linux,initrd-start")?[1])
        #expect(chosen?.cells("linux,initrd-end")?[1] == start + 5000)
        #expect(
            start % 4096 == 0
                && PhysicalAddress(UInt64(start)) >= machine.bootState.x0 + UInt64(machine.deviceTree.count))
        #expect(try machine.memory.read(PhysicalAddress(UInt64(start)), count: 5000) == initrd)
        #expect(chosen?.strings("bootargs") == ["quiet"])
    }

    @Test func linuxWithoutASizeGoesToTheOldOffset() throws {
        let machine = try Self.machine(kernel: ImageBuilder.linux(textOffset: 0, imageSize: 0))
        #expect(machine.bootState.pc == Self.ram + 0x80000)
    }

    /// Where a program of 64 KiB is linked, and where its device tree goes.
    private static let placements: [(UInt64, PhysicalAddress)] = [
        (0x4020_0000, 0x4000_0000), (0x4008_0000, 0x4000_0000), (0x4000_0000, 0x4020_0000), (0x4000_0100, 0x4020_0000),
        (0x4000_4000, 0x4000_0000), (0x401F_0000, 0x4000_0000), (0x0, 0x4000_0000), (0x0400_0000, 0x4000_0000),
    ]

    @Test(arguments: placements) func elfsKeepClearOfTheirDeviceTree(_ address: UInt64, _ tree: PhysicalAddress) throws
    {
        let code = [UInt8](repeating: 0x11, count: 4096)
        let bytes = ImageBuilder.elf(entry: address, [Segment(physical: address, bytes: code, memorySize: 0x10000)])
        let machine = try Self.machine(kernel: bytes, memory: 8 << 20)
        #expect(machine.bootState == BootState(pc: PhysicalAddress(address), x0: tree))
        #expect(try machine.memory.read(PhysicalAddress(address), count: 4096) == code)
        #expect(
            try machine.memory.read(PhysicalAddress(address + 4096), count: 0xF000)
                == [UInt8](repeating: 0, count: 0xF000))
        _ = try Self.tree(machine)
    }

    @Test func anElfsInitrdIsBehindEverything() throws {
        let bytes = ImageBuilder.elf(
            entry: 0x4008_0000, [Segment(physical: 0x4008_0000, bytes: [0, 0, 0, 0x14], memorySize: 0x2_0001)])
        let machine = try Self.machine(kernel: bytes, memory: 8 << 20, initrd: [1, 2, 3])
        let start = try #require(try Self.tree(machine).node("chosen")?.cells("linux,initrd-start")?[1])
        #expect(start == 0x400A_1000)
    }

    @Test func resetBringsBackTheStateAtBoot() throws {
        let code: [UInt8] = [1, 2, 3, 4]
        let machine = try Self.machine(
            kernel: ImageBuilder.elf(
                entry: 0x4020_0000, [Segment(physical: 0x4020_0000, bytes: code, memorySize: 0x1000)]))
        try machine.memory.write(0x4020_0000, [9, 9, 9, 9, 9, 9])
        try machine.memory.write(0x4010_0000, [9])
        try machine.memory.write(machine.bootState.x0, [9])
        try machine.memory.write(0x0400_0000, [9])
        _ = machine.bus.write(0x0400_0000, size: 4, value: 0x70, vcpu: 0)
        _ = machine.bus.write(0x0900_0038, size: 4, value: 0x7FF, vcpu: 0)
        _ = machine.bus.write(0x0800_0000, size: 4, value: 3, vcpu: 0)
        _ = machine.bus.write(0x0901_0010, size: 4, value: 1, vcpu: 0)
        try machine.reset()
        #expect(try machine.memory.read(0x4020_0000, count: 6) == [1, 2, 3, 4, 0, 0])
        #expect(try machine.memory.read(0x4010_0000, count: 1) == [0])
        #expect(
            try machine.memory.read(machine.bootState.x0, count: machine.deviceTree.count)
                == machine.deviceTree)
        #expect(try machine.memory.read(0x0400_0000, count: 1) == [9], "flash stays")
        #expect(machine.memory.regions.map(\.isDirect) == [true, true, true])
        #expect(machine.bus.read(0x0900_0038, size: 4, vcpu: 0) == 0)
        #expect(machine.bus.read(0x0800_0000, size: 4, vcpu: 0) == 0x50)
        #expect(machine.bus.read(0x0901_0010, size: 4, vcpu: 0) == 0)
    }

    @Test(.needs(BootTests.uBootImage))
    func debiansUBootIsLoadedAsFirmware() throws {
        let machine = try Machine(MachineConfiguration(vcpuCount: 2, firmware: InputFile(path: Self.uBoot)))
        // The kernel's first instruction is a branch over its header.
        #expect(try machine.memory.read(3, count: 1) == [0x14])
        #expect(machine.bootState == BootState(pc: 0, x0: Self.ram))
    }

    private static let uBoot = "/usr/lib/u-boot/qemu_arm64/u-boot.bin"
    private static let uBootImage = RequiredTool(
        uBoot, from: "apt-get install u-boot-qemu", isInstalled: FileManager.default.fileExists(atPath: uBoot))
}
