import AArch64CPU
import Testing

/// One instruction on chosen operands: X1, X2 and X3 in, X0 and the flags out.
struct DataProcessingCase: Sendable, CustomStringConvertible {
    var text: String
    var word: UInt32
    var x1: UInt64 = 0
    var x2: UInt64 = 0
    var x3: UInt64 = 0
    /// N, Z, C, V as four bits, before.
    var flags: UInt64 = 0
    var x0: UInt64
    /// And after; nil where they must stay.
    var flagsAfter: UInt64?

    var description: String { "\(text) on \(String(x1, radix: 16)), \(String(x2, radix: 16))" }

    init(
        _ text: String, _ word: UInt32, _ x1: UInt64 = 0, _ x2: UInt64 = 0, x3: UInt64 = 0, flags: UInt64 = 0,
        gives x0: UInt64, setting flagsAfter: UInt64? = nil
    ) {
        self.text = text
        self.word = word
        self.x1 = x1
        self.x2 = x2
        self.x3 = x3
        self.flags = flags
        self.x0 = x0
        self.flagsAfter = flagsAfter
    }
}

private typealias Case = DataProcessingCase
private let ones = UInt64.max
private let top = UInt64(1) << 63
private let n: UInt64 = 8
private let z: UInt64 = 4
private let c: UInt64 = 2
private let v: UInt64 = 1

private let addSubtract = [
    Case("adds x0, x1, x2", 0xAB02_0020, ones, 1, gives: 0, setting: z | c),
    Case("adds x0, x1, x2", 0xAB02_0020, top - 1, 1, gives: top - 1 + 1, setting: n | v),
    Case("adds x0, x1, x2", 0xAB02_0020, top, top, gives: 0, setting: z | c | v),
    Case("adds w0, w1, w2", 0x2B02_0020, 0x1_FFFF_FFFF, 1, gives: 0, setting: z | c),
    Case("adds w0, w1, w2", 0x2B02_0020, 0x7FFF_FFFF, 1, gives: 0x8000_0000, setting: n | v),
    Case("subs x0, x1, x2", 0xEB02_0020, 0, 1, gives: ones, setting: n),
    Case("subs x0, x1, x2", 0xEB02_0020, 5, 5, gives: 0, setting: z | c),
    Case("subs x0, x1, x2", 0xEB02_0020, top, 1, gives: top - 1, setting: c | v),
    Case("subs w0, w1, w2", 0x6B02_0020, 0x8000_0000, 1, gives: 0x7FFF_FFFF, setting: c | v),
    Case("subs w0, w1, w2", 0x6B02_0020, 0, 0x1_0000_0000, gives: 0, setting: z | c),
    Case("adds x0, x1, #4095, lsl #12", 0xB17F_FC20, 1, gives: 0xFFF001, setting: 0),
    Case("subs w0, w1, #1", 0x7100_0420, 0, gives: 0xFFFF_FFFF, setting: n),
    Case("add x0, x1, x2, lsl #63", 0x8B02_FC20, 1, 3, gives: top + 1),
    Case("sub x0, x1, x2, asr #63", 0xCB82_FC20, 0, top, gives: 1),
    Case("add w0, w1, w2, lsr #31", 0x0B42_7C20, 0, 0x8000_0000, gives: 1),
    Case("subs w0, w1, w2, lsl #31", 0x6B02_7C20, 0, 1, gives: 0x8000_0000, setting: n | v),
    Case("add x0, x1, w2, sxtb #4", 0x8B22_9020, 0, 0x80, gives: ones - 0x7FF),
    Case("add x0, x1, w2, uxth #1", 0x8B22_2420, 0, 0xF_FFFF, gives: 0x1_FFFE),
    Case("add x0, x1, w2, sxtw #3", 0x8B22_CC20, 0, 0xFFFF_FFFF, gives: ones - 7),
    Case("subs x0, x1, w2, uxtw", 0xEB22_4020, 0, ones, gives: 0 &- 0xFFFF_FFFF, setting: n),
    Case("adc x0, x1, x2", 0x9A02_0020, ones, 0, flags: c, gives: 0),
    Case("adcs x0, x1, x2", 0xBA02_0020, ones, 0, flags: c, gives: 0, setting: z | c),
    Case("adcs w0, w1, w2", 0x3A02_0020, 0x7FFF_FFFF, 0, flags: c, gives: 0x8000_0000, setting: n | v),
    Case("sbcs x0, x1, x2", 0xFA02_0020, 0, 0, flags: 0, gives: ones, setting: n),
    Case("sbcs x0, x1, x2", 0xFA02_0020, 0, 0, flags: c, gives: 0, setting: z | c),
    Case("sbc w0, w1, w2", 0x5A02_0020, 0, 0, flags: 0, gives: 0xFFFF_FFFF),
    Case("sbcs w0, w1, w2", 0x7A02_0020, 0x8000_0000, 0, flags: 0, gives: 0x7FFF_FFFF, setting: c | v),
]

private let logical = [
    Case("ands x0, x1, x2", 0xEA02_0020, top, top, flags: c | v, gives: top, setting: n),
    Case("ands w0, w1, w2", 0x6A02_0020, ones << 32, ones, gives: 0, setting: z),
    Case("bics x0, x1, x2", 0xEA22_0020, ones, ones, flags: c, gives: 0, setting: z),
    Case("ands w0, w1, #0x80000000", 0x7201_0020, ones, gives: 0x8000_0000, setting: n),
    Case("orn w0, w1, w2", 0x2A22_0020, 0, 0xFFFF_FFFF, gives: 0),
    Case("orn w0, w1, w2", 0x2A22_0020, 0, 0, gives: 0xFFFF_FFFF),
    Case("eon x0, x1, x2, ror #1", 0xCAE2_0420, 0, 1, gives: ~top),
    Case("eor w0, w1, w2, lsr #4", 0x4A42_1020, 0, 0xF_8000_0000, gives: 0x0800_0000),
    Case("orr x0, x1, x2, lsl #32", 0xAA02_8020, 1, 1, gives: 0x1_0000_0001),
    Case("orr w0, w1, w2, lsl #31", 0x2A02_7C20, 0, 3, gives: 0x8000_0000),
    Case("bic w0, w1, w2, ror #31", 0x0AE2_7C20, 0xFF, 0x8000_0000, gives: 0xFE),
    Case("mvn w0, w1", 0x2A21_03E0, 0, gives: 0xFFFF_FFFF),
    Case("orr w0, w1, #0x1", 0x3200_0020, 0xFF_0000_0000, gives: 1),
    Case("eor x0, x1, #0xaaaaaaaaaaaaaaaa", 0xD201_F020, ones, gives: 0x5555_5555_5555_5555),
]

private let shiftsAndFields = [
    Case("lsl x0, x1, #63", 0xD341_0020, 3, gives: top),
    Case("lsr x0, x1, #63", 0xD37F_FC20, top, gives: 1),
    Case("lsl w0, w1, #31", 0x5301_0020, 3, gives: 0x8000_0000),
    Case("lsr w0, w1, #31", 0x531F_7C20, ones, gives: 1),
    Case("asr w0, w1, #31", 0x131F_7C20, 0x8000_0000, gives: 0xFFFF_FFFF),
    Case("asr x0, x1, #63", 0x937F_FC20, top, gives: ones),
    Case("ubfx x0, x1, #60, #4", 0xD37C_FC20, 0xA000_0000_0000_0000, gives: 0xA),
    Case("ubfiz w0, w1, #28, #4", 0x5304_0C20, 0xFF, gives: 0xF000_0000),
    Case("sbfx x0, x1, #4, #4", 0x9344_1C20, 0x80, gives: ones - 7),
    Case("sbfiz w0, w1, #4, #4", 0x131C_0C20, 0x8, gives: 0xFFFF_FF80),
    Case("sbfiz x0, x1, #60, #4", 0x9344_0C20, 0xF, gives: 0xF000_0000_0000_0000),
    Case("sxtb w0, w1", 0x1300_1C20, 0x80, gives: 0xFFFF_FF80),
    Case("sxtw x0, w1", 0x9340_7C20, 0x8000_0000, gives: 0xFFFF_FFFF_8000_0000),
    Case("bfi w1, w2, #8, #8", 0x3318_1C41, 0xFFFF_FFFF, 0xAB, gives: 0),
    Case("extr x0, x1, x2, #0", 0x93C2_0020, ones, 7, gives: 7),
    Case("extr x0, x1, x2, #63", 0x93C2_FC20, 1, top, gives: 3),
    Case("extr w0, w1, w2, #31", 0x1382_7C20, 1, 0x8000_0000, gives: 3),
    Case("extr w0, w1, w2, #0", 0x1382_0020, 1, 5, gives: 5),
    Case("ror w0, w1, #1", 0x1381_0420, 1, gives: 0x8000_0000),
    Case("lslv x0, x1, x2", 0x9AC2_2020, 1, 64, gives: 1),
    Case("lsrv w0, w1, w2", 0x1AC2_2420, 0x8000_0000, 63, gives: 1),
    Case("asrv w0, w1, w2", 0x1AC2_2820, 0x8000_0000, 32, gives: 0x8000_0000),
    Case("rorv w0, w1, w2", 0x1AC2_2C20, 1, 33, gives: 0x8000_0000),
    Case("rorv x0, x1, x2", 0x9AC2_2C20, 1, 0, gives: 1),
]

private let multiplyAndDivide = [
    Case("udiv x0, x1, x2", 0x9AC2_0820, 7, 0, gives: 0),
    Case("sdiv x0, x1, x2", 0x9AC2_0C20, top, ones, gives: top),
    Case("sdiv w0, w1, w2", 0x1AC2_0C20, 0x8000_0000, 0xFFFF_FFFF, gives: 0x8000_0000),
    Case("sdiv w0, w1, w2", 0x1AC2_0C20, 0xFFFF_FFF9, 2, gives: 0xFFFF_FFFD),
    Case("sdiv x0, x1, x2", 0x9AC2_0C20, 7, 0, gives: 0),
    Case("umulh x0, x1, x2", 0x9BC2_7C20, ones, ones, gives: ones - 1),
    Case("smulh x0, x1, x2", 0x9B42_7C20, ones, ones, gives: 0),
    Case("smulh x0, x1, x2", 0x9B42_7C20, top, 2, gives: ones),
    Case("madd w0, w1, w2, w3", 0x1B02_0C20, 0xFFFF_FFFF, 2, x3: 1, gives: 0xFFFF_FFFF),
    Case("msub x0, x1, x2, x3", 0x9B02_8C20, 3, 4, x3: 0, gives: 0 &- 12),
    Case("smaddl x0, w1, w2, x3", 0x9B22_0C20, 0xFFFF_FFFF, 1, x3: 1, gives: 0),
    Case("umsubl x0, w1, w2, x3", 0x9BA2_8C20, 0xFFFF_FFFF, 0xFFFF_FFFF, x3: 0, gives: 0 &- 0xFFFF_FFFE_0000_0001),
]

private let bitsAndBytes = [
    Case("clz x0, x1", 0xDAC0_1020, 0, gives: 64),
    Case("clz w0, w1", 0x5AC0_1020, 1 << 32, gives: 32),
    Case("cls x0, x1", 0xDAC0_1420, ones, gives: 63),
    Case("cls w0, w1", 0x5AC0_1420, 0, gives: 31),
    Case("cls w0, w1", 0x5AC0_1420, 0x4000_0000, gives: 0),
    Case("rbit x0, x1", 0xDAC0_0020, 1, gives: top),
    Case("rbit w0, w1", 0x5AC0_0020, 1, gives: 0x8000_0000),
    Case("rev x0, x1", 0xDAC0_0C20, 0x0102_0304_0506_0708, gives: 0x0807_0605_0403_0201),
    Case("rev w0, w1", 0x5AC0_0820, 0xFF_0102_0304, gives: 0x0403_0201),
    Case("rev32 x0, x1", 0xDAC0_0820, 0x0102_0304_0506_0708, gives: 0x0403_0201_0807_0605),
    Case("rev16 x0, x1", 0xDAC0_0420, 0x0102_0304_0506_0708, gives: 0x0201_0403_0605_0807),
    Case("rev16 w0, w1", 0x5AC0_0420, 0xFF_0102_0304, gives: 0x0201_0403),
    // The CRCs of "1" and "12345678", not inverted at the end.
    Case("crc32b w0, w1, w2", 0x1AC2_4020, 0xFFFF_FFFF, 0x31, gives: 0x7C23_1048),
    Case("crc32x w0, w1, x2", 0x9AC2_4C20, 0xFFFF_FFFF, 0x3837_3635_3433_3231, gives: 0x651F_2550),
    Case("crc32cx w0, w1, x2", 0x9AC2_5C20, 0xFFFF_FFFF, 0x3837_3635_3433_3231, gives: 0x9F78_7F65),
]

private let conditional = [
    Case("csel x0, x1, x2, eq", 0x9A82_0020, 1, 2, flags: z, gives: 1),
    Case("csel w0, w1, w2, hi", 0x1A82_8020, 1, ones, flags: z | c, gives: 0xFFFF_FFFF),
    Case("csinc x0, x1, x2, lt", 0x9A82_B420, 1, ones, flags: 0, gives: 0),
    Case("csinv w0, w1, w2, gt", 0x5A82_C020, 1, 0, flags: n, gives: 0xFFFF_FFFF),
    Case("csneg x0, x1, x2, vs", 0xDA82_6420, 1, 5, flags: 0, gives: 0 &- 5),
    Case("cset x0, pl", 0x9A9F_47E0, flags: 0, gives: 1),
    Case("csel x0, x1, x2, al", 0x9A82_E020, 1, 2, flags: n | z | c | v, gives: 1),
    Case("csel x0, x1, x2, nv", 0x9A82_F020, 1, 2, flags: 0, gives: 1),
    Case("ccmp x1, x2, #5, ne", 0xFA42_1025, 1, 2, flags: z, gives: 0, setting: z | v),
    Case("ccmp x1, x2, #5, eq", 0xFA42_0025, 1, 2, flags: z, gives: 0, setting: n),
    Case("ccmp w1, #31, #0, al", 0x7A5F_E820, 31, gives: 0, setting: z | c),
    Case("ccmn x1, #1, #0, cs", 0xBA41_2820, ones, flags: c, gives: 0, setting: z | c),
    Case("ccmn w1, w2, #15, mi", 0x3A42_402F, 1, 1, flags: 0, gives: 0, setting: n | z | c | v),
]

private let moves = [
    Case("movz x0, #0xffff, lsl #48", 0xD2FF_FFE0, gives: 0xFFFF << 48),
    Case("movn w0, #0", 0x1280_0000, gives: 0xFFFF_FFFF),
    Case("movn x0, #0xffff, lsl #16", 0x92BF_FFE0, gives: ~0xFFFF_0000),
    Case("movk x1, #1, lsl #32", 0xF2C0_0021, gives: 0),
    Case("adr x0, #-4", 0x10FF_FFE0, gives: EngineFixture.ram - 4),
    Case("adrp x0, #0x1000", 0xB000_0000, gives: EngineFixture.ram + 0x1000),
]

struct DataProcessingTests {
    @Test(
        "An instruction gives what the manual says, at the boundaries",
        arguments: [addSubtract, logical, shiftsAndFields, multiplyAndDivide, bitsAndBytes, conditional, moves].joined()
    )
    func executes(_ row: DataProcessingCase) {
        let fixture = EngineFixture([(row.text, row.word)])
        fixture.cpu.setX(1, row.x1)
        fixture.cpu.setX(2, row.x2)
        fixture.cpu.setX(3, row.x3)
        fixture.cpu.nzcv = row.flags << 28
        #expect(fixture.run(1) == .budget)
        #expect(fixture.cpu.pc == EngineFixture.ram + 4)
        #expect(fixture.cpu.x(0) == row.x0)
        #expect(fixture.cpu.nzcv >> 28 == row.flagsAfter ?? row.flags)
    }

    @Test("Bits outside an inserted field stay")
    func inserts() {
        let fixture = EngineFixture([
            ("bfi w1, w2, #8, #8", 0x3318_1C41), ("bfxil x3, x2, #4, #4", 0xB344_1C43),
            ("movk w4, #0x1234, lsl #16", 0x72A2_4684),
            ("movz x5, #1", 0xD280_0025), ("movk x5, #2, lsl #16", 0xF2A0_0045), ("movk x5, #3, lsl #48", 0xF2E0_0065),
        ])
        fixture.cpu.setX(1, ones)
        fixture.cpu.setX(2, 0xAB)
        fixture.cpu.setX(3, ones)
        fixture.cpu.setX(4, ones)
        fixture.run(6)
        #expect(fixture.cpu.x(1) == 0xFFFF_ABFF)
        #expect(fixture.cpu.x(3) == 0xFFFF_FFFF_FFFF_FFFA)
        #expect(fixture.cpu.x(4) == 0x1234_FFFF)
        #expect(fixture.cpu.x(5) == 0x0003_0000_0002_0001)
    }

    @Test("Register 31 is XZR or SP as the instruction says")
    func register31() {
        let fixture = EngineFixture([
            ("add sp, sp, #16", 0x9100_43FF), ("subs xzr, sp, #16", 0xF100_43FF), ("add xzr, x1, x1", 0x8B01_003F),
            ("mov x2, sp", 0x9100_03E2),
            ("and sp, x1, #0xf0", 0x927C_0C3F), ("add x3, sp, xzr", 0x8B3F_63E3), ("sub sp, sp, w1, uxtb", 0xCB21_03FF),
        ])
        fixture.cpu.sp = 0
        fixture.cpu.setX(1, 0x1F1)
        fixture.run(2)
        #expect(fixture.cpu.nzcv >> 28 == z | c)
        fixture.run(5)
        #expect(fixture.cpu.x(2) == 16)
        #expect(fixture.cpu.x(3) == 0xF0)
        #expect(fixture.cpu.sp == 0 &- 1)
        #expect(fixture.cpu.x(31) == 0)
    }

    @Test("A condition decides a branch, whatever set the flags", arguments: 0..<14)
    func branches(_ condition: Int) {
        // cmp x1, x2; b.cond +8, the condition's number in the word.
        let pairs: [(UInt64, UInt64)] = [
            (0, 0), (1, 0), (0, 1), (top, 1), (1, top), (ones, 1), (1, ones), (top - 1, ones),
        ]
        for (x1, x2) in pairs {
            for compare: Line in [
                ("cmp x1, x2", 0xEB02_003F), ("cmp w1, w2", 0x6B02_003F), ("cmn x1, x2", 0xAB02_003F),
                ("tst x1, x2", 0xEA02_003F), ("tst w1, w2", 0x6A02_003F),
            ] {
                let fixture = EngineFixture([compare, ("b.eq #8", 0x5400_0040 | UInt32(condition))])
                fixture.cpu.setX(1, x1)
                fixture.cpu.setX(2, x2)
                fixture.run(2)
                // The same, one instruction at a time, so that nothing is merged.
                let slow = EngineFixture([compare, ("b.eq #8", 0x5400_0040 | UInt32(condition))])
                slow.cpu.setX(1, x1)
                slow.cpu.setX(2, x2)
                slow.run(1)
                let flags = slow.cpu.nzcv >> 28
                let holds = Self.holds(condition, flags)
                #expect(fixture.cpu.nzcv == slow.cpu.nzcv)
                slow.run(1)
                let target = EngineFixture.ram + (holds ? 12 : 8)
                #expect(fixture.cpu.pc == target, "\(compare.text) on \(x1), \(x2)")
                #expect(slow.cpu.pc == target, "\(compare.text) on \(x1), \(x2)")
            }
        }
    }

    /// ConditionHolds() as the manual has it, on flags in four bits.
    private static func holds(_ condition: Int, _ flags: UInt64) -> Bool {
        let (isN, isZ, isC, isV) = (flags & n != 0, flags & z != 0, flags & c != 0, flags & v != 0)
        let results = [isZ, isC, isN, isV, isC && !isZ, isN == isV, isN == isV && !isZ]
        return results[condition >> 1] != (condition & 1 == 1)
    }
}
