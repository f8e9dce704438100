import GDBStub
import Testing

/// printf on the target, as GDB's agent-style dprintf sends it.
@Suite struct AgentPrintTests {
    /// An expression that prints the format with the arguments, the first of which is pushed last.
    static func code(_ format: String, _ arguments: [UInt64]) -> [UInt8] {
        var code: [UInt8] = []
        for argument in arguments.reversed() {
            code.append(AgentOpcode.constant64.rawValue)
            code += (0..<8).reversed().map { UInt8(truncatingIfNeeded: argument >> (8 * $0)) }
        }
        code += Agent.bytes("22 00 22 00")
        let text = Array(format.utf8) + [0]
        code += [AgentOpcode.print.rawValue, UInt8(arguments.count), UInt8(text.count >> 8), UInt8(text.count & 0xff)]
        return code + text + [AgentOpcode.end.rawValue]
    }

    static let rows: [(format: String, arguments: [UInt64], text: String)] = [
        (#"plain\n"#, [], "plain\n"),
        (#"\t\a\b\f\v\r\e\\\"\'\?\101\60"#, [], "\t\u{7}\u{8}\u{c}\u{b}\r\u{1b}\\\"'?A0"),
        ("100%%", [], "100%"),
        ("%d %d", [1, 2], "1 2"),
        // An int has 32 bits, a long 64.
        ("%d", [0xffff_ffff], "-1"),
        ("%d", [0x1_0000_0005], "5"),
        ("%ld", [0xffff_ffff], "4294967295"),
        ("%lld %jd %zd %td", [1 << 40, 2, 3, 4], "1099511627776 2 3 4"),
        ("%ld", [1 << 63], "-9223372036854775808"),
        ("%hd %hhd", [0xffff, 0x80], "-1 -128"),
        ("%hu %hhx", [0x1_ffff, 0x1ff], "65535 ff"),
        ("%u", [0 &- 1], "4294967295"),
        ("%lu", [0 &- 1], "18446744073709551615"),
        ("%x %X %#x %#X %#x", [0xab, 0xab, 0xab, 0xab, 0], "ab AB 0xab 0XAB 0"),
        ("%o %#o %#o", [8, 8, 0], "10 010 0"),
        ("%lx", [0xffff_8000_8001_0000], "ffff800080010000"),
        ("%p", [0x4010_0000], "0x40100000"),
        ("%c%c", [65, 0x142], "AB"),
        ("[%5d|%-5d|%05d|%+d|% d]", [42, 42, 42, 42, 42], "[   42|42   |00042|+42| 42]"),
        ("[%05d|%-05d|%5.3d|%.0d]", [0 &- 42, 7, 7, 0], "[-0042|7    |  007|]"),
        ("[%#6x|%#06x]", [0x1f, 0x1f], "[  0x1f|0x001f]"),
        ("[%3c|%-3c]", [65, 66], "[  A|B  ]"),
        // RAM holds 0x10, 0x11 … and "ABCDEF…" from 0x41 on.
        ("[%.3s|%6.2s|%-4.1s]", [0x4000_0041, 0x4000_0042, 0x4000_0043], "[ABC|    BC|C   ]"),
        ("%.0s", [0], ""),
    ]

    @Test(arguments: rows.indices) func printsAsCDoes(index: Int) throws {
        let row = Self.rows[index]
        let target = FakeTarget(hasAgent: true)
        let expression = try AgentExpression(Self.code(row.format, row.arguments))
        let text = try #require(try target.agent?.evaluate(expression, vcpu: 0, target: target).text)
        #expect(Client.text(text) == row.text)
    }

    @Test func aStringEndsWithItsZeroOrWhereMemoryDoes() throws {
        let target = FakeTarget(hasAgent: true)
        target.ram.replaceSubrange(0x10..<0x16, with: Array("hello\0".utf8))
        let expression = try AgentExpression(Self.code("%s.", [0x4000_0010]))
        #expect(try target.agent?.evaluate(expression, vcpu: 0, target: target).text == Array("hello.".utf8))
        // One that never ends is cut.
        target.ram = Array(repeating: 0x41, count: 0x1000)
        #expect(try target.agent?.evaluate(expression, vcpu: 0, target: target).text.count == 1025)
    }

    static let bad = [
        "%", "%5", "%f", "%ls%", "%*d", "%n", "%y", #"\"#, #"\x41"#, "%99999d", "%.99999s", "%e", "%g", "%a",
    ]

    @Test(arguments: bad) func whatCannotBePrintedIsRefused(format: String) {
        #expect {
            _ = try AgentExpression(Self.code(format, [1, 2, 3]))
        } throws: { ($0 as? AgentError)?.code == .badFormat }
    }
}
