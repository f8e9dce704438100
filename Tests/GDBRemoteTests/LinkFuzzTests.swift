import GDBRemote
import TestSupport
import Testing

/// Random bytes through the decoder, the parser and the link.
@Suite struct LinkFuzzTests {
    /// Bytes that are likely to mean something.
    static func stream(_ random: inout SeededRandom) -> [UInt8] {
        let pieces = [
            "$", "#", "+", "-", "\u{3}", "}", "*", "*~", "#00", "$g#67", "$OK#9a", "$m0,4#8d", "vCont;c", ":-1", "p1.",
            "qXfer:features:read:", "qSupported:", ",", ";", "=", "ffffffffffffffffff", "xx", "G", "X0,5:", "Z0,",
        ].map { Array($0.utf8) }
        var bytes: [UInt8] = []
        for _ in 0..<random.below(60) {
            if random.chance(30) {
                bytes.append(UInt8(random.below(256)))
            } else if random.chance(20) {
                let data = random.pick(pieces) + random.pick(pieces) + random.pick(pieces)
                var sum: [UInt8] = []
                Hex.append([data.reduce(0, &+)], to: &sum)
                bytes += Array("$".utf8) + data + Array("#".utf8) + sum
            } else {
                bytes += random.pick(pieces)
            }
        }
        return bytes
    }

    @Test func anyBytesGiveTheSameEventsHoweverTheyAreCut() {
        fuzz("decoder") { random in
            let bytes = Self.stream(&random)
            let limit = random.pick([0, 1, 8, 100])
            let undoesRuns = random.chance(50)
            var whole = PacketDecoder(maximumSize: limit, undoesRuns: undoesRuns)
            var events: [PacketDecoder.Event] = []
            var index = 0
            while let event = whole.next(in: bytes, from: &index) { events.append(event) }
            #expect(index == bytes.count, random.comment)

            var cutUp = PacketDecoder(maximumSize: limit, undoesRuns: undoesRuns)
            var cutEvents: [PacketDecoder.Event] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + 1 + random.below(10))
                let piece = Array(bytes[start..<end])
                var index = 0
                while let event = cutUp.next(in: piece, from: &index) { cutEvents.append(event) }
                start = end
            }
            #expect(cutEvents == events, random.comment)
            for case .packet(let data) in events {
                #expect(data.count <= limit, random.comment)
                _ = Command(data)
            }
        }
    }

    @Test func anyPacketGivesACommand() {
        fuzz("parser") { random in
            for _ in 0..<100 {
                var data = Array(random.pick(CommandTests.known).0.utf8)
                for _ in 0..<random.below(4) where !data.isEmpty {
                    let place = random.below(data.count)
                    switch random.below(4) {
                    case 0: data[place] = UInt8(random.below(256))
                    case 1: data.insert(random.pick(Array(",;:=-.px0f?".utf8)), at: place)
                    case 2: data.remove(at: place)
                    default: data += data[place...]
                    }
                }
                _ = Command(data)
            }
        }
    }

    @Test func whatALinkSendsAClientReceives() {
        fuzz("link") { random in
            var sender = PacketLink()
            var receiver = PacketDecoder(undoesRuns: true)
            let acknowledges = random.chance(50)
            if !acknowledges { sender.stopAcknowledging() }
            for _ in 0..<5 {
                let data = PacketDataTests.data(upTo: 500, &random)
                sender.send(data)
                let bytes = sender.takeOutput()
                var index = 0
                #expect(receiver.next(in: bytes, from: &index) == .packet(data), random.comment)
                #expect(receiver.next(in: bytes, from: &index) == nil, random.comment)
                let signs = acknowledges ? Array("+".utf8) : []
                index = 0
                #expect(sender.next(in: signs, from: &index) == nil, random.comment)
                #expect(sender.output.isEmpty, random.comment)
            }
        }
    }
}
