import AArch64
import Testing

import AArch64CPU

/// FEAT_PAuth, executed.
///
/// The algorithm is the CPU's own, so codes are looked at only for what the architecture says of
/// them: where they are, that they come off again, and what is left when they are wrong.
@Suite struct PointerAuthenticationTests {
    /// X1 signed or authenticated with X2 as the modifier: op, then whether it is data, key B, and the enable bit.
    struct Key: Sendable {
        var sign: UInt32
        var authenticate: UInt32
        var isData: Bool
        var errorCode: UInt64
        var enable: UInt64
    }

    static let keys = [
        Key(sign: 0xDAC1_0041, authenticate: 0xDAC1_1041, isData: false, errorCode: 0b01, enable: 1 << 31),
        Key(sign: 0xDAC1_0441, authenticate: 0xDAC1_1441, isData: false, errorCode: 0b10, enable: 1 << 30),
        Key(sign: 0xDAC1_0841, authenticate: 0xDAC1_1841, isData: true, errorCode: 0b01, enable: 1 << 27),
        Key(sign: 0xDAC1_0C41, authenticate: 0xDAC1_1C41, isData: true, errorCode: 0b10, enable: 1 << 13),
    ]
    static let pointers: [UInt64] = [0x12_3456_7890, 0xFFFF_FF80_1234_5678, 0, 0xFFFF_FFFF_FFFF_FFFF]
    static let allKeys: UInt64 = 1 << 31 | 1 << 30 | 1 << 27 | 1 << 13

    /// T0SZ and T1SZ 25: addresses of 39 bits; with or without TBI for both halves.
    private func fixture(topByteIgnored: Bool, enabled: UInt64 = allKeys) throws -> SystemFixture {
        var configuration = CPUConfiguration()
        configuration.model = .max
        let fixture = SystemFixture(configuration: configuration)
        fixture.enter(.el1h)
        try fixture.cpu.debuggerWrite(.tcr, 25 << 16 | 25 | (topByteIgnored ? 3 << 37 : 0))
        try fixture.cpu.debuggerWrite(.sctlr, fixture.cpu.system.sctlr_el1 | enabled)
        for crm in [UInt16(1), 2, 3] {
            for op2 in UInt16(0)..<4 where crm < 3 || op2 < 2 {
                try fixture.cpu.debuggerWrite(
                    SystemRegisterEncoding(3, 0, 2, crm, op2), 0x0123_4567_89AB_CDEF &* UInt64(crm * 4 + op2 + 1))
            }
        }
        return fixture
    }

    private func run(_ fixture: SystemFixture, _ words: UInt32...) {
        fixture.store(code: words)
        fixture.cluster.invalidateAllCode()
        fixture.cpu.pc = SystemFixture.code
        _ = fixture.cluster.run(0, budget: words.count)
    }

    @Test("What is signed authenticates, and a wrong modifier leaves the key's error code", arguments: 0..<4, pointers)
    func roundTrip(index: Int, pointer: UInt64) throws {
        let key = Self.keys[index]
        for topByteIgnored in [false, true] {
            let fixture = try fixture(topByteIgnored: topByteIgnored)
            fixture.cpu.setX(1, pointer)
            fixture.cpu.setX(2, 42)
            run(fixture, key.sign)
            let signed = fixture.cpu.x(1)
            #expect(signed & 0x7F_FFFF_FFFF == pointer & 0x7F_FFFF_FFFF)
            #expect(signed >> 55 & 1 == pointer >> 55 & 1)
            #expect(signed >> 39 != pointer >> 39, "no code where it belongs")
            if topByteIgnored { #expect(signed >> 56 == pointer >> 56) }
            run(fixture, key.authenticate)
            #expect(fixture.cpu.x(1) == pointer)
            fixture.cpu.setX(1, signed)
            fixture.cpu.setX(2, 43)
            run(fixture, key.authenticate)
            let place: UInt64 = topByteIgnored ? 53 : 61
            #expect(fixture.cpu.x(1) >> place & 3 == key.errorCode)
            #expect(fixture.cpu.x(1) & ~(3 << place) == pointer & ~(3 << place))
        }
    }

    @Test("A key that SCTLR_EL1 doesn't enable changes nothing", arguments: 0..<4)
    func disabled(index: Int) throws {
        let key = Self.keys[index]
        let fixture = try fixture(topByteIgnored: false, enabled: Self.allKeys & ~key.enable)
        fixture.cpu.setX(1, 0x1234)
        run(fixture, key.sign, key.authenticate)
        #expect(fixture.cpu.x(1) == 0x1234)
    }

    @Test("A pointer whose extension is wrong gets a code that doesn't authenticate")
    func corrupted() throws {
        let fixture = try fixture(topByteIgnored: false)
        fixture.cpu.setX(1, 0x0010_0012_3456_7890)
        run(fixture, Self.keys[0].sign, Self.keys[0].authenticate)
        #expect(fixture.cpu.x(1) >> 61 & 3 == 0b01)
    }

    @Test("XPACI, XPACD and XPACLRI take the code off")
    func strip() throws {
        let fixture = try fixture(topByteIgnored: false)
        for pointer in Self.pointers {
            fixture.cpu.setX(1, pointer)
            run(fixture, Self.keys[0].sign, 0xDAC1_43E1)  // XPACI X1
            #expect(fixture.cpu.x(1) == pointer)
            fixture.cpu.setX(1, pointer)
            run(fixture, Self.keys[2].sign, 0xDAC1_47E1)  // XPACD X1
            #expect(fixture.cpu.x(1) == pointer)
            fixture.cpu.setX(30, pointer)
            run(fixture, 0xD503_233F, 0xD503_20FF)  // PACIASP, XPACLRI
            #expect(fixture.cpu.x(30) == pointer)
        }
    }

    @Test("PACIASP and RETAA return, and a changed SP makes RETAA go astray")
    func returns() throws {
        let fixture = try fixture(topByteIgnored: false)
        fixture.cpu.sp = SystemFixture.ram + 0x8000
        fixture.cpu.setX(30, SystemFixture.code + 0x100)
        run(fixture, 0xD503_233F, 0xD65F_0BFF)  // PACIASP, RETAA
        #expect(fixture.cpu.pc == SystemFixture.code + 0x100)
        fixture.cpu.setX(30, SystemFixture.code + 0x100)
        run(fixture, 0xD503_233F, 0x9100_43FF, 0xD65F_0BFF)  // PACIASP, ADD SP, SP, #16, RETAA
        #expect(fixture.cpu.pc == (SystemFixture.code + 0x100) | 1 << 61)
    }

    @Test("BLRAA links, BRAAZ doesn't, LDRAA loads and writes back, ERETAA returns from an exception, PACGA codes")
    func others() throws {
        let fixture = try fixture(topByteIgnored: false)
        let target = SystemFixture.code + 0x200
        fixture.cpu.setX(1, target)
        fixture.cpu.setX(2, 7)
        run(fixture, 0xDAC1_0041, 0xD73F_0822)  // PACIA X1, X2; BLRAA X1, X2
        #expect(fixture.cpu.pc == target)
        #expect(fixture.cpu.x(30) == SystemFixture.code + 8)
        fixture.cpu.setX(1, target)
        run(fixture, 0xDAC1_23E1, 0xD61F_083F)  // PACIZA X1; BRAAZ X1
        #expect(fixture.cpu.pc == target)
        #expect(fixture.cpu.x(30) == SystemFixture.code + 8)
        fixture.store(target + 16, 0x1122_3344_5566_7788)
        fixture.cpu.setX(1, target)
        run(fixture, 0xDAC1_2BE1, 0xF820_2C23)  // PACDZA X1; LDRAA X3, [X1, #16]!
        #expect(fixture.cpu.x(3) == 0x1122_3344_5566_7788)
        #expect(fixture.cpu.x(1) == target + 16)
        fixture.cpu.setX(1, 1)
        run(fixture, 0x9AC2_3024)  // PACGA X4, X1, X2
        #expect(fixture.cpu.x(4) & 0xFFFF_FFFF == 0 && fixture.cpu.x(4) != 0)
        fixture.cpu.sp = 0x77770
        fixture.cpu.setX(30, target)
        run(fixture, 0xD503_233F)  // PACIASP
        fixture.cpu.system.elr_el1 = fixture.cpu.x(30)
        fixture.cpu.system.spsr_el1 = 0x3C5
        run(fixture, 0xD69F_0BFF)  // ERETAA
        #expect(fixture.cpu.pc == target)
    }

    @Test("The base model has none of it: the hints are NOPs, the rest is UNDEFINED")
    func base() {
        let fixture = SystemFixture()
        fixture.enter(.el1h)
        fixture.cpu.setX(30, 0x1234)
        run(fixture, 0xD503_233F)
        #expect(fixture.cpu.x(30) == 0x1234)
        run(fixture, 0xDAC1_0041)
        #expect(fixture.cpu.pc == SystemFixture.vectors + 0x200)
    }
}
