import GDBRemote
import TestSupport
import Testing

@Suite("Packet framing") struct PacketFramerTests {
    static let rows: [(String, [PacketFramer.Event])] = [
        ("+$OK#9a-", [.acknowledgment, .begin, .data(2..<4), .end, .negativeAcknowledgment]),
        ("$#00\u{3}", [.begin, .end, .interrupt]),
        ("$\u{3}#04", [.begin, .data(1..<2), .damaged]),
        // A packet that lost its end is void once the next one begins.
        ("$a$b#62", [.begin, .data(1..<2), .begin, .data(3..<4), .end]),
        // The byte in place of a checksum digit is not consumed.
        ("$a#\u{3}", [.begin, .data(1..<2), .damaged, .interrupt]),
        ("$a#6$b#62", [.begin, .data(1..<2), .damaged, .begin, .data(5..<6), .end]),
    ]

    @Test("each part of a packet is reported with its place in the bytes", arguments: rows)
    func parts(text: String, expected: [PacketFramer.Event]) {
        let bytes = Array(text.utf8)
        var framer = PacketFramer()
        var index = 0
        var events: [PacketFramer.Event] = []
        while let event = framer.next(in: bytes, from: &index) { events.append(event) }
        #expect(events == expected && index == bytes.count)
    }

    @Test("a search for Ctrl-C finds each one that decoding reports later, from any place and however bytes are cut")
    func fuzzLookahead() {
        fuzz("lookahead") { random in
            let stream = LinkFuzzTests.stream(&random)
            var link = PacketLink(maximumSize: random.pick([1, 8, 100]))
            // The stream is cut after an input, or anywhere.
            let received = Array(stream.prefix(random.below(stream.count + 1)))
            let inputCount = random.pick([random.below(10), Int.max])
            var decoded = 0
            var inputs = 0
            while inputs < inputCount, link.next(in: received, from: &decoded) != nil { inputs += 1 }
            let bytes = Array(stream[decoded...])

            var scanner = link.scanner
            var found: [Int] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + 1 + random.below(10))
                let piece = Array(bytes[start..<end])
                var index = 0
                while scanner.findInterrupt(in: piece, from: &index) { found.append(start + index) }
                start = end
            }

            var reported: [Int] = []
            var index = 0
            while let input = link.next(in: bytes, from: &index) {
                if input == .interrupt { reported.append(index) }
            }
            #expect(found == reported, random.comment)
        }
    }
}
