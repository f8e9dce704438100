import GuestAddresses
import GuestMemory
import Machine
import TestSupport
import Testing

@Suite struct MachineTests {
    private static func machine(vcpus: Int = 2, output: @escaping (UInt8) -> Void = { _ in }) throws -> Machine {
        try Machine(
            MachineConfiguration(
                vcpuCount: vcpus, memorySize: 4 << 20, firmware: InputFile(name: "fw", bytes: [0, 0, 0, 0x14])),
            realTime: { 1_700_000_000 }, consoleOutput: output)
    }

    @Test func devicesAreWhereTheMapSaysAndNowhereElse() throws {
        let machine = try Self.machine()
        let map: [(PhysicalAddress, String?)] = [
            (0x0, "flash 0"), (0x03FF_FFFF, "flash 0"), (0x0400_0000, "flash 1"), (0x0800_0000, "GIC distributor"),
            (0x0801_0000, nil), (0x080A_0000, "GIC redistributors"), (0x080D_FFFF, "GIC redistributors"),
            (0x080E_0000, nil), (0x0900_0000, "PL011 UART"), (0x0900_1000, nil), (0x0901_0000, "PL031 real-time clock"),
            (0x0A00_0000, "virtio entropy"), (0x0A00_0200, nil), (0x4000_0000, nil),
        ]
        for (address, name) in map { #expect(machine.bus.device(at: address)?.name == name) }
        #expect(machine.memory.regions.map(\.base) == [0, 0x0400_0000, 0x4000_0000])
    }

    @Test func theConsoleGoesBothWaysAndInterrupts() throws {
        var sent: [UInt8] = []
        let machine = try Self.machine { sent.append($0) }
        let gic = try #require(machine.gic)
        let uart: PhysicalAddress = 0x0900_0000
        for (address, value) in [
            (0x0800_0000, 2), (0x0800_0084, ~0), (0x0800_0104, 2), (uart + 0x38, 0x10),
        ] as [(PhysicalAddress, UInt64)] {
            #expect(machine.bus.write(address, size: 4, value: value, vcpu: 0))
        }
        #expect(gic.writeSystemRegister(ICCRegister.pmr.rawValue, value: 0xFF, vcpu: 0))
        #expect(gic.writeSystemRegister(ICCRegister.igrpen1.rawValue, value: 1, vcpu: 0))
        #expect(!gic.irqLevel(vcpu: 0))
        #expect(machine.consoleInput(Array("hi".utf8)) == 2)
        #expect(gic.irqLevel(vcpu: 0))
        #expect(gic.readSystemRegister(ICCRegister.iar1.rawValue, vcpu: 0) == 33)
        #expect(machine.bus.read(uart, size: 4, vcpu: 0) == UInt64(UInt8(ascii: "h")))
        #expect(machine.bus.write(uart, size: 4, value: UInt64(UInt8(ascii: "!")), vcpu: 0))
        #expect(sent == [UInt8(ascii: "!")])
    }

    @Test func theClockTellsTheTimeItIsGiven() throws {
        let machine = try Self.machine()
        #expect(machine.bus.read(0x0901_0000, size: 4, vcpu: 0) == 1_700_000_000)
    }

    @Test func theLargestMachineHasItsRedistributorsBelowTheUART() throws {
        let machine = try Self.machine(vcpus: 123)
        #expect(machine.bus.device(at: 0x08FF_FFFF)?.name == "GIC redistributors")
        #expect(machine.bus.read(0x08FE_0008, size: 4, vcpu: 0) == 122 << 8 | 1 << 4)
        #expect(machine.affinity(vcpu: 122) == 0x70A)
        #expect(machine.answer(PSCI.Call(function: 0x8400_0000), states: []).result == 0x10001)
    }

    @Test func redistributorsCanEndAtAnAddress() {
        var board = AArch64Board.virt
        board.gic.redistributors = .upTo(0x3FFF_0000)
        #expect(board.redistributorBase(vcpuCount: 1) == 0x3FFD_0000)
        #expect(board.redistributorBase(vcpuCount: 4) == 0x3FF7_0000)
    }

    @Test func aMachineFreesItsMemory() throws {
        weak var memory: GuestMemory?
        weak var gic: GICv3?
        do {
            let machine = try Self.machine()
            (memory, gic) = (machine.memory, machine.gic)
            #expect(memory != nil && gic != nil)
        }
        #expect(memory == nil && gic == nil)
    }

    @Test func noAccessCrashesIt() throws {
        var random = SeededRandom.announced("Machine")
        let machine = try Self.machine()
        let devices = machine.bus.mappings
        for _ in 0..<60_000 {
            let mapping = try #require(devices.randomElement(using: &random))
            let near = UInt64.random(in: 0..<min(mapping.size + 16, 0x1100), using: &random)
            let offset = Bool.random(using: &random) ? near : UInt64.random(in: 0..<mapping.size + 16, using: &random)
            let size = [1, 2, 4, 8, 3, 0].randomElement(using: &random) ?? 4
            let vcpu = Int.random(in: 0..<2, using: &random)
            let address = mapping.base + (Bool.random(using: &random) ? offset & ~7 : offset)
            if Bool.random(using: &random) {
                _ = machine.bus.read(address, size: size, vcpu: vcpu)
            } else {
                _ = machine.bus.write(address, size: size, value: random.next(), vcpu: vcpu)
            }
            _ = machine.gic?.writeSystemRegister(
                UInt16.random(in: 0xC600...0xC680, using: &random), value: random.next(), vcpu: vcpu)
            _ = machine.gic?.readSystemRegister(UInt16.random(in: 0...0xFFFF, using: &random), vcpu: vcpu)
        }
        try machine.reset()
    }
}
