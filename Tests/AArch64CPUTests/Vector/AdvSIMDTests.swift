import AArch64CPU
import Testing

/// One instruction on chosen operands: V1, V2 and V0 in, V0 and FPSR.QC out.
struct AdvSIMDCase: Sendable, CustomStringConvertible {
    var text: String
    var v1: UInt128
    var v2: UInt128
    var v0: UInt128
    var result: UInt128
    var saturates: Bool

    var description: String { "\(text) on \(hexadecimal(v1)), \(hexadecimal(v2)), \(hexadecimal(v0))" }

    init(
        _ text: String, _ v1: UInt128 = 0, _ v2: UInt128 = 0, v0: UInt128 = 0, gives result: UInt128,
        saturates: Bool = false
    ) {
        self.text = text
        self.v1 = v1
        self.v2 = v2
        self.v0 = v0
        self.result = result
        self.saturates = saturates
    }
}

private func hexadecimal(_ value: UInt128) -> String { String(value, radix: 16) }

private let saturationBit: UInt64 = 1 << 27

@Suite("Advanced SIMD on integers")
struct AdvSIMDTests {
    static let cases =
        AdvSIMDCase.arithmetic + AdvSIMDCase.comparisons + AdvSIMDCase.saturatingArithmetic
        + AdvSIMDCase.pairsAndAcross + AdvSIMDCase.byElement + AdvSIMDCase.shiftsByRegister
        + AdvSIMDCase.shiftsByImmediate + AdvSIMDCase.wideningAndNarrowing + AdvSIMDCase.bitsAndBytes
        + AdvSIMDCase.permutes + AdvSIMDCase.copiesAndImmediates

    @Test("Instructions give the manual's result at the ends of the ranges", arguments: cases)
    func results(_ example: AdvSIMDCase) {
        EngineFixture.words(Self.cases.map(\.text))
        let fixture = VectorFixture()
        let result = fixture.result(example.text, example.v0, example.v1, example.v2)
        #expect(hexadecimal(result) == hexadecimal(example.result))
        #expect(fixture.cpu.fpsr == (example.saturates ? saturationBit : 0))
    }

    @Test("QC and the other cumulative bits stay set when nothing saturates")
    func cumulativeBitsStay() {
        let fixture = VectorFixture()
        fixture.cpu.fpsr = saturationBit | 0x9F
        #expect(fixture.result("sqadd v0.16b, v1.16b, v2.16b", 0, 1, 2) == 3)
        #expect(fixture.cpu.fpsr == saturationBit | 0x9F)
    }

    @Test("TBL continues at V0 after V31")
    func tableWrapsAround() {
        let fixture = VectorFixture()
        fixture[30] = 0x1E
        fixture[31] = 0x1F
        fixture[0] = 0x100
        fixture[1] = 0x101
        fixture[2] = 0x3130_2010_0000
        fixture.execute("tbl v3.8b, {v30.16b, v31.16b, v0.16b, v1.16b}, v2.8b")
        #expect(hexadecimal(fixture[3]) == "1e1e0101001f1e1e")
    }

    @Test("Elements move between vectors and general-purpose registers")
    func generalRegisters() {
        let fixture = VectorFixture()
        let cpu = fixture.cpu
        fixture[1] = 0x8899_AABB_CCDD_EEFF_0011_2233_4455_6680
        cpu.setX(1, 0xFEDC_BA98_7654_3210)
        let moves: [(String, UInt64)] = [
            ("umov w0, v1.b[15]", 0x88), ("umov w0, v1.h[4]", 0xEEFF),
            ("umov w0, v1.s[3]", 0x8899_AABB), ("umov x0, v1.d[1]", 0x8899_AABB_CCDD_EEFF),
            ("smov w0, v1.b[0]", 0xFFFF_FF80), ("smov x0, v1.b[0]", ~0x7F),
            ("smov w0, v1.h[5]", 0xFFFF_CCDD),
            ("smov x0, v1.s[3]", 0xFFFF_FFFF_8899_AABB),
        ]
        for (text, expected) in moves {
            cpu.setX(0, ~0)
            fixture.execute(text)
            #expect(cpu.x(0) == expected, "\(text)")
        }
        let vectors: [(String, UInt128)] = [
            ("dup v0.8h, w1", 0x3210_3210_3210_3210_3210_3210_3210_3210),
            ("dup v0.2s, w1", 0x7654_3210_7654_3210),
            ("dup v0.2d, xzr", 0),
            ("mov v0.b[14], w1", 0xFF10_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF),
            ("mov v0.d[0], x1", 0xFFFF_FFFF_FFFF_FFFF_FEDC_BA98_7654_3210),
        ]
        for (text, expected) in vectors {
            fixture[0] = ~0
            fixture.execute(text)
            #expect(hexadecimal(fixture[0]) == hexadecimal(expected), "\(text)")
        }
    }
}
