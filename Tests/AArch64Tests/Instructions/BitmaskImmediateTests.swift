import AArch64
import Testing

@Suite("Bitmask immediates")
struct BitmaskImmediateTests {
    /// An immediate from its definition: a run of ones, rotated right inside an element, repeated to 64 bits.
    static func immediate(size: Int, ones: Int, rotation: Int) -> UInt64 {
        var value: UInt64 = 0
        for bit in 0..<64 where (bit % size + rotation) % size < ones { value |= 1 << UInt64(bit) }
        return value
    }

    /// The fields that encode it: imms is a prefix that says the size, then the run's length less one.
    static func fields(size: Int, ones: Int, rotation: Int) -> (n: Bool, imms: UInt32, immr: UInt32) {
        let prefix = size == 64 ? 0 : ~UInt32(size * 2 - 1) & 0x3F
        return (size == 64, prefix | UInt32(ones - 1), UInt32(rotation))
    }

    @Test("All 5334 immediates of 64 bits decode, and nothing else does")
    func every64BitImmediate() {
        var expected: Set<UInt64> = []
        for size in [2, 4, 8, 16, 32, 64] {
            for ones in 1..<size {
                for rotation in 0..<size {
                    let (n, imms, immr) = Self.fields(size: size, ones: ones, rotation: rotation)
                    let value = Self.immediate(size: size, ones: ones, rotation: rotation)
                    #expect(BitmaskImmediate.value(n: n, imms: imms, immr: immr, is64Bit: true) == value)
                    expected.insert(value)
                }
            }
        }
        #expect(expected.count == 5334)
        var decoded: Set<UInt64> = []
        for fields in UInt32(0)..<1 << 13 {
            let value = BitmaskImmediate.value(
                n: fields.bit(12), imms: fields.field(0, 6), immr: fields.field(6, 6), is64Bit: true)
            if let value { decoded.insert(value) }
        }
        #expect(decoded == expected)
    }

    @Test("The 1302 immediates of 32 bits are those of 64 with elements of at most 32, cut in half")
    func every32BitImmediate() {
        var decoded: Set<UInt64> = []
        for fields in UInt32(0)..<1 << 13 {
            let (n, imms, immr) = (fields.bit(12), fields.field(0, 6), fields.field(6, 6))
            let value = BitmaskImmediate.value(n: n, imms: imms, immr: immr, is64Bit: false)
            if n {
                #expect(value == nil)
            } else {
                let wide = BitmaskImmediate.value(n: n, imms: imms, immr: immr, is64Bit: true)
                #expect(value == wide.map { $0 & 0xFFFF_FFFF })
            }
            if let value { decoded.insert(value) }
        }
        #expect(decoded.count == 1302)
    }

    @Test(
        "The immediate of a word is the one its assembler text names",
        arguments: [
            (0x9200_0000, 0x0000_0001_0000_0001),  // and x0, x0, #0x100000001
            (0x9240_0000, 0x0000_0000_0000_0001),  // and x0, x0, #1
            (0x9201_F000, 0xAAAA_AAAA_AAAA_AAAA),  // and x0, x0, #0xaaaaaaaaaaaaaaaa
            (0x1200_1C00, 0x0000_0000_0000_00FF),  // and w0, w0, #0xff
            (0x1201_0000, 0x0000_0000_8000_0000),  // and w0, w0, #0x80000000
            (0x927F_F800, 0xFFFF_FFFF_FFFF_FFFE),  // and x0, x0, #0xfffffffffffffffe
        ] as [(UInt32, UInt64)])
    func words(_ word: UInt32, _ immediate: UInt64) {
        #expect(decode(word, features: .integerBase) == .andImmediate)
        #expect(BitmaskImmediate.value(of: word) == immediate)
    }

    @Test("A bitfield move with the two masks does what its aliases do", arguments: [32, 64] as [UInt32])
    func bitfieldMasks(_ size: UInt32) {
        let source: UInt64 = 0xFEDC_BA98_7654_3211 & (size == 64 ? .max : 0xFFFF_FFFF)
        let register: UInt64 = size == 64 ? .max : 0xFFFF_FFFF
        for immr in 0..<size {
            for imms in 0..<size {
                let (wmask, tmask) = BitmaskImmediate.bitfieldMasks(imms: imms, immr: immr, is64Bit: size == 64)
                let rotated = (source >> UInt64(immr) | source << UInt64(size - immr)) & register
                // UBFX of imms - immr + 1 bits from immr, or UBFIZ of imms + 1 bits to size - immr.
                let width = UInt64(imms >= immr ? imms - immr + 1 : imms + 1)
                let ones: UInt64 = width == 64 ? .max : 1 << width - 1
                let expected =
                    imms >= immr ? source >> UInt64(immr) & ones : (source & ones) << UInt64(size - immr) & register
                #expect(rotated & wmask & tmask == expected, "immr \(immr), imms \(imms)")
                #expect(wmask & ~register == 0 && tmask & ~register == 0)
            }
        }
    }
}
