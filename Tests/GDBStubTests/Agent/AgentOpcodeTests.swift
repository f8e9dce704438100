import GDBStub
import Testing

/// Every instruction of the bytecode, with the values the GDB manual's "Bytecode Descriptions" give.
@Suite struct AgentOpcodeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var opcode: AgentOpcode
        var code: String
        var value: UInt64

        init(_ opcode: AgentOpcode, _ code: String, _ value: UInt64) {
            self.opcode = opcode
            self.code = code
            self.value = value
        }

        var testDescription: String { "\(opcode) \(code)" }
    }

    private static func minus(_ value: UInt64) -> UInt64 { 0 &- value }

    /// Pushes -7.
    static let minus7 = "25 fffffffffffffff9"

    static let rows = [
        Row(.add, "22 05 22 03 02 27", 8),
        Row(.add, "25 ffffffffffffffff 22 01 02 27", 0),
        Row(.subtract, "22 05 22 03 03 27", 2),
        Row(.subtract, "22 03 22 05 03 27", minus(2)),
        Row(.multiply, "22 05 22 03 04 27", 15),
        Row(.multiply, "25 8000000000000001 22 02 04 27", 2),
        Row(.divideSigned, "\(minus7) 22 02 05 27", minus(3)),
        Row(.divideSigned, "25 8000000000000000 25 ffffffffffffffff 05 27", 1 << 63),
        Row(.divideUnsigned, "\(minus7) 22 02 06 27", 0x7fff_ffff_ffff_fffc),
        Row(.remainderSigned, "\(minus7) 22 02 07 27", minus(1)),
        Row(.remainderSigned, "25 8000000000000000 25 ffffffffffffffff 07 27", 0),
        Row(.remainderUnsigned, "\(minus7) 22 0a 08 27", 9),
        Row(.shiftLeft, "22 81 22 3c 09 27", 1 << 60),
        Row(.shiftLeft, "22 81 22 40 09 27", 0),
        Row(.shiftRightSigned, "\(minus7) 22 01 0a 27", minus(4)),
        Row(.shiftRightSigned, "\(minus7) 22 c8 0a 27", minus(1)),
        Row(.shiftRightUnsigned, "\(minus7) 22 3c 0b 27", 15),
        Row(.shiftRightUnsigned, "\(minus7) 22 40 0b 27", 0),
        Row(.trace, "22 09 23 4000 22 04 0c 27", 9),
        Row(.traceQuick, "22 09 0d 04 27", 9),
        Row(.logicalNot, "22 00 0e 27", 1),
        Row(.logicalNot, "22 07 0e 27", 0),
        Row(.bitAnd, "22 0c 22 0a 0f 27", 8),
        Row(.bitOr, "22 0c 22 0a 10 27", 14),
        Row(.bitXor, "22 0c 22 0a 11 27", 6),
        Row(.bitNot, "22 0c 12 27", minus(13)),
        Row(.equal, "22 05 22 05 13 27", 1),
        Row(.equal, "22 05 22 04 13 27", 0),
        Row(.lessSigned, "\(minus7) 22 02 14 27", 1),
        Row(.lessSigned, "22 02 22 02 14 27", 0),
        Row(.lessUnsigned, "\(minus7) 22 02 15 27", 0),
        Row(.lessUnsigned, "22 02 \(minus7) 15 27", 1),
        Row(.signExtend, "22 80 16 08 27", minus(128)),
        Row(.signExtend, "22 7f 16 08 27", 127),
        Row(.signExtend, "\(minus7) 16 40 27", minus(7)),
        Row(.signExtend, "\(minus7) 16 ff 27", minus(7)),
        // RAM holds 0x10, 0x11, 0x12 … from 0x40000010 on.
        Row(.reference8, "24 40000010 17 27", 0x10),
        Row(.reference16, "24 40000010 18 27", 0x1110),
        Row(.reference32, "24 40000010 19 27", 0x1312_1110),
        Row(.reference64, "24 40000010 1a 27", 0x1716_1514_1312_1110),
        Row(.ifGoto, "22 01 20 0008 22 05 27 22 06 27", 6),
        Row(.ifGoto, "22 00 20 0008 22 05 27 22 06 27", 5),
        Row(.goto, "21 0006 22 05 27 22 06 27", 6),
        // Counts down from 3: a jump back.
        Row(.goto, "22 03 22 01 03 28 20 000c 21 000f 21 0002 22 07 02 27", 7),
        Row(.constant8, "22 ff 27", 0xff),
        Row(.constant16, "23 fffe 27", 0xfffe),
        Row(.constant32, "24 fffefdfc 27", 0xfffe_fdfc),
        Row(.constant64, "25 0102030405060708 27", 0x0102_0304_0506_0708),
        // vCPU 1's registers have 1 in the upper half and their number in the lower; cpsr has 32 bits.
        Row(.register, "26 0005 27", 1 << 32 | 5),
        Row(.register, "26 0021 27", 33),
        Row(.end, "22 01 27 22 02 27", 1),
        Row(.duplicate, "22 05 28 04 27", 25),
        Row(.pop, "22 05 22 06 29 27", 5),
        Row(.zeroExtend, "\(minus7) 2a 10 27", 0xfff9),
        Row(.zeroExtend, "\(minus7) 2a 40 27", minus(7)),
        Row(.swap, "22 05 22 03 2b 03 27", minus(2)),
        Row(.getVariable, "2c 0007 27", 70),
        Row(.setVariable, "22 05 2d 0007 2c 0007 02 27", 10),
        Row(.traceVariable, "22 09 2e 0007 27", 9),
        Row(.traceString, "22 09 24 40000000 22 04 2f 27", 9),
        Row(.traceQuick16, "22 09 30 0100 27", 9),
        Row(.pick, "22 05 22 06 22 07 32 02 27", 5),
        Row(.pick, "22 05 32 00 02 27", 10),
        // a b c becomes c a b: 100c + 10a + b, from the top down.
        Row(.rotate, "22 01 22 02 22 03 33 2b 22 0a 04 02 2b 22 64 04 02 27", 312),
        // The argument, the channel, the function, one argument, "%d" with its zero.
        Row(.print, "22 09 22 05 22 00 22 00 34 01 0003 256400 27", 9),
    ]

    @Test(arguments: rows) func eachInstructionDoesWhatTheManualSays(row: Row) throws {
        let target = FakeTarget(hasAgent: true)
        let client = Client(target).connect()
        #expect(client.ask("QTDV:7:46:0:78") == "OK")
        let expression = try AgentExpression(Agent.bytes(row.code))
        #expect(try target.agent?.evaluate(expression, vcpu: 1, target: target).value == row.value)
    }

    @Test func noInstructionIsWithoutATest() {
        let tested = Set(Self.rows.map(\.opcode))
        #expect(AgentOpcode.allCases.filter { !tested.contains($0) } == [])
        for row in Self.rows { #expect(Agent.bytes(row.code).contains(row.opcode.rawValue), "\(row)") }
    }

    @Test func aShiftedSumOfManyTurnsEndsBeforeTheLimit() throws {
        // 1000 turns: 1000 0, then "n sum → n-1 sum+n" while n is not 0.
        let code = "23 03e8 22 00 32 01 02 2b 22 01 03 2b 32 01 20 0005 27"
        let target = FakeTarget(hasAgent: true)
        let expression = try AgentExpression(Agent.bytes(code))
        #expect(try target.agent?.evaluate(expression, vcpu: 0, target: target).value == 500_500)
    }
}

extension Agent {
    /// Bytes of hex digits with blanks between.
    static func bytes(_ text: String) -> [UInt8] {
        let digits = text.filter { $0 != " " }.compactMap { $0.hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
