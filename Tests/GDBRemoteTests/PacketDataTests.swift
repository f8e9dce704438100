import GDBRemote
import TestSupport
import Testing

@Suite struct PacketDataTests {
    static func encoded(_ data: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        let sum = PacketData.append(encoded: data, to: &output)
        #expect(sum == output.reduce(0, &+))
        return output
    }

    @Test("without runs, only escapes differ from the data")
    func withoutRuns() {
        var output: [UInt8] = []
        let sum = PacketData.append(encoded: Array("PacketSize=20000;*".utf8), to: &output, encodesRuns: false)
        #expect(output == Array("PacketSize=20000;}\n".utf8) && sum == output.reduce(0, &+))
    }

    static let rows: [(String, String)] = [
        ("", ""),
        ("abc", "abc"),
        ("#$}*", "}\u{3}}\u{4}}]}\n"),
        ("000", "000"),
        ("0000", "0* "),
        ("00000", "0*!"),
        ("000000", "0*\""),
        // Counts 6 and 7 would be # and $.
        ("0000000", "0*\"0"),
        ("00000000", "0*\"00"),
        ("000000000", "0*%"),
        // 14 would be +, 16 would be -.
        (String(repeating: "0", count: 15), "0**0"),
        (String(repeating: "0", count: 16), "0*,"),
        (String(repeating: "0", count: 17), "0*,0"),
        (String(repeating: "0", count: 18), "0*."),
        (String(repeating: "0", count: 98), "0*~"),
        (String(repeating: "0", count: 99), "0*~0"),
        (String(repeating: "0", count: 103), "0*~0*!"),
        // Escaped bytes are no runs, and none begins with one.
        ("####", "}\u{3}}\u{3}}\u{3}}\u{3}"),
        ("}]]]]]", "}]]*!"),
    ]

    @Test(arguments: rows) func dataIsEncodedAsShortAsTheProtocolAllows(data: String, expected: String) {
        #expect(String(decoding: Self.encoded(Array(data.utf8)), as: UTF8.self) == expected)
    }

    @Test(arguments: 1...300) func runsOfEveryLengthComeBack(length: Int) {
        for byte in [0x30, 0x00, 0xff, UInt8(ascii: "}"), UInt8(ascii: "*"), UInt8(ascii: "+")] {
            let data = [UInt8](repeating: byte, count: length)
            let encoded = Self.encoded(data)
            #expect(PacketData.decoded(encoded, maximumSize: 1000, undoesRuns: true) == .success(data))
            #expect(Self.decodedLikeGDB(encoded) == data)
            #expect(Self.decodedLikeLLDB(encoded) == data)
        }
    }

    @Test(arguments: 0..<40) func whatIsNotSentAsItIsIsFoundWhereverItLies(position: Int) {
        // No byte of these needs an escape or repeats the one before.
        let plain = (0..<41).map { UInt8(0x80 + $0) }
        for start in 0...position {
            let (before, after) = (plain[start..<position], plain[(position + 1)...])
            for special in "#$}*".utf8 {
                // The next byte differs from it in the lowest bit only.
                let rest = [special ^ 1] + after.dropFirst()
                #expect(Self.encoded(before + [special] + rest) == before + [0x7d, special ^ 0x20] + rest)
            }
            let run = [UInt8](repeating: plain[position], count: 6)
            let short: [UInt8] = [plain[position], UInt8(ascii: "*"), 5 + 29]
            #expect(Self.encoded(before + run + after) == before + short + after)
        }
    }

    @Test("random data comes back for every client") func fuzzData() {
        fuzz("packet data") { random in
            let data = Self.data(upTo: 400, &random)
            let encoded = Self.encoded(data)
            #expect(PacketData.decoded(encoded, maximumSize: 1000, undoesRuns: true) == .success(data), random.comment)
            #expect(Self.decodedLikeGDB(encoded) == data, random.comment)
            #expect(Self.decodedLikeLLDB(encoded) == data, random.comment)
            #expect(!encoded.contains(UInt8(ascii: "#")) && !encoded.contains(UInt8(ascii: "$")), random.comment)
        }
    }

    /// Bytes with many runs and many that need an escape.
    static func data(upTo count: Int, _ random: inout SeededRandom) -> [UInt8] {
        var data: [UInt8] = []
        let count = random.below(count + 1)
        while data.count < count {
            let byte = random.chance(50) ? UInt8(random.below(256)) : random.pick(Array("#$}*]+-0\u{3}".utf8))
            let length = random.chance(33) ? 1 + random.below(120) : 1
            data += [UInt8](repeating: byte, count: min(length, count - data.count))
        }
        return data
    }

    @Test func aRunStopsAtTheLimit() {
        let data = Array("0*~*~*~".utf8)
        #expect(
            PacketData.decoded(data, maximumSize: 292, undoesRuns: true)
                == .success([UInt8](repeating: 0x30, count: 292)))
        #expect(PacketData.decoded(data, maximumSize: 291, undoesRuns: true) == .failure(.tooLong))
        let more = data + Array("12345".utf8)
        #expect(
            PacketData.decoded(more, maximumSize: 297, undoesRuns: true)
                == .success(Array(repeating: 0x30, count: 292) + more.suffix(5)))
        #expect(PacketData.decoded(more, maximumSize: 296, undoesRuns: true) == .failure(.tooLong))
    }

    @Test func inARequestAnAsteriskIsData() {
        for text in ["a*b", "*", "**~", "0*", "}]*!"] {
            let data = Array(text.utf8)
            let meant = text == "}]*!" ? Array("}*!".utf8) : data
            #expect(PacketData.decoded(data, maximumSize: 100) == .success(meant))
        }
    }

    /// First runs, then escapes.
    static func decodedLikeGDB(_ data: [UInt8]) -> [UInt8]? {
        var raw: [UInt8] = []
        var index = 0
        while index < data.count {
            if data[index] == UInt8(ascii: "*") {
                guard let last = raw.last, index + 1 < data.count else { return nil }
                let character = data[index + 1]
                guard (32...126).contains(character), !"#$+-".utf8.contains(character) else { return nil }
                raw += [UInt8](repeating: last, count: Int(character) - 29)
                index += 2
            } else {
                raw.append(data[index])
                index += 1
            }
        }
        var decoded: [UInt8] = []
        index = 0
        while index < raw.count {
            if raw[index] == UInt8(ascii: "}") {
                guard index + 1 < raw.count else { return nil }
                decoded.append(raw[index + 1] ^ 0x20)
                index += 2
            } else {
                decoded.append(raw[index])
                index += 1
            }
        }
        return decoded
    }

    /// Both at once: a run repeats the last byte as it was meant.
    static func decodedLikeLLDB(_ data: [UInt8]) -> [UInt8]? {
        var decoded: [UInt8] = []
        var index = 0
        while index < data.count {
            switch data[index] {
            case UInt8(ascii: "*"):
                guard let last = decoded.last, index + 1 < data.count else { return nil }
                decoded += [UInt8](repeating: last, count: Int(data[index + 1]) - 29)
                index += 2
            case UInt8(ascii: "}"):
                guard index + 1 < data.count else { return nil }
                decoded.append(data[index + 1] ^ 0x20)
                index += 2
            default:
                decoded.append(data[index])
                index += 1
            }
        }
        return decoded
    }
}
