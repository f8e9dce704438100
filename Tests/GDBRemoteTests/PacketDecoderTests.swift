import GDBRemote
import Testing

@Suite struct PacketDecoderTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var bytes: String
        var events: [PacketDecoder.Event]
        var testDescription: String { bytes.debugDescription }

        init(_ bytes: String, _ events: PacketDecoder.Event...) {
            self.bytes = bytes
            self.events = events
        }
    }

    static func packet(_ text: String) -> PacketDecoder.Event { .packet(Array(text.utf8)) }

    static let rows: [Row] = [
        Row(""),
        Row("$OK#9a", packet("OK")),
        Row("$OK#9A", packet("OK")),
        Row("$#00", packet("")),
        Row("+", .acknowledgement),
        Row("-", .negativeAcknowledgement),
        Row("\u{3}", .interrupt),
        Row("noise % : ;\n#9a$OK#9a", packet("OK")),
        Row("+$OK#9a-\u{3}$g#67", .acknowledgement, packet("OK"), .negativeAcknowledgement, .interrupt, packet("g")),
        // Checksums.
        Row("$OK#9b", .damaged),
        Row("$OK#zz", .damaged),
        Row("$OK#9z$g#67", .damaged, packet("g")),
        Row("$OK#$g#67", .damaged, packet("g")),
        Row("$OK#9\u{3}", .damaged, .interrupt),
        Row("$OK#+", .damaged, .acknowledgement),
        // A new packet before the old one's end.
        Row("$OK$g#67", packet("g")),
        Row("$$$g#67", packet("g")),
        // 0x03, + and - within a packet are data.
        Row("$\u{3}#03", packet("\u{3}")),
        Row("$X0,1:\u{3}#22", packet("X0,1:\u{3}")),
        Row("$+-#58", packet("+-")),
        // Escapes: the XOR makes every byte possible.
        Row("$}\u{3}#80", packet("#")),
        Row("$}]#da", packet("}")),
        Row("$}\n#87", packet("*")),
        Row("$}\u{4}#81", packet("$")),
        Row("$}}#fa", packet("]")),
        Row("$}*#a7", packet("\n")),
        Row("$}]]]]#f1", packet("}]]]")),
        Row("$a}#de", .undecodable),
        Row("$}#7d", .undecodable),
        // In requests there are no runs.
        Row("$0* #7a", packet("0* ")),
        Row("$X0,3:a*b#0e", packet("X0,3:a*b")),
        Row("$*#2a", packet("*")),
    ]

    /// Bytes that a stub sends, and the events they decode to.
    static let replyRows: [Row] = [
        Row("$0* #7a", packet("0000")),
        Row("$0*~#d8", packet(String(repeating: "0", count: 98))),
        Row("$a0*!b*\"c#ed", packet("a00000bbbbbbc")),
        Row("$}]]*!#82", packet("}]]]]]")),
        Row("$}]*!#25", .undecodable),
        Row("$* #4a", .undecodable),
        Row("$0*#5a", .undecodable),
        Row("$0*\u{1f}#79", .undecodable),
        Row("$0*\u{7f}#d9", .undecodable),
        Row("$0* * #c4", packet("0000000")),
    ]

    func events(_ bytes: [UInt8], cutAt cuts: [Int], ofReplies: Bool = false) -> [PacketDecoder.Event] {
        var decoder = PacketDecoder(maximumSize: 100, undoesRuns: ofReplies)
        var events: [PacketDecoder.Event] = []
        for (start, end) in zip([0] + cuts, cuts + [bytes.count]) {
            var index = 0
            let piece = Array(bytes[start..<end])
            while let event = decoder.next(in: piece, from: &index) { events.append(event) }
            #expect(index == piece.count)
        }
        return events
    }

    @Test(arguments: rows) func eachEventIsFoundHoweverTheBytesAreCut(row: Row) {
        let bytes = Array(row.bytes.utf8)
        #expect(events(bytes, cutAt: []) == row.events)
        for cut in 0...bytes.count {
            #expect(events(bytes, cutAt: [cut]) == row.events, "cut at \(cut)")
        }
        #expect(events(bytes, cutAt: Array(0..<bytes.count)) == row.events, "byte by byte")
    }

    @Test(arguments: replyRows) func aClientUndoesRunsHoweverTheBytesAreCut(row: Row) {
        let bytes = Array(row.bytes.utf8)
        for cut in 0...bytes.count {
            #expect(events(bytes, cutAt: [cut], ofReplies: true) == row.events, "cut at \(cut)")
        }
    }

    /// A packet of that many bytes, all of them `a`.
    func packet(size: Int) -> [UInt8] {
        let sum = UInt8(truncatingIfNeeded: size &* 0x61)
        let digits = (sum < 16 ? "0" : "") + String(sum, radix: 16)
        return Array("$".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: size) + Array("#\(digits)".utf8)
    }

    @Test func theLargestPacketIsTakenAndALargerOneDrained() {
        #expect(events(packet(size: 100), cutAt: []) == [.packet([UInt8](repeating: UInt8(ascii: "a"), count: 100))])
        for size in [101, 102, 100_000] {
            let bytes = packet(size: size) + Array("$OK#9a".utf8)
            #expect(events(bytes, cutAt: []) == [.oversized, Self.packet("OK")])
            #expect(events(bytes, cutAt: [1, 50, 51, 101, 102, 103]) == [.oversized, Self.packet("OK")])
        }
    }

    @Test func aLargePacketWithABadChecksumIsDamagedLikeAnyOther() {
        var bytes = packet(size: 101)
        bytes[bytes.count - 1] ^= 1
        #expect(events(bytes, cutAt: [60]) == [.damaged])
    }

    @Test func aRunThatWouldGrowBeyondTheLimitIsNotExpanded() {
        #expect(events(Array("$0*~*~#80".utf8), cutAt: [], ofReplies: true) == [.oversized])
    }

    @Test func packetSizeIsWhatThePacketMayHave() {
        var decoder = PacketDecoder()
        var index = 0
        let bytes = packet(size: packetSize)
        #expect(decoder.next(in: bytes, from: &index) == .packet(Array(bytes[1...packetSize])))
        index = 0
        #expect(decoder.next(in: packet(size: packetSize + 1), from: &index) == .oversized)
    }
}
