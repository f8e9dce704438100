import AArch64CPU
import Testing

private let ram = EngineFixture.ram
private let data = EngineFixture.data
private let page = EngineFixture.data + 0x1000
private let device = RecordingDevice.base
private let nowhere: UInt64 = 0x7000_0000
private let alignment: UInt64 = 0b100001

extension EngineFixture {
    /// With FPEN set, and V`n` full of the byte 0x10 + n.
    fileprivate convenience init(vectors code: [String]) {
        self.init(["msr cpacr_el1, x0"])
        cpu.setX(0, 3 << 20)
        step()
        put(code)
        cpu.pc = EngineFixture.ram
        for n in 0..<32 { cpu.setV(n, Self.pattern(n)) }
    }

    fileprivate static func pattern(_ n: Int) -> (UInt64, UInt64) {
        let half = UInt64(0x10 + n) &* 0x0101_0101_0101_0101
        return (half, half)
    }

    fileprivate func isUntouched(_ n: Int) -> Bool { cpu.v(n) == Self.pattern(n) }
}

struct VectorLoadStoreTests {
    @Test("A load finds its bytes, clears what is above them, and leaves other registers alone", arguments: vectorLoads)
    func findsItsBytes(_ row: VectorLoadCase) {
        EngineFixture.words(vectorLoads.map(\.text))
        let fixture = EngineFixture(vectors: [row.text])
        fixture.enableMMU()
        for byte: UInt64 in 0..<64 {
            fixture.store(data + byte, UInt8(0x80 + byte))
            fixture.store(ram + 32 + byte, UInt8(0x80 + byte))
        }
        // By the slow path the first time, the fast one then.
        for _ in 0..<2 {
            for n in 0..<32 { fixture.cpu.setV(n, EngineFixture.pattern(n)) }
            fixture.cpu.pc = ram
            fixture.cpu.setX(1, data &+ row.offset)
            fixture.cpu.setX(2, 2)
            #expect(fixture.run(1) == .budget)
            for (register, low, high) in row.gives {
                #expect(fixture.cpu.v(register) == (low, high), "v\(register)")
            }
            #expect(fixture.cpu.x(1) == data &+ row.offset &+ row.moves)
            #expect((8..<31).allSatisfy(fixture.isUntouched))
        }
    }

    @Test("A store writes its bytes and no others, across a page's end too")
    func stores() {
        let fixture = EngineFixture(vectors: [
            "str q0, [x1, x2]", "stp q0, q2, [x3]",
            "st1 {v0.16b-v2.16b}, [x4], #48", "st3 {v0.2d-v2.2d}, [x5]",
            "st4 {v0.b-v3.b}[15], [x6], #4", "str b0, [x7]",
        ])
        fixture.enableMMU()
        for _ in 0..<2 {
            fixture.cpu.pc = ram
            for address in stride(from: data, to: data + 0x2000, by: 8) { fixture.store(address, UInt64.max) }
            for (register, value) in [
                (1, page - 10), (2, 2), (3, page - 0x100 + 1), (4, data + 0x100), (5, data + 0x203), (6, data + 0x301),
                (7, data + 0x401),
            ] { fixture.cpu.setX(register, value) }
            #expect(fixture.run(6) == .budget)
            func bytes(_ address: UInt64, _ count: UInt64) -> [UInt8] {
                (0..<count).map { fixture.load(address + $0, as: UInt8.self) }
            }
            func repeated(_ values: [UInt8], _ count: Int) -> [UInt8] {
                values.flatMap { [UInt8](repeating: $0, count: count) }
            }
            #expect(bytes(page - 9, 18) == [0xFF] + repeated([0x10], 16) + [0xFF])
            #expect(bytes(page - 0x100, 34) == [0xFF] + repeated([0x10, 0x12], 16) + [0xFF])
            #expect(bytes(data + 0x100, 49) == repeated([0x10, 0x11, 0x12], 16) + [0xFF])
            #expect(bytes(data + 0x203, 49) == repeated([0x10, 0x11, 0x12, 0x10, 0x11, 0x12], 8) + [0xFF])
            #expect(bytes(data + 0x300, 6) == [0xFF, 0x10, 0x11, 0x12, 0x13, 0xFF])
            #expect(bytes(data + 0x400, 3) == [0xFF, 0x10, 0xFF])
            #expect(fixture.cpu.x(4) == data + 0x130 && fixture.cpu.x(6) == data + 0x305)
        }
    }

    @Test("A fault leaves the registers, the base and the memory as they were", arguments: vectorFaults)
    func preciseFault(_ row: VectorFaultCase) {
        EngineFixture.words(vectorFaults.map(\.text))
        let fixture = EngineFixture(vectors: [
            "add x5, x5, #1", row.text, "add x5, x5, #1",
        ])
        fixture.cpu.setX(1, row.base)
        fixture.cpu.setX(2, 2)
        #expect(fixture.run(2) == .budget)
        let system = fixture.cpu.system
        #expect(system.elr_el1 == ram + 4)
        #expect(system.far_el1 == row.far)
        #expect(system.esr_el1 == 0x25 << 26 | 1 << 25 | (row.isWrite ? 1 << 6 : 0) | row.status)
        #expect(fixture.cpu.x(1) == row.base && fixture.cpu.x(5) == 1)
        #expect((0..<32).allSatisfy(fixture.isUntouched))
        #expect(fixture.load(data, as: UInt64.self) == 0 && fixture.load(data + 8, as: UInt64.self) == 0)
    }

    @Test("An access aligned to its elements, not to all of it, is allowed in Device memory", arguments: alignedVectors)
    func alignedElements(_ row: VectorFaultCase) {
        EngineFixture.words(alignedVectors.map(\.text))
        let fixture = EngineFixture(vectors: [row.text])
        for _ in 0..<2 {
            fixture.cpu.pc = ram
            fixture.cpu.setX(1, row.base)
            #expect(fixture.run(1) == .budget)
            #expect(fixture.cpu.pc == ram + 4)
        }
    }

    @Test(
        "With SCTLR_EL1.A set, a Q register must be aligned to 16 bytes in Normal memory too, and LD1 to its elements")
    func alignmentCheck() {
        let fixture = EngineFixture(vectors: [
            "ld1 {v0.2d, v1.2d}, [x1]", "ldr q0, [x1]",
        ])
        fixture.enableMMU()
        fixture.cpu.system.sctlr_el1 |= 2
        fixture.cpu.translationContextChanged()
        fixture.cpu.flushTranslations()
        fixture.cpu.setX(1, data + 8)
        fixture.run(2)
        #expect(fixture.cpu.system.elr_el1 == ram + 4)
        #expect(fixture.cpu.system.far_el1 == data + 8)
        #expect(fixture.cpu.system.esr_el1 & 0x3F == alignment)
    }

    @Test("The second page of an access may fault: with its address, and nothing done", arguments: [true, false])
    func secondPage(_ isKnown: Bool) {
        let fixture = EngineFixture(vectors: [
            "stp q0, q2, [x1]", "ld1 {v0.16b-v3.16b}, [x1], #64",
        ])
        fixture.enableMMU()
        if isKnown {
            // The first page is in the TLB.
            fixture.cpu.setX(1, page - 0x100)
            fixture.run(1)
            fixture.cpu.pc = ram
        }
        fixture.store(ram + 0x1F_2000 + 8 * 0x81, UInt64(0))
        fixture.cpu.setX(1, page - 24)
        fixture.run(1)
        #expect(fixture.cpu.system.elr_el1 == ram && fixture.cpu.system.far_el1 == page)
        #expect(fixture.cpu.system.esr_el1 & 0x7F == 1 << 6 | 0b000111)
        #expect(fixture.load(page - 24, as: UInt64.self) == 0)
        fixture.cpu.pc = ram + 4
        fixture.run(1)
        #expect(fixture.cpu.system.elr_el1 == ram + 4 && fixture.cpu.system.far_el1 == page)
        #expect(fixture.cpu.system.esr_el1 & 0x7F == 0b000111)
        #expect((0..<32).allSatisfy(fixture.isUntouched) && fixture.cpu.x(1) == page - 24)
    }

    @Test("A device sees a Q register as two accesses of eight bytes, and a structure element by element")
    func deviceAccesses() {
        let fixture = EngineFixture(vectors: [
            "ldr q0, [x1]", "str q2, [x1]", "str b2, [x1]",
            "st2 {v2.4h, v3.4h}, [x1]", "ld2r {v4.8h, v5.8h}, [x1], #4",
        ])
        fixture.cpu.setX(1, device)
        #expect(fixture.run(5) == .budget)
        let eight: UInt64 = 0x1122_3344_5566_7788
        #expect(fixture.cpu.v(0) == (eight, eight))
        #expect(fixture.cpu.v(5) == (0x7788_7788_7788_7788, 0x7788_7788_7788_7788))
        let pattern: UInt64 = 0x1212_1212_1212_1212
        var expected: [RecordingDevice.Access] = [
            .init(address: device, size: 8), .init(address: device + 8, size: 8),
            .init(address: device, size: 8, value: pattern), .init(address: device + 8, size: 8, value: pattern),
            .init(address: device, size: 1, value: 0x12),
        ]
        for lane: UInt64 in 0..<8 {
            expected.append(.init(address: device + 2 * lane, size: 2, value: lane % 2 == 0 ? 0x1212 : 0x1313))
        }
        expected += [.init(address: device, size: 2), .init(address: device + 2, size: 2)]
        #expect(fixture.device.accesses == expected)
    }

    @Test(
        "A watchpoint stops in front of an access that has a byte of it, the last one even", arguments: watchedVectors)
    func watchpoints(_ row: WatchedVector) {
        EngineFixture.words(watchedVectors.map(\.text))
        let fixture = EngineFixture(vectors: [row.text])
        fixture.enableMMU()
        let start = row.base &+ row.offset
        fixture.cpu.setX(1, row.base)
        fixture.cluster.setWatchpoints([Watchpoint(address: start + row.size - 1, length: 1, kinds: .read)])
        #expect(fixture.run(1) == .watchpoint(point: 0, address: start + row.size - 1))
        #expect(fixture.cpu.pc == ram && fixture.cpu.x(1) == row.base)
        #expect((0..<32).allSatisfy(fixture.isUntouched))
        fixture.cluster.setWatchpoints([
            Watchpoint(address: start - 1, length: 1, kinds: .read),
            Watchpoint(address: start + row.size, length: 1, kinds: .read),
        ])
        #expect(fixture.run(1) == .budget)
        #expect(fixture.cpu.pc == ram + 4)
    }

    @Test("A store of a Q register into its own block takes effect at once, and its base is written back")
    func codeChange() {
        // st1 {v0.16b}, [x1], #16 puts `add x5, x5, #1` four times after itself, in place of NOPs.
        let fixture = EngineFixture(vectors: [
            "st1 {v0.16b}, [x1], #16", "nop", "nop",
            "nop", "nop", "b #0",
        ])
        fixture.enableMMU()
        fixture.cpu.setV(0, (0x9100_04A5_9100_04A5, 0x9100_04A5_9100_04A5))
        fixture.cpu.setX(1, data)
        fixture.run(6)
        fixture.cpu.pc = ram
        fixture.cpu.setX(1, ram + 4)
        #expect(fixture.run(6) == .budget)
        #expect(fixture.cpu.x(1) == ram + 20)
        #expect(fixture.cpu.x(5) == 4)
    }

    @Test("A misaligned SP faults as a base register, and after a post-index that misaligns it")
    func stackPointer() {
        let fixture = EngineFixture(vectors: [
            "ldr q0, [sp]", "ld1 {v0.16b}, [sp], x2",
            "st1 {v0.16b}, [sp], #16",
        ])
        fixture.cpu.sp = data
        fixture.cpu.setX(2, 8)
        fixture.run(3)
        #expect(fixture.cpu.system.esr_el1 == 0x26 << 26 | 1 << 25)
        #expect(fixture.cpu.system.elr_el1 == ram + 8)
        #expect(fixture.cpu.bankedSP(1) == data + 8)
    }

    @Test("Where CPACR_EL1.FPEN traps, a load or store does before it looks at its address", arguments: [0, 2, 1, 3])
    func trapped(_ fpen: UInt64) {
        let fixture = EngineFixture(vectors: [
            "msr cpacr_el1, x0", "ld1 {v0.16b-v3.16b}, [x1], #64",
        ])
        fixture.cpu.setX(0, fpen << 20)
        fixture.cpu.setX(1, nowhere)
        fixture.run(2)
        let isTrapped = fpen & 1 == 0
        #expect(fixture.cpu.system.esr_el1 >> 26 == (isTrapped ? 0x07 : 0x25))
        #expect(fixture.cpu.system.elr_el1 == ram + 4)
    }
}
