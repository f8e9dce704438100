import GuestAddresses
import GuestMemory
import Machine
import Testing

/// The state of each part of a machine, taken out and put back.
@Suite struct StateTests {
    struct Row: Sendable {
        var name: String
        var make: @Sendable () throws -> Rig
        /// Brings the part into a state that is not the one of a reset.
        var prepare: [Rig.Step]
        /// Answered in another way after a reset.
        var probe: [Rig.Step]
    }

    private static func words(_ offsets: [UInt64], size: Int = 4) -> [Rig.Step] { offsets.map { .read($0, size) } }

    static let rows: [Row] = [
        Row(
            name: "PL011",
            make: {
                .device { rig in PL011(interrupt: { rig.note($0) }, output: { rig.note($0) }).connected(to: rig) }
            },
            prepare: [
                .write(0x20, 7, 4), .write(0x24, 0x1234, 4), .write(0x28, 0x15, 4), .write(0x2C, 0x70, 4),
                .write(0x30, 0x381, 4), .write(0x34, 0x24, 4), .write(0x38, 0x70, 4), .write(0x48, 3, 4),
                .input(Array("some typed text, longer than the FIFO".utf8)), .read(0, 4), .write(0, 0x41, 4),
            ],
            probe: [.read(0x40, 4), .read(0x18, 4)] + words([0x20, 0x24, 0x28, 0x2C, 0x30, 0x34, 0x38, 0x3C, 0x48])
                + Array(repeating: .read(0, 4), count: 40) + words([0x18, 0x3C]) + [.write(0, 0x42, 4), .read(0, 4)]),
        Row(
            name: "NS16550A",
            make: {
                .device { rig in NS16550A(interrupt: { rig.note($0) }, output: { rig.note($0) }).connected(to: rig) }
            },
            prepare: [
                .write(3, 0x83, 1), .write(0, 0x34, 1), .write(1, 0x12, 1), .write(3, 0x1B, 1), .write(1, 0xF, 1),
                .write(2, 0x81, 1), .write(7, 0x5A, 1), .input(Array("typed before the loop".utf8)), .read(0, 1),
                .write(4, 0x1B, 1), .write(0, 0x61, 1), .write(0, 0x62, 1),
            ],
            probe: words([2, 7, 3, 4, 5, 6, 1, 2], size: 1) + words([0, 0, 0], size: 1) + [.write(4, 0xB, 1)]
                + Array(repeating: .read(0, 1), count: 24) + [.write(3, 0x80, 1)] + words([0, 1], size: 1)),
        Row(
            name: "PL031",
            make: { .device { rig in PL031(interrupt: { rig.note($0) }, time: { [unowned rig] in rig.seconds }) } },
            prepare: [
                .time(100), .write(8, 5000, 4), .write(4, 5010, 4), .write(0x10, 1, 4), .time(105), .read(0, 4),
                .time(111),
            ],
            probe: words([0, 4, 8, 0x10, 0x14, 0x18]) + [.time(112), .write(0x1C, 1, 4)] + words([0, 0x14])),
        Row(
            name: "MC146818",
            make: { .device { rig in MC146818(time: { [unowned rig] in rig.seconds }) } },
            prepare: [
                .time(1_700_000_000), .write(0, 0x0B, 1), .write(1, 0x86, 1), .write(0, 9, 1), .write(1, 44, 1),
                .write(0, 0x0B, 1), .write(1, 0x06, 1), .write(0, 0x50, 1), .write(1, 0x77, 1), .write(0, 0x0B, 1),
                .write(1, 0x86, 1), .write(0, 4, 1),
            ],
            probe: words([0, 1], size: 1) + [.write(0, 9, 1), .read(1, 1), .write(0, 0x50, 1), .read(1, 1)]
                + [.write(0, 0x0B, 1), .read(1, 1), .write(1, 0x06, 1), .time(1_700_000_100)]
                + [.write(0, 0, 1), .read(1, 1), .write(0, 9, 1), .read(1, 1)]),
        Row(
            name: "CFIFlash, half way into a buffered write", make: { try flash() },
            prepare: [
                .write(0x100, 0xE8, 4), .write(0x100, 2, 4), .write(0x100, 0x1111_2222, 4),
                .write(0x104, 0x3333_4444, 4),
            ],
            probe: [
                .read(0x100, 4), .write(0x108, 0x5555_6666, 4), .write(0x100, 0xD0, 4), .read(0, 4),
                .write(0, 0xFF, 4),
            ] + words([0x100, 0x104, 0x108])),
        Row(
            name: "CFIFlash, after an error", make: { try flash() },
            prepare: [.write(0, 0x20, 4), .write(0, 0x11, 4)],
            probe: [.read(0, 4), .write(0, 0x90, 4), .read(0, 4), .write(0, 0x50, 4), .write(0, 0x70, 4), .read(0, 4)]),
        Row(
            name: "ACPI power management", make: { try pcPorts() },
            prepare: [.write(0x602, 0x21, 2), .write(0x604, 0x1C00, 2)],
            probe: [.read(0x602, 2), .read(0x604, 2), .read(0x600, 4)]),
        Row(
            name: "virtio block, in a large request",
            make: {
                try .virtio({ _ in VirtioBlock(MemoryStorage(sectors: 1024)) }) { driver in
                    // Eight times the same read of 512 KiB, done in parts of at most 1 MiB.
                    driver.add(0, readable: [[UInt8](repeating: 0, count: 16)], writable: [512 * 1024, 1])
                    for _ in 0..<7 { driver.makeAvailable(0, head: 0) }
                }
            },
            prepare: [.write(0x50, 0, 4)],
            probe: [.read(0x60, 4), .read(0x70, 4), .finish, .write(0x64, 1, 4), .read(0x60, 4)]
                + [.memory(VirtioDriver.used(0), 80), .memory(VirtioDriver.buffers, 0x1000)]),
        Row(
            name: "virtio console, in long output",
            make: {
                try .virtio({ rig in
                    let console = VirtioConsole(output: { [unowned rig] in rig.note($0) })
                    rig.input = { console.receive($0) }
                    return console
                }) { driver in
                    driver.add(1, readable: [(0..<40_000).map { UInt8(truncatingIfNeeded: $0) }])
                    driver.add(0, writable: [4])
                }
            },
            prepare: [.input(Array("typed".utf8)), .write(0x50, 0, 4), .write(0x50, 1, 4)],
            probe: [.read(0x60, 4), .finish, .memory(VirtioDriver.used(1), 16), .write(0x64, 3, 4), .read(0x60, 4)]),
        Row(
            name: "virtio network",
            make: {
                let link = TestLink()
                link.incoming = [[1, 2, 3], [4, 5, 6, 7]]
                return try .virtio({ _ in VirtioNetwork(link) }) { driver in
                    for _ in 0..<3 { driver.add(0, writable: [64]) }
                }
            },
            prepare: [.write(0x50, 0, 4)],
            probe: [.read(0x60, 4), .read(0x70, 4), .finish, .memory(VirtioDriver.used(0), 40), .read(0x44, 4)]),
        Row(
            name: "virtio entropy, with requests put off",
            make: {
                try .virtio({ _ in VirtioEntropy(source: { 0x0123_4567_89AB_CDEF }) }, size: 32) { driver in
                    driver.add(0, writable: [4096])
                    for _ in 0..<24 { driver.makeAvailable(0, head: 0) }
                }
            },
            prepare: [.write(0x50, 0, 4), .write(0x30, 0, 4), .write(0x14, 1, 4)],
            probe: [.read(0x60, 4), .read(0x10, 4), .finish, .memory(VirtioDriver.used(0), 80)]),
        Row(
            name: "virtio transport, after a fault",
            make: {
                try .virtio({ _ in VirtioEntropy(source: { 1 }) }) { driver in driver.makeAvailable(0, head: 100) }
            },
            prepare: [.write(0x50, 0, 4)], probe: [.read(0x70, 4), .read(0x60, 4), .write(0x50, 0, 4)]),
        Row(
            name: "GICv3", make: { gic() },
            prepare: [
                // Group 1 and 0, priorities, edges, routes; one interrupt active, one pending, an SGI, an input high.
                .write(0, 3, 4), .write(0x84, 0xFFFF_FFFE, 4), .write(0x104, 0xFF, 4), .write(0x420, 0x4030_2010, 4),
                .write(0x424, 0xA0A0_A0A0, 4), .write(0xC08, 0x0000_0800, 4), .write(0x6108, 0x1, 4),
                .write(0x6110, 0x8000_0000, 4), .write(gicFrame + 0x14, 0, 4),
                .write(gicFrame + 0x1_0080, ~0 & 0xFFFF_FFFF, 4), .write(gicFrame + 0x1_0100, 0x0800_0007, 4),
                .setSystem(.pmr, 0xF0, 0), .setSystem(.pmr, 0xE0, 1), .setSystem(.bpr0, 4, 0), .setSystem(.bpr1, 5, 1),
                .setSystem(.ctlr, 2, 0), .setSystem(.igrpen0, 1, 0), .setSystem(.igrpen1, 1, 0),
                .setSystem(.igrpen1, 1, 1), .spi(3, true), .system(.iar1, 0), .spi(5, true), .spi(5, false),
                .spi(1, true), .ppi(11, true), .setSystem(.sgi1r, 0x0100_0001, 1),
            ],
            probe: words([0, 0x84, 0x104, 0x204, 0x304, 0x420, 0x424, 0xC08, 0x6108, 0x6110])
                + words([0x14, 0x1_0080, 0x1_0100, 0x1_0200].map { gicFrame + $0 })
                + [ICCRegister.rpr, .bpr0, .bpr1, .pmr, .ctlr, .ap1r0, .hppir1].flatMap {
                    [.system($0, 0), .system($0, 1)]
                } + [
                    .system(.iar1, 1), .system(.iar0, 0), .setSystem(.eoir1, 35, 0), .setSystem(.dir, 35, 0),
                    .system(.iar1, 0), .system(.iar1, 0), .spi(3, false), .system(.rpr, 0), .read(0x304, 4),
                ]),
    ]

    /// Where a GIC's redistributors follow its distributor in a rig.
    private static let gicFrame: UInt64 = 0x10_0000

    private static func gic() -> Rig {
        let rig = Rig()
        let harness = GICHarness()
        harness.gic.onOutputChange = { [unowned rig, unowned gic = harness.gic] vcpu in
            rig.outputs.append(
                UInt64(vcpu) << 4 | (gic.irqLevel(vcpu: vcpu) ? 1 : 0) | (gic.fiqLevel(vcpu: vcpu) ? 2 : 0))
        }
        rig.gic = harness.gic
        rig.parts = [harness.gic]
        rig.reset = { harness.gic.reset() }
        rig.read = { offset, size in
            offset < gicFrame
                ? harness.distributor.read(offset: offset, size: size, vcpu: 0)
                : harness.redistributors.read(offset: offset - gicFrame, size: size, vcpu: 0)
        }
        rig.write = { offset, value, size in
            if offset < gicFrame {
                harness.distributor.write(offset: offset, size: size, value: value, vcpu: 0)
            } else {
                harness.redistributors.write(offset: offset - gicFrame, size: size, value: value, vcpu: 0)
            }
        }
        return rig
    }

    private static func flash() throws -> Rig {
        let memory = GuestMemory()
        let region = try memory.addRegion(name: "flash", kind: .flash, base: 0, size: 1 << 20)
        let rig = Rig.device { _ in CFIFlash(region: region, in: memory) }
        let read = rig.read
        // The guest reads the memory itself where it may.
        rig.read = { offset, size in
            guard region.isDirect else { return read(offset, size) }
            let bytes = (try? memory.read(PhysicalAddress(offset), count: size)) ?? []
            return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        return rig
    }

    private static func pcPorts() throws -> Rig {
        let machine = try PCFixture.machine(PCFixture.elf(0x20_0000))
        let rig = Rig()
        rig.parts = machine.statefulParts
        rig.reset = { try? machine.reset() }
        rig.read = { machine.ports.read(UInt16($0), size: $1, vcpu: 0) ?? .max }
        rig.write = { _ = machine.ports.write(UInt16($0), size: $2, value: $1, vcpu: 0) }
        return rig
    }

    @Test(arguments: rows.indices)
    func continuesFromItsState(index: Int) throws {
        let row = Self.rows[index]
        let (twin, rig, lost) = (try row.make(), try row.make(), try row.make())
        let first = rig.snapshot()
        let prepared = twin.perform(row.prepare)
        #expect(rig.perform(row.prepare) == prepared && lost.perform(row.prepare) == prepared, "\(row.name)")

        let snapshot = rig.snapshot()
        #expect(!first.allSatisfy { $0.isCurrent() }, "\(row.name): the preparation changed nothing")
        rig.reset()
        #expect(!snapshot.allSatisfy { $0.isCurrent() }, "\(row.name): a reset changed nothing")
        for part in snapshot { part.restore() }
        #expect(snapshot.allSatisfy { $0.isCurrent() } && rig.line == twin.line, "\(row.name)")

        let answers = twin.perform(row.probe)
        #expect(rig.perform(row.probe) == answers, "\(row.name)")
        #expect(Rig.areEqual(rig, twin), "\(row.name)")
        lost.reset()
        #expect(lost.perform(row.probe) != answers, "\(row.name): the probe can't tell a reset part from another")
    }

    @Test func everyDeviceOfEveryBoardIsAmongTheStatefulParts() throws {
        // Frames of the GIC, whose state is the GIC's.
        let views = ["GIC distributor", "GIC redistributors"]
        for board in Boards.all {
            let kernel = board.programs == .x86_64 ? PCFixture.elf(0x20_0000) : ImageBuilder.linux()
            let machine = try Machine(
                MachineConfiguration(
                    board: board, kernel: InputFile(name: "k", bytes: kernel), console: .virtio),
                disks: [MemoryStorage(sectors: 1)], network: TestLink())
            let parts = Set(machine.statefulParts.map { ObjectIdentifier($0) })
            for mapping in machine.bus.mappings + machine.ports.mappings where !views.contains(mapping.device.name) {
                #expect(parts.contains(ObjectIdentifier(mapping.device)), "\(board.name): \(mapping.device.name)")
            }
            for transport in machine.virtio { #expect(parts.contains(ObjectIdentifier(transport.device))) }
            if let gic = machine.gic { #expect(parts.contains(ObjectIdentifier(gic))) }
        }
    }
}

extension PL011 {
    fileprivate func connected(to rig: Rig) -> PL011 {
        rig.input = { [unowned self] in receive($0) }
        return self
    }
}

extension NS16550A {
    fileprivate func connected(to rig: Rig) -> NS16550A {
        rig.input = { [unowned self] in receive($0) }
        return self
    }
}
