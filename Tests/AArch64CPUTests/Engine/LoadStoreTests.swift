import AArch64CPU
import Testing

private let data = EngineFixture.data
private let page = EngineFixture.data + 0x1000

/// A load, the bytes it finds, and what its register and base become.
struct LoadCase: Sendable, CustomStringConvertible {
    var text: String
    var base = data
    var x2: UInt64 = 0
    var x0: UInt64
    var baseAfter: UInt64?
    var description: String { "\(text) at \(String(base, radix: 16))" }

    init(
        _ text: String, base: UInt64 = data, x2: UInt64 = 0, gives x0: UInt64,
        moving baseAfter: UInt64? = nil
    ) {
        self.text = text
        self.base = base
        self.x2 = x2
        self.x0 = x0
        self.baseAfter = baseAfter
    }
}

/// Byte n of the data is 0x80 + n: all have the sign bit, and no two are alike.
private let loads = [
    LoadCase("ldrb w0, [x1, #1]", gives: 0x81),
    LoadCase("ldrh w0, [x1, #2]", gives: 0x8382),
    LoadCase("ldr w0, [x1, #4]", gives: 0x8786_8584),
    LoadCase("ldr x0, [x1, #8]", gives: 0x8F8E_8D8C_8B8A_8988),
    LoadCase("ldrsb w0, [x1]", gives: 0xFFFF_FF80),
    LoadCase("ldrsb x0, [x1]", gives: 0xFFFF_FFFF_FFFF_FF80),
    LoadCase("ldrsh w0, [x1]", gives: 0xFFFF_8180),
    LoadCase("ldrsh x0, [x1]", gives: 0xFFFF_FFFF_FFFF_8180),
    LoadCase("ldrsw x0, [x1]", gives: 0xFFFF_FFFF_8382_8180),
    LoadCase("ldur x0, [x1, #-8]", base: data + 9, gives: 0x8887_8685_8483_8281),
    LoadCase("ldr w0, [x1], #-4", gives: 0x8382_8180, moving: data - 4),
    LoadCase("ldr x0, [x1, #8]!", gives: 0x8F8E_8D8C_8B8A_8988, moving: data + 8),
    LoadCase("ldrsb w0, [x1, #-1]!", base: data + 2, gives: 0xFFFF_FF81, moving: data + 1),
    LoadCase("ldr x0, [x1, x2]", x2: 0 &- 8, gives: 0).at(data + 8, gives: 0x8786_8584_8382_8180),
    LoadCase("ldr w0, [x1, x2, lsl #2]", x2: 2, gives: 0x8B8A_8988),
    LoadCase("ldr w0, [x1, w2, uxtw #2]", x2: 0xFF_0000_0001, gives: 0x8786_8584),
    LoadCase("ldrh w0, [x1, w2, sxtw #1]", x2: 0xFFFF_FFFF, gives: 0).at(data + 4, gives: 0x8382),
    LoadCase("ldar x0, [x1]", gives: 0x8786_8584_8382_8180),
    LoadCase("ldr x0, [x1]", base: page - 4, gives: 0x0000_0000_FFFF_FFFF),
    LoadCase("ldrh w0, [x1]", base: page - 1, gives: 0x00FF),
]

extension LoadCase {
    func at(_ base: UInt64, gives x0: UInt64) -> LoadCase {
        var copy = self
        copy.base = base
        copy.x0 = x0
        return copy
    }
}

struct LoadStoreTests {
    private func fixture(_ code: [String]) -> EngineFixture {
        let fixture = EngineFixture(code)
        fixture.enableMMU()
        for byte in 0..<16 { fixture.store(data + UInt64(byte), UInt8(0x80 + byte)) }
        fixture.store(page - 4, UInt32.max)
        return fixture
    }

    @Test("A load finds its bytes, by the slow path the first time and the fast one then", arguments: loads)
    func findsItsBytes(_ row: LoadCase) {
        EngineFixture.words(loads.map(\.text))
        let fixture = fixture([row.text])
        for _ in 0..<2 {
            fixture.cpu.pc = EngineFixture.ram
            fixture.cpu.setX(0, 0x5555)
            fixture.cpu.setX(1, row.base)
            fixture.cpu.setX(2, row.x2)
            #expect(fixture.run(1) == .budget)
            #expect(fixture.cpu.x(0) == row.x0)
            #expect(fixture.cpu.x(1) == row.baseAfter ?? row.base)
        }
    }

    @Test("A store writes its bytes and no others, across a page's end too")
    func stores() {
        let fixture = fixture([
            "strb w0, [x1]", "strh w0, [x1, #2]", "str w0, [x1, #4]",
            "str x0, [x1, #8]!",
            "str x0, [x2]", "stp x0, x3, [x4, #-16]!",
            "stp w0, w3, [x5], #8",
            "str x0, [x6, x7, lsl #3]", "stur w0, [x2, #-7]",
        ])
        for _ in 0..<2 {
            fixture.cpu.pc = EngineFixture.ram
            fixture.cpu.setX(0, 0x0807_0605_0403_0201)
            fixture.cpu.setX(1, data)
            fixture.cpu.setX(2, page - 3)
            fixture.cpu.setX(3, ones)
            fixture.cpu.setX(4, page + 0x1008)
            fixture.cpu.setX(5, data + 0x100)
            fixture.cpu.setX(6, data + 0x200)
            fixture.cpu.setX(7, 2)
            fixture.run(9)
            #expect(fixture.load(data) == 0x0403_0201_0201_8101 as UInt64)
            #expect(fixture.load(data + 8) == 0x0807_0605_0403_0201 as UInt64)
            #expect(fixture.cpu.x(1) == data + 8)
            #expect(fixture.load(page - 3) == 0x0807_0605_0403_0201 as UInt64)
            #expect(fixture.load(page + 0xFF8) == 0x0807_0605_0403_0201 as UInt64)
            #expect(fixture.load(page + 0x1000) == ones as UInt64)
            #expect(fixture.cpu.x(4) == page + 0xFF8)
            #expect(fixture.load(data + 0x100) == 0xFFFF_FFFF_0403_0201 as UInt64)
            #expect(fixture.cpu.x(5) == data + 0x108)
            #expect(fixture.load(data + 0x210) == 0x0807_0605_0403_0201 as UInt64)
            #expect(fixture.load(page - 10) == 0x0403_0201 as UInt32)
        }
    }

    private let ones = UInt64.max

    @Test("A pair is loaded whole, also when its first register is the base")
    func pairs() {
        let fixture = fixture([
            "ldp x1, x2, [x1]", "ldpsw x3, x4, [x5], #8",
            "ldp w6, w7, [x8, #8]",
            "ldp xzr, x9, [x10]",
        ])
        for register in [1, 5, 8] { fixture.cpu.setX(register, data) }
        fixture.cpu.setX(10, page - 12)
        fixture.run(4)
        #expect(fixture.cpu.x(1) == 0x8786_8584_8382_8180)
        #expect(fixture.cpu.x(2) == 0x8F8E_8D8C_8B8A_8988)
        #expect(fixture.cpu.x(3) == 0xFFFF_FFFF_8382_8180)
        #expect(fixture.cpu.x(4) == 0xFFFF_FFFF_8786_8584)
        #expect(fixture.cpu.x(5) == data + 8)
        #expect(fixture.cpu.x(6) == 0x8B8A_8988)
        #expect(fixture.cpu.x(7) == 0x8F8E_8D8C)
        #expect(fixture.cpu.x(9) == 0xFFFF_FFFF)
    }

    @Test("A device sees each access once, with its size")
    func device() {
        let fixture = EngineFixture([
            "ldrb w0, [x1]", "ldr x2, [x1, #8]", "strh w3, [x1, #2]",
            "stp w3, w4, [x1, #16]",
            "ldrsh x5, [x1, #4]",
        ])
        fixture.cpu.setX(1, RecordingDevice.base)
        fixture.cpu.setX(3, 0xFFFF_ABCD)
        fixture.run(5)
        #expect(fixture.cpu.x(0) == 0x88)
        #expect(fixture.cpu.x(2) == 0x1122_3344_5566_7788)
        #expect(fixture.cpu.x(5) == 0x7788)
        let base = RecordingDevice.base
        #expect(
            fixture.device.accesses == [
                .init(address: base, size: 1), .init(address: base + 8, size: 8),
                .init(address: base + 2, size: 2, value: 0xABCD),
                .init(address: base + 16, size: 4, value: 0xFFFF_ABCD), .init(address: base + 20, size: 4, value: 0),
                .init(address: base + 4, size: 2),
            ])
    }
}
