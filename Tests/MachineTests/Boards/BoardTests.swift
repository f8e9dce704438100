import GuestAddresses
import GuestMemory
import Machine
import Testing

/// Notes what the machine asks of it.
private final class NotingController: InterruptController {
    typealias State = NoState

    var lines: [Int: Bool] = [:]
    var resetCount = 0

    func setLine(_ line: Int, level: Bool) { lines[line] = level }
    func reset() { resetCount += 1 }
}

/// A board that is in no list: two RAM ranges, a UART and an interrupt controller of its own.
private struct OwnBoard: Board {
    let controller: @Sendable () -> any InterruptController
    let name = "own"
    let architecture = Architecture.aarch64
    let programs = ELFMachine.aarch64
    let minimumMemorySize: UInt64 = 2 << 20
    let maximumMemorySize: UInt64 = 64 << 20
    let maximumVCPUCount = 1
    let flash: [FlashBank] = []
    let devices = [
        DevicePlacement(model: .ns16550a, at: .memory(0x1000), size: 8, line: 7),
        DevicePlacement(model: .mc146818, at: .ports(0x70), size: 2, line: nil),
    ]
    let virtio = AArch64Board.virt.virtio
    let arguments = AArch64Board.virt.arguments

    func ram(size: UInt64) -> [Range<PhysicalAddress>] {
        [0x4000_0000..<0x4000_0000 + size / 2, 0x8000_0000..<0x8000_0000 + size / 2]
    }

    func makeInterruptController(vcpuCount: Int, on bus: Bus) throws(MachineError) -> (any InterruptController)? {
        controller()
    }

    func plan(
        _ configuration: MachineConfiguration, memory: GuestMemory, virtioCount: Int, hasDisk: Bool
    ) throws(MachineError) -> BootPlan {
        var board = AArch64Board.virt
        board.flash = []
        board.firmware = .ram
        return try board.plan(configuration, memory: memory, virtioCount: virtioCount, hasDisk: hasDisk)
    }
}

@Suite struct BoardTests {
    private static let firmware = InputFile(name: "fw", bytes: [0, 0, 0, 0x14])

    @Test func boardsHaveNamesOfTheirOwn() {
        #expect(Boards.all.map(\.name) == ["virt", "kvmtool", "pc"])
    }

    @Test func aMachineTakesAllThatItIsFromItsBoard() throws {
        nonisolated(unsafe) let controller = NotingController()
        var sent: [UInt8] = []
        let machine = try Machine(
            MachineConfiguration(
                board: OwnBoard(controller: { controller }), memorySize: 8 << 20, firmware: Self.firmware),
            consoleOutput: { sent.append($0) })
        #expect(machine.memory.regions.map(\.base) == [0x4000_0000, 0x8000_0000])
        #expect(machine.memory.regions.map(\.size) == [4 << 20, 4 << 20])
        #expect(machine.bootState.pc == 0x4000_0000)
        #expect(machine.interruptController === controller && machine.gic == nil && machine.rtc == nil)
        #expect(machine.ports.device(at: 0x71)?.name == "MC146818 real-time clock")
        #expect(machine.bus.device(at: 0x71) == nil && machine.ports.device(at: 0x1000) == nil)

        // IER: received data.
        #expect(machine.bus.write(0x1001, size: 1, value: 1, vcpu: 0))
        #expect(controller.lines[7] == false)
        #expect(machine.consoleInput([0x68]) == 1)
        #expect(controller.lines[7] == true)
        #expect(machine.bus.write(0x1000, size: 1, value: 0x21, vcpu: 0) && sent == [0x21])

        try machine.reset()
        #expect(controller.resetCount == 1)
        #expect(machine.bus.read(0x1001, size: 1, vcpu: 0) == 0)
    }

    @Test func aBoardsLimitsAreChecked() {
        let board = OwnBoard(controller: { NotingController() })
        #expect(throws: MachineError.self) {
            try Machine(MachineConfiguration(board: board, memorySize: 1 << 20, firmware: Self.firmware))
        }
        #expect(throws: MachineError.self) {
            try Machine(MachineConfiguration(board: board, vcpuCount: 2, memorySize: 8 << 20, firmware: Self.firmware))
        }
    }

    @Test func aPCHasNoInterruptControllerOfItsOwn() throws {
        let machine = try Machine(
            MachineConfiguration(
                board: PCBoard.pc, kernel: InputFile(name: "k", bytes: PCFixture.elf(0x20_0000))))
        #expect(machine.interruptController == nil && machine.gic == nil)
        #expect(machine.bus.mappings.map(\.device.name) == ["virtio entropy"])
        // IER with a byte in the receiver raises a line that leads nowhere.
        #expect(machine.ports.write(0x3f9, size: 1, value: 1, vcpu: 0) && machine.consoleInput([0x68]) == 1)
        #expect(machine.deviceTree.isEmpty && machine.bootState.rsi == machine.bootState.information)
    }
}
