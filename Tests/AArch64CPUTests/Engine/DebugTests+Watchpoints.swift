import AArch64
import AArch64CPU
import TestSupport
import Testing

private let ram = EngineFixture.ram
private let data = EngineFixture.data
private let page = EngineFixture.data + 0x1000

/// An access, a watchpoint, and the address that is reported, if any.
struct WatchCase: Sendable, CustomStringConvertible {
    var text: String
    /// X1.
    var base: UInt64
    var point: Watchpoint
    var hit: UInt64?
    var description: String {
        "\(text) at \(String(base, radix: 16)), \(point.length) bytes from \(String(point.address, radix: 16))"
    }

    init(
        _ text: String, _ base: UInt64, _ address: UInt64, _ length: UInt64, _ kinds: Watchpoint.Kinds,
        hit: UInt64?
    ) {
        self.text = text
        self.base = base
        point = Watchpoint(address: address, length: length, kinds: kinds)
        self.hit = hit
    }
}

private let watches = [
    WatchCase("str x0, [x1]", data, data, 8, .write, hit: data),
    WatchCase("str x0, [x1]", data, data, 8, .read, hit: nil),
    WatchCase("ldr x0, [x1]", data, data + 7, 1, .read, hit: data + 7),
    WatchCase("ldr x0, [x1]", data, data + 8, 1, .read, hit: nil),
    WatchCase("ldr x0, [x1]", data, data, 8, .write, hit: nil),
    WatchCase("strb w0, [x1]", data + 3, data, 4, .write, hit: data + 3),
    WatchCase("strb w0, [x1]", data + 4, data, 4, .write, hit: nil),
    WatchCase("stp x0, x2, [x1]", data, data + 12, 2, .write, hit: data + 12),
    WatchCase("ldp x0, x2, [x1, #-16]!", data + 16, data + 8, 64, [.read, .write], hit: data + 8),
    WatchCase("str x0, [x1]", page - 4, page, 1, .write, hit: page),
    WatchCase("str x0, [x1]", page - 4, page - 1, 1, .write, hit: page - 1),
    WatchCase("ldrh w0, [x1], #2", data + 63, data, 64, .read, hit: data + 63),
    WatchCase("str w0, [x1]", page + 0x800, data, 0x3000, .write, hit: page + 0x800),
    WatchCase("ldadd x0, x2, [x1]", data, data + 4, 4, .write, hit: data + 4),
    WatchCase("ldadd x0, x2, [x1]", data, data + 4, 4, .read, hit: data + 4),
    WatchCase("cas x0, x2, [x1]", data, data, 1, .write, hit: data),
    WatchCase("ldaxr w0, [x1]", data, data, 4, .read, hit: data),
    WatchCase("stlr w0, [x1]", data, data, 4, .write, hit: data),
    WatchCase("dc zva, x1", data + 40, data + 5, 1, .write, hit: data + 5),
    WatchCase("dc zva, x1", data + 40, data + 64, 8, .write, hit: nil),
    WatchCase("stxr w3, x0, [x1]", data, data, 8, .write, hit: nil),
    WatchCase("str x0, [x1]", data, data, 0, .write, hit: nil),
    WatchCase("ldr q0, [x1]", data, data + 12, 4, .read, hit: data + 12),
    WatchCase("str q0, [x1]", data, data + 15, 1, .write, hit: data + 15),
    WatchCase("str q0, [x1]", data, data + 16, 1, .write, hit: nil),
    WatchCase("stp q0, q1, [x1]", data, data + 24, 2, .write, hit: data + 24),
    WatchCase("ldp d0, d1, [x1]", data, data + 8, 8, .read, hit: data + 8),
    WatchCase("st1 {v0.16b, v1.16b}, [x1]", data, data + 31, 1, .write, hit: data + 31),
    WatchCase("ld1 {v0.s}[1], [x1]", data, data + 3, 1, .read, hit: data + 3),
    WatchCase("ld1 {v0.s}[1], [x1]", data, data + 4, 1, .read, hit: nil),
]

extension DebugTests {
    @Test("Among many watchpoints that overlap, the first of the list that an access touches stops it")
    func manyWatchpoints() {
        var random = SeededRandom(seed: 7)
        let page = EngineFixture.data
        let fixture = EngineFixture(["str x1, [x0]", "ldr x1, [x0]"])
        fixture.enableMMU()
        for _ in 0..<20 {
            let points = (0..<60).map { _ in
                Watchpoint(
                    address: page + UInt64(random.below(3000)),
                    length: UInt64(1 + random.below(random.below(4) == 0 ? 900 : 9)),
                    kinds: [.read, .write, [.read, .write]][random.below(3)])
            }
            fixture.cluster.setWatchpoints(points)
            for _ in 0..<50 {
                let isWrite = random.below(2) == 0
                let address = page + UInt64(random.below(4000))
                fixture.cpu.setX(0, address)
                fixture.cpu.pc = isWrite ? EngineFixture.ram : EngineFixture.ram + 4
                let expected = points.firstIndex {
                    $0.kinds.contains(isWrite ? .write : .read) && $0.address < address + 8
                        && address < $0.address + $0.length
                }
                let exit = fixture.step()
                if let expected {
                    #expect(exit == .watchpoint(point: expected, address: max(address, points[expected].address)))
                } else {
                    #expect(exit == .stepped)
                }
            }
        }
    }

    @Test("A watchpoint stops in front of an access to its bytes, of any kind and shape", arguments: watches)
    func watchpoint(_ row: WatchCase) throws {
        EngineFixture.words(watches.map(\.text))
        let fixture = EngineFixture([
            "add x5, x5, #1", row.text, "add x5, x5, #1",
            "b #0",
        ])
        fixture.enableMMU()
        // CPACR_EL1.FPEN: vector registers are there.
        try fixture.cpu.debuggerWrite(.cpacr, 3 << 20)
        fixture.cpu.setX(0, 0x1111)
        fixture.cpu.setX(1, row.base)
        fixture.cpu.setX(2, 0x2222)
        // Once without, so that the TLB knows the page.
        fixture.run(3)
        fixture.cpu.pc = ram
        fixture.cpu.setX(0, 0x1111)
        fixture.cpu.setX(1, row.base)
        fixture.cpu.setX(2, 0x2222)
        let memory = (0..<0x400).map { fixture.load(data + 8 * $0, as: UInt64.self) }
        fixture.cluster.setWatchpoints([
            Watchpoint(address: page + 0x900, length: 4, kinds: [.read, .write]), row.point,
        ])
        let exit = fixture.run(3)
        guard let hit = row.hit else {
            #expect(exit == .budget)
            return
        }
        #expect(exit == .watchpoint(point: 1, address: hit))
        #expect(fixture.cpu.pc == ram + 4)
        #expect(fixture.cpu.executedInRun == 1)
        #expect(fixture.cpu.x(0) == 0x1111)
        #expect(fixture.cpu.x(1) == row.base)
        #expect(fixture.cpu.x(2) == 0x2222)
        #expect((0..<0x400).map { fixture.load(data + 8 * $0, as: UInt64.self) } == memory)
        // With the watchpoint passed, the access and the instruction after it are executed.
        #expect(fixture.run(2, ignoringBreakpointAtPC: true) == .budget)
        #expect(fixture.cpu.pc == ram + 12)
        fixture.cluster.setWatchpoints([])
        fixture.cpu.pc = ram
        #expect(fixture.run(3) == .budget)
    }
}
