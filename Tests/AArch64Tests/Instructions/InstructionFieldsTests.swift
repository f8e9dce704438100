import AArch64
import Testing

@Suite("Fields of an instruction word")
struct InstructionFieldsTests {
    @Test("A field is the bits from its lowest up")
    func fields() {
        let word: UInt32 = 0xD37B_E4A7
        #expect(word.field(0, 5) == 7)
        #expect(word.register(5) == 5)
        #expect(word.field(10, 6) == 0b111001)
        #expect(word.field(0, 26) == 0x037B_E4A7)
        #expect(word.bit(31) && !word.bit(29))
    }

    @Test(
        "A signed field has the sign of its top bit",
        arguments: [
            (0x17FF_FFFF, 0, 26, -1), (0x1600_0000, 0, 26, -0x200_0000), (0x1400_0001, 0, 26, 1),
            (0xF85F_F000, 12, 9, -1), (0xF850_0000, 12, 9, -256), (0xF84F_F000, 12, 9, 255),
            (0x0000_0020, 5, 1, -1), (0x8000_0000, 0, 32, -0x8000_0000),
        ] as [(UInt32, UInt32, UInt32, Int64)])
    func signedFields(_ word: UInt32, _ low: UInt32, _ width: UInt32, _ value: Int64) {
        #expect(word.signedField(low, width) == value)
    }

    @Test("Enumerations of a field have a case for each of its values, in order")
    func enumerations() {
        #expect((0..<16).map { Condition(UInt32($0) << 12, at: 12) } == Condition.allCases)
        #expect((0..<8).map { ExtendType(UInt32($0) << 13, at: 13) } == ExtendType.allCases)
        #expect((0..<4).map { ShiftType(UInt32($0) << 22, at: 22) } == ShiftType.allCases)
        #expect(Condition.allCases.map(\.rawValue) == Array(0..<16))
    }

    @Test("A condition with its low bit set is the opposite of the one without, but for NV")
    func conditions() {
        for flags in UInt32(0)..<16 {
            let (n, z, c, v) = (flags.bit(3), flags.bit(2), flags.bit(1), flags.bit(0))
            let expected = [z, c, n, v, c && !z, n == v, n == v && !z]
            for (pair, holds) in expected.enumerated() {
                #expect(Condition(UInt32(pair) * 2, at: 0).holds(n: n, z: z, c: c, v: v) == holds)
                #expect(Condition(UInt32(pair) * 2 + 1, at: 0).holds(n: n, z: z, c: c, v: v) == !holds)
            }
            #expect(Condition.al.holds(n: n, z: z, c: c, v: v) && Condition.nv.holds(n: n, z: z, c: c, v: v))
        }
    }

    @Test("Extensions take the low part and then shift")
    func extensions() {
        let value: UInt64 = 0x8182_8384_F5F6_F7F8
        let expected: [UInt64] = [
            0xF8, 0xF7F8, 0xF5F6_F7F8, value, 0xFFFF_FFFF_FFFF_FFF8, 0xFFFF_FFFF_FFFF_F7F8, 0xFFFF_FFFF_F5F6_F7F8,
            value,
        ]
        #expect(ExtendType.allCases.map { $0.apply(value, shift: 0) } == expected)
        #expect(ExtendType.allCases.map { $0.apply(value, shift: 4) } == expected.map { $0 << 4 })
    }

    @Test("Shifts are of the operand's size, and by zero change nothing")
    func shifts() {
        let wide: UInt64 = 0x8000_0000_0000_00F1
        let narrow: UInt32 = 0x8000_00F1
        #expect(ShiftType.allCases.map { $0.apply(wide, 0) } == [wide, wide, wide, wide])
        #expect(ShiftType.allCases.map { $0.apply(narrow, 0) } == [narrow, narrow, narrow, narrow])
        #expect(
            ShiftType.allCases.map { $0.apply(wide, 4) }
                == [0xF10, 0x0800_0000_0000_000F, 0xF800_0000_0000_000F, 0x1800_0000_0000_000F])
        #expect(ShiftType.allCases.map { $0.apply(narrow, 4) } == [0xF10, 0x0800_000F, 0xF800_000F, 0x1800_000F])
    }
}
