import GuestMemory
import Machine
import Testing

/// The machine `pc`: what a kernel is told, and where it is entered.
@Suite struct PCTests {
    private static let program: [UInt8] = [0xf4, 0xeb, 0xfd]

    private static func elf(_ address: UInt64, machine: UInt16 = 62) -> [UInt8] {
        ImageBuilder.elf(
            entry: address, [ImageBuilder.Segment(physical: address, bytes: program, memorySize: 0x1000)],
            machine: machine)
    }

    private static func machine(
        _ kernel: [UInt8], vcpus: Int = 1, memory: UInt64 = 128 << 20, initrd: [UInt8]? = nil, arguments: String = ""
    ) throws -> Machine {
        try Machine(
            MachineConfiguration(
                layout: .pc, vcpuCount: vcpus, memorySize: memory, kernel: InputFile(name: "/x/y", bytes: kernel),
                initrd: initrd.map { InputFile(name: "rd", bytes: $0) }, bootArguments: arguments),
            interrupts: .external(setSPI: { _, _ in }), realTime: { 1_700_000_000 }, consoleOutput: { _ in })
    }

    /// A bzImage whose kernel is a few bytes.
    private static func bzImage(
        version: UInt16 = 0x20f, flags: UInt16 = 1, headerLength: UInt8 = 0x66, size: Int = 0x2000
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0x90, count: size)
        func put<Value: FixedWidthInteger>(_ value: Value, _ offset: Int) {
            for byte in 0..<MemoryLayout<Value>.size {
                bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
            }
        }
        put(UInt8(4), 0x1f1)
        put(headerLength, 0x201)
        put(UInt32(0x5372_6448), 0x202)
        put(version, 0x206)
        put(UInt32(0x7fff_ffff), 0x22c)
        put(flags, 0x236)
        put(UInt32(2047), 0x238)
        put(UInt64(0x100_0000), 0x258)
        put(UInt32(0x80_0000), 0x260)
        return bytes
    }

    private func number<Value: FixedWidthInteger>(_ machine: Machine, _ address: UInt64) throws -> Value {
        try machine.memory.read(address, count: MemoryLayout<Value>.size).reversed().reduce(0) { $0 << 8 | Value($1) }
    }

    @Test func aKernelIsEnteredAtItsSixtyFourBitEntryWithItsParameters() throws {
        let machine = try Self.machine(
            Self.bzImage(), memory: 5 << 30, initrd: [1, 2, 3], arguments: "quiet")
        #expect(machine.bootState.pc == 0x100_0200)
        let parameters = machine.bootState.x0
        #expect(try number(machine, parameters + 0x202) as UInt32 == 0x5372_6448)
        #expect(try number(machine, parameters + 0x210) as UInt8 == 0xff)
        let line: UInt32 = try number(machine, parameters + 0x228)
        let text = try machine.memory.read(UInt64(line), count: 32).prefix { $0 != 0 }
        #expect(String(decoding: text, as: UTF8.self).contains("quiet"))
        let (initrd, size): (UInt32, UInt32) = (
            try number(machine, parameters + 0x218), try number(machine, parameters + 0x21c)
        )
        #expect(size == 3)
        #expect(try machine.memory.read(UInt64(initrd), count: 3) == [1, 2, 3])
        // RAM up to 640 KiB and from 1 MiB to 3 GiB, the rest from 4 GiB on.
        let count: UInt8 = try number(machine, parameters + 0x1e8)
        var map: [[UInt64]] = []
        for entry in 0..<UInt64(count) {
            let place = parameters + 0x2d0 + 20 * entry
            let type: UInt32 = try number(machine, place + 16)
            map.append([try number(machine, place), try number(machine, place + 8), UInt64(type)])
        }
        #expect(
            map == [
                [0, 0xa_0000, 1], [0xa_0000, 0x6_0000, 2], [0x10_0000, 0xbff0_0000, 1], [0x1_0000_0000, 2 << 30, 1],
            ])
    }

    @Test func anELFIsEnteredWhereItSays() throws {
        let machine = try Self.machine(Self.elf(0x20_0000))
        #expect(machine.bootState.pc == 0x20_0000 && machine.isLinkedWhereItRuns)
        #expect(try machine.memory.read(0x20_0000, count: 3) == Self.program)
    }

    @Test(arguments: [1, 2, 64])
    func theACPITablesAddUpAndNameEveryProcessor(vcpus: Int) throws {
        let machine = try Self.machine(Self.elf(0x20_0000), vcpus: vcpus)
        func sum(_ address: UInt64, _ count: Int) throws -> UInt8 {
            try machine.memory.read(address, count: count).reduce(0, &+)
        }
        let root: UInt64 = try number(machine, machine.bootState.x0 + 0x70)
        #expect(try machine.memory.read(root, count: 8) == Array("RSD PTR ".utf8))
        #expect(try sum(root, 20) == 0 && sum(root, 36) == 0)
        let list: UInt64 = try number(machine, root + 24)
        let length: UInt32 = try number(machine, list + 4)
        #expect(try sum(list, Int(length)) == 0)
        var names: [String] = []
        for index in 0..<(UInt64(length) - 36) / 8 {
            let table: UInt64 = try number(machine, list + 36 + 8 * index)
            let size: UInt32 = try number(machine, table + 4)
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
        let machine = try Self.machine(Self.elf(0x20_0000))
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
        (elf(0x20_0000, machine: 183), "is for machine 183, not for x86-64 (62); take --machine virt"),
        (elf(0x6000), "don't fit; RAM for it begins at 0x100000"),
        (elf(0x800_0000), "don't fit; RAM for it begins at 0x100000"),
        ([1, 2, 3], "is neither a bzImage nor an ELF for x86-64; other images need machine virt"),
        (Array(bzImage().prefix(0x220)), "the setup header of a bzImage is cut off"),
        (Array(bzImage().prefix(0xb00)), "is cut off behind its setup part"),
        (bzImage(version: 0x20a), "has boot protocol 2.10; 2.12 and later can be booted"),
        (bzImage(flags: 0), "is a 32-bit kernel; give one for x86-64"),
        (bzImage(headerLength: 0xff), "its setup header has an impossible length"),
    ]

    @Test(arguments: refused)
    func whatCantBeBootedIsRefusedWithAReason(bytes: [UInt8], text: String) {
        do {
            _ = try Self.machine(bytes)
            Issue.record("it was taken")
        } catch {
            #expect("\(error)".contains(text), "\(error)")
        }
    }

    /// Whatever a file says, reading it neither traps nor reads beyond it.
    @Test func damagedImagesAreReadOrRefused() {
        var generator = SeededGenerator(seed: SeededGenerator.seed)
        for _ in 0..<2000 {
            var bytes = Self.bzImage(size: 0xe00)
            for _ in 0..<4 {
                bytes[Int.random(in: 0x1f0..<0x270, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            bytes = Array(bytes.prefix(Int.random(in: 0x100...0xe00, using: &generator)))
            _ = try? BzImage(parsing: bytes, path: "x")
        }
    }
}
