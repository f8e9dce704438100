import GuestAddresses
import GuestMemory
import Machine
import TestSupport
import Testing
import TraplineCommands

/// The machine `pc`: the kernel's parameters and its entry point.
@Suite struct PCTests {
    @Test func aKernelIsEnteredAtItsSixtyFourBitEntryWithItsParameters() throws {
        let machine = try PCFixture.machine(
            PCFixture.bzImage(), memory: 5 << 30, initrd: [1, 2, 3], arguments: "quiet")
        #expect(machine.bootState.pc == 0x100_0200)
        let parameters = machine.bootState.x0
        #expect(try machine.number(parameters + 0x202) as UInt32 == 0x5372_6448)
        #expect(try machine.number(parameters + 0x210) as UInt8 == 0xff)
        let line: UInt32 = try machine.number(parameters + 0x228)
        let text = try machine.memory.read(PhysicalAddress(UInt64(line)), count: 32).prefix { $0 != 0 }
        #expect(String(decoding: text, as: UTF8.self).contains("quiet"))
        let (initrd, size): (UInt32, UInt32) = (
            try machine.number(parameters + 0x218), try machine.number(parameters + 0x21c)
        )
        #expect(size == 3)
        #expect(try machine.memory.read(PhysicalAddress(UInt64(initrd)), count: 3) == [1, 2, 3])
        // RAM up to 640 KiB and from 1 MiB to 3 GiB, the rest from 4 GiB on.
        let count: UInt8 = try machine.number(parameters + 0x1e8)
        var map: [[UInt64]] = []
        for entry in 0..<UInt64(count) {
            let place = parameters + 0x2d0 + 20 * entry
            let type: UInt32 = try machine.number(place + 16)
            map.append([try machine.number(place), try machine.number(place + 8), UInt64(type)])
        }
        #expect(
            map == [
                [0, 0xa_0000, 1], [0xa_0000, 0x6_0000, 2], [0x10_0000, 0xbff0_0000, 1], [0x1_0000_0000, 2 << 30, 1],
            ])
    }

    @Test func anELFIsEnteredWhereItSays() throws {
        let machine = try PCFixture.machine(PCFixture.elf(0x20_0000))
        #expect(machine.bootState.pc == 0x20_0000 && machine.isLinkedWhereItRuns)
        #expect(try machine.memory.read(0x20_0000, count: 3) == PCFixture.program)
    }

    @Test(arguments: [1, 2, 64])
    func theACPITablesAddUpAndNameEveryProcessor(vcpus: Int) throws {
        let machine = try PCFixture.machine(PCFixture.elf(0x20_0000), vcpus: vcpus)
        func sum(_ address: PhysicalAddress, _ count: Int) throws -> UInt8 {
            try machine.memory.read(address, count: count).reduce(0, &+)
        }
        let root = try machine.address(at: machine.bootState.x0 + 0x70)
        #expect(try machine.memory.read(root, count: 8) == Array("RSD PTR ".utf8))
        #expect(try sum(root, 20) == 0 && sum(root, 36) == 0)
        let list = try machine.address(at: root + 24)
        let length: UInt32 = try machine.number(list + 4)
        #expect(try sum(list, Int(length)) == 0)
        var names: [String] = []
        for index in 0..<(UInt64(length) - 36) / 8 {
            let table = try machine.address(at: list + 36 + 8 * index)
            let size: UInt32 = try machine.number(table + 4)
            #expect(try sum(table, Int(size)) == 0)
            let name = String(decoding: try machine.memory.read(table, count: 4), as: UTF8.self)
            names.append(name)
            guard name == "APIC" else { continue }
            // Entries of type 0 are local APICs.
            let end = table + UInt64(size)
            var place = table + 44
            var identifiers: [UInt8] = []
            while place < end {
                let entry = try machine.memory.read(place, count: 8)
                if entry[0] == 0 { identifiers.append(entry[3]) }
                #expect(entry[1] > 0)
                place += UInt64(entry[1])
            }
            #expect(place == end && identifiers == (0..<vcpus).map { UInt8($0) })
        }
        #expect(names == ["FACP", "APIC"])
    }

    @Test func thePowerAndResetPortsAreHeard() throws {
        let machine = try PCFixture.machine(PCFixture.elf(0x20_0000))
        #expect(machine.takePowerRequest() == nil)
        _ = machine.ports.write(0x64, size: 1, value: 0xd1, vcpu: 0)
        #expect(machine.takePowerRequest() == nil)
        _ = machine.ports.write(0x64, size: 1, value: 0xfe, vcpu: 0)
        #expect(machine.takePowerRequest() == .reset && machine.takePowerRequest() == nil)
        _ = machine.ports.write(0x604, size: 2, value: 1 << 13 | 4 << 10, vcpu: 0)
        #expect(machine.takePowerRequest() == nil)
        _ = machine.ports.write(0x604, size: 2, value: 1 << 13 | 5 << 10, vcpu: 0)
        #expect(machine.takePowerRequest() == .off)
    }

    private static let refused: [([UInt8], String)] = [
        (PCFixture.elf(0x20_0000, machine: 183), "is for machine 183, not for x86-64 (62); take --machine virt"),
        (PCFixture.elf(0x6000), "don't fit; RAM for it begins at 0x100000"),
        (PCFixture.elf(0x800_0000), "don't fit; RAM for it begins at 0x100000"),
        ([1, 2, 3], "is neither a bzImage nor an ELF for x86-64; other images need machine virt"),
        (Array(PCFixture.bzImage().prefix(0x220)), "the setup header of a bzImage is cut off"),
        (Array(PCFixture.bzImage().prefix(0xb00)), "is cut off after its setup part"),
        (PCFixture.bzImage(version: 0x20a), "has boot protocol 2.10; 2.12 and later can be booted"),
        (PCFixture.bzImage(flags: 0), "is a 32-bit kernel; give one for x86-64"),
        (PCFixture.bzImage(headerLength: 0xff), "its setup header has an impossible length"),
    ]

    @Test(arguments: refused)
    func whatCantBeBootedIsRefusedWithAReason(bytes: [UInt8], text: String) {
        do {
            _ = try PCFixture.machine(bytes)
            Issue.record("it was taken")
        } catch {
            #expect((error as? MachineError)?.sentence.contains(text) == true, "\(error)")
        }
    }

    /// Whatever a file says, reading it neither traps nor reads beyond it.
    @Test func damagedImagesAreReadOrRefused() {
        var random = SeededRandom.announced("bzImage")
        for _ in 0..<2000 {
            var bytes = PCFixture.bzImage(size: 0xe00)
            for _ in 0..<4 {
                bytes[Int.random(in: 0x1f0..<0x270, using: &random)] = .random(in: 0...255, using: &random)
            }
            bytes = Array(bytes.prefix(Int.random(in: 0x100...0xe00, using: &random)))
            _ = try? BzImage(parsing: bytes, path: "x")
        }
    }
}
