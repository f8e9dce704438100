import AArch64CPU
import Testing

/// One instruction on chosen operands: X1, X2 and X3 in, X0 and the flags out.
struct DataProcessingCase: Sendable, CustomStringConvertible {
    var text: String
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
        _ text: String, _ x1: UInt64 = 0, _ x2: UInt64 = 0, x3: UInt64 = 0, flags: UInt64 = 0,
        gives x0: UInt64, setting flagsAfter: UInt64? = nil
    ) {
        self.text = text
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
    Case("adds x0, x1, x2", ones, 1, gives: 0, setting: z | c),
    Case("adds x0, x1, x2", top - 1, 1, gives: top - 1 + 1, setting: n | v),
    Case("adds x0, x1, x2", top, top, gives: 0, setting: z | c | v),
    Case("adds w0, w1, w2", 0x1_FFFF_FFFF, 1, gives: 0, setting: z | c),
    Case("adds w0, w1, w2", 0x7FFF_FFFF, 1, gives: 0x8000_0000, setting: n | v),
    Case("subs x0, x1, x2", 0, 1, gives: ones, setting: n),
    Case("subs x0, x1, x2", 5, 5, gives: 0, setting: z | c),
    Case("subs x0, x1, x2", top, 1, gives: top - 1, setting: c | v),
    Case("subs w0, w1, w2", 0x8000_0000, 1, gives: 0x7FFF_FFFF, setting: c | v),
    Case("subs w0, w1, w2", 0, 0x1_0000_0000, gives: 0, setting: z | c),
    Case("adds x0, x1, #4095, lsl #12", 1, gives: 0xFFF001, setting: 0),
    Case("subs w0, w1, #1", 0, gives: 0xFFFF_FFFF, setting: n),
    Case("add x0, x1, x2, lsl #63", 1, 3, gives: top + 1),
    Case("sub x0, x1, x2, asr #63", 0, top, gives: 1),
    Case("add w0, w1, w2, lsr #31", 0, 0x8000_0000, gives: 1),
    Case("subs w0, w1, w2, lsl #31", 0, 1, gives: 0x8000_0000, setting: n | v),
    Case("add x0, x1, w2, sxtb #4", 0, 0x80, gives: ones - 0x7FF),
    Case("add x0, x1, w2, uxth #1", 0, 0xF_FFFF, gives: 0x1_FFFE),
    Case("add x0, x1, w2, sxtw #3", 0, 0xFFFF_FFFF, gives: ones - 7),
    Case("subs x0, x1, w2, uxtw", 0, ones, gives: 0 &- 0xFFFF_FFFF, setting: n),
    Case("adc x0, x1, x2", ones, 0, flags: c, gives: 0),
    Case("adcs x0, x1, x2", ones, 0, flags: c, gives: 0, setting: z | c),
    Case("adcs w0, w1, w2", 0x7FFF_FFFF, 0, flags: c, gives: 0x8000_0000, setting: n | v),
    Case("sbcs x0, x1, x2", 0, 0, flags: 0, gives: ones, setting: n),
    Case("sbcs x0, x1, x2", 0, 0, flags: c, gives: 0, setting: z | c),
    Case("sbc w0, w1, w2", 0, 0, flags: 0, gives: 0xFFFF_FFFF),
    Case("sbcs w0, w1, w2", 0x8000_0000, 0, flags: 0, gives: 0x7FFF_FFFF, setting: c | v),
]

private let logical = [
    Case("ands x0, x1, x2", top, top, flags: c | v, gives: top, setting: n),
    Case("ands w0, w1, w2", ones << 32, ones, gives: 0, setting: z),
    Case("bics x0, x1, x2", ones, ones, flags: c, gives: 0, setting: z),
    Case("ands w0, w1, #0x80000000", ones, gives: 0x8000_0000, setting: n),
    Case("orn w0, w1, w2", 0, 0xFFFF_FFFF, gives: 0),
    Case("orn w0, w1, w2", 0, 0, gives: 0xFFFF_FFFF),
    Case("eon x0, x1, x2, ror #1", 0, 1, gives: ~top),
    Case("eor w0, w1, w2, lsr #4", 0, 0xF_8000_0000, gives: 0x0800_0000),
    Case("orr x0, x1, x2, lsl #32", 1, 1, gives: 0x1_0000_0001),
    Case("orr w0, w1, w2, lsl #31", 0, 3, gives: 0x8000_0000),
    Case("bic w0, w1, w2, ror #31", 0xFF, 0x8000_0000, gives: 0xFE),
    Case("mvn w0, w1", 0, gives: 0xFFFF_FFFF),
    Case("orr w0, w1, #0x1", 0xFF_0000_0000, gives: 1),
    Case("eor x0, x1, #0xaaaaaaaaaaaaaaaa", ones, gives: 0x5555_5555_5555_5555),
]

private let shiftsAndFields = [
    Case("lsl x0, x1, #63", 3, gives: top),
    Case("lsr x0, x1, #63", top, gives: 1),
    Case("lsl w0, w1, #31", 3, gives: 0x8000_0000),
    Case("lsr w0, w1, #31", ones, gives: 1),
    Case("asr w0, w1, #31", 0x8000_0000, gives: 0xFFFF_FFFF),
    Case("asr x0, x1, #63", top, gives: ones),
    Case("ubfx x0, x1, #60, #4", 0xA000_0000_0000_0000, gives: 0xA),
    Case("ubfiz w0, w1, #28, #4", 0xFF, gives: 0xF000_0000),
    Case("sbfx x0, x1, #4, #4", 0x80, gives: ones - 7),
    Case("sbfiz w0, w1, #4, #4", 0x8, gives: 0xFFFF_FF80),
    Case("sbfiz x0, x1, #60, #4", 0xF, gives: 0xF000_0000_0000_0000),
    Case("sxtb w0, w1", 0x80, gives: 0xFFFF_FF80),
    Case("sxtw x0, w1", 0x8000_0000, gives: 0xFFFF_FFFF_8000_0000),
    Case("bfi w1, w2, #8, #8", 0xFFFF_FFFF, 0xAB, gives: 0),
    Case("extr x0, x1, x2, #0", ones, 7, gives: 7),
    Case("extr x0, x1, x2, #63", 1, top, gives: 3),
    Case("extr w0, w1, w2, #31", 1, 0x8000_0000, gives: 3),
    Case("extr w0, w1, w2, #0", 1, 5, gives: 5),
    Case("ror w0, w1, #1", 1, gives: 0x8000_0000),
    Case("lslv x0, x1, x2", 1, 64, gives: 1),
    Case("lsrv w0, w1, w2", 0x8000_0000, 63, gives: 1),
    Case("asrv w0, w1, w2", 0x8000_0000, 32, gives: 0x8000_0000),
    Case("rorv w0, w1, w2", 1, 33, gives: 0x8000_0000),
    Case("rorv x0, x1, x2", 1, 0, gives: 1),
]

private let multiplyAndDivide = [
    Case("udiv x0, x1, x2", 7, 0, gives: 0),
    Case("sdiv x0, x1, x2", top, ones, gives: top),
    Case("sdiv w0, w1, w2", 0x8000_0000, 0xFFFF_FFFF, gives: 0x8000_0000),
    Case("sdiv w0, w1, w2", 0xFFFF_FFF9, 2, gives: 0xFFFF_FFFD),
    Case("sdiv x0, x1, x2", 7, 0, gives: 0),
    Case("umulh x0, x1, x2", ones, ones, gives: ones - 1),
    Case("smulh x0, x1, x2", ones, ones, gives: 0),
    Case("smulh x0, x1, x2", top, 2, gives: ones),
    Case("madd w0, w1, w2, w3", 0xFFFF_FFFF, 2, x3: 1, gives: 0xFFFF_FFFF),
    Case("msub x0, x1, x2, x3", 3, 4, x3: 0, gives: 0 &- 12),
    Case("smaddl x0, w1, w2, x3", 0xFFFF_FFFF, 1, x3: 1, gives: 0),
    Case("umsubl x0, w1, w2, x3", 0xFFFF_FFFF, 0xFFFF_FFFF, x3: 0, gives: 0 &- 0xFFFF_FFFE_0000_0001),
]

private let bitsAndBytes = [
    Case("clz x0, x1", 0, gives: 64),
    Case("clz w0, w1", 1 << 32, gives: 32),
    Case("cls x0, x1", ones, gives: 63),
    Case("cls w0, w1", 0, gives: 31),
    Case("cls w0, w1", 0x4000_0000, gives: 0),
    Case("rbit x0, x1", 1, gives: top),
    Case("rbit w0, w1", 1, gives: 0x8000_0000),
    Case("rev x0, x1", 0x0102_0304_0506_0708, gives: 0x0807_0605_0403_0201),
    Case("rev w0, w1", 0xFF_0102_0304, gives: 0x0403_0201),
    Case("rev32 x0, x1", 0x0102_0304_0506_0708, gives: 0x0403_0201_0807_0605),
    Case("rev16 x0, x1", 0x0102_0304_0506_0708, gives: 0x0201_0403_0605_0807),
    Case("rev16 w0, w1", 0xFF_0102_0304, gives: 0x0201_0403),
    // The CRCs of "1" and "12345678", not inverted at the end.
    Case("crc32b w0, w1, w2", 0xFFFF_FFFF, 0x31, gives: 0x7C23_1048),
    Case("crc32x w0, w1, x2", 0xFFFF_FFFF, 0x3837_3635_3433_3231, gives: 0x651F_2550),
    Case("crc32cx w0, w1, x2", 0xFFFF_FFFF, 0x3837_3635_3433_3231, gives: 0x9F78_7F65),
]

private let conditional = [
    Case("csel x0, x1, x2, eq", 1, 2, flags: z, gives: 1),
    Case("csel w0, w1, w2, hi", 1, ones, flags: z | c, gives: 0xFFFF_FFFF),
    Case("csinc x0, x1, x2, lt", 1, ones, flags: 0, gives: 0),
    Case("csinv w0, w1, w2, gt", 1, 0, flags: n, gives: 0xFFFF_FFFF),
    Case("csneg x0, x1, x2, vs", 1, 5, flags: 0, gives: 0 &- 5),
    Case("cset x0, pl", flags: 0, gives: 1),
    Case("csel x0, x1, x2, al", 1, 2, flags: n | z | c | v, gives: 1),
    Case("csel x0, x1, x2, nv", 1, 2, flags: 0, gives: 1),
    Case("ccmp x1, x2, #5, ne", 1, 2, flags: z, gives: 0, setting: z | v),
    Case("ccmp x1, x2, #5, eq", 1, 2, flags: z, gives: 0, setting: n),
    Case("ccmp w1, #31, #0, al", 31, gives: 0, setting: z | c),
    Case("ccmn x1, #1, #0, cs", ones, flags: c, gives: 0, setting: z | c),
    Case("ccmn w1, w2, #15, mi", 1, 1, flags: 0, gives: 0, setting: n | z | c | v),
]

private let moves = [
    Case("movz x0, #0xffff, lsl #48", gives: 0xFFFF << 48),
    Case("movn w0, #0", gives: 0xFFFF_FFFF),
    Case("movn x0, #0xffff, lsl #16", gives: ~0xFFFF_0000),
    Case("movk x1, #1, lsl #32", gives: 0),
    Case("adr x0, #-4", gives: EngineFixture.ram - 4),
    Case("adrp x0, #0x1000", gives: EngineFixture.ram + 0x1000),
]

struct DataProcessingTests {
    @Test(
        "An instruction gives what the manual says, at the boundaries",
        arguments: [addSubtract, logical, shiftsAndFields, multiplyAndDivide, bitsAndBytes, conditional, moves].joined()
    )
    func executes(_ row: DataProcessingCase) {
        let fixture = EngineFixture([row.text])
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
            "bfi w1, w2, #8, #8", "bfxil x3, x2, #4, #4",
            "movk w4, #0x1234, lsl #16",
            "movz x5, #1", "movk x5, #2, lsl #16", "movk x5, #3, lsl #48",
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
            "add sp, sp, #16", "subs xzr, sp, #16", "add xzr, x1, x1",
            "mov x2, sp",
            "and sp, x1, #0xf0", "add x3, sp, xzr", "sub sp, sp, w1, uxtb",
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

    /// The conditions in the order of their encodings (Arm ARM, C1.2.4).
    private static let conditions = [
        "eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le",
    ]

    @Test("A condition decides a branch, whatever set the flags", arguments: 0..<14)
    func branches(_ condition: Int) {
        let branch = "b.\(Self.conditions[condition]) #8"
        let pairs: [(UInt64, UInt64)] = [
            (0, 0), (1, 0), (0, 1), (top, 1), (1, top), (ones, 1), (1, ones), (top - 1, ones),
        ]
        for (x1, x2) in pairs {
            for compare in [
                "cmp x1, x2", "cmp w1, w2", "cmn x1, x2",
                "tst x1, x2", "tst w1, w2",
            ] {
                let fixture = EngineFixture([compare, branch])
                fixture.cpu.setX(1, x1)
                fixture.cpu.setX(2, x2)
                fixture.run(2)
                // One instruction at a time, so that nothing is merged.
                let slow = EngineFixture([compare, branch])
                slow.cpu.setX(1, x1)
                slow.cpu.setX(2, x2)
                slow.run(1)
                let flags = slow.cpu.nzcv >> 28
                let holds = Self.holds(condition, flags)
                #expect(fixture.cpu.nzcv == slow.cpu.nzcv)
                slow.run(1)
                let target = EngineFixture.ram + (holds ? 12 : 8)
                #expect(fixture.cpu.pc == target, "\(compare) on \(x1), \(x2)")
                #expect(slow.cpu.pc == target, "\(compare) on \(x1), \(x2)")
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
