import GDBRemote
import GDBStub
import TestSupport
import Testing

@Suite("The queue of received bytes") struct InputQueueTests {
    @Test("packets come out in order, and the count is of bytes that have not been decoded")
    func order() {
        var queue = InputQueue()
        var link = PacketLink()
        queue.append(Client.frame(Array("qC".utf8)) + Client.frame(Array("?".utf8)) + [3])
        queue.decodeNext(&link)
        #expect(queue.count == 6)
        queue.decodeNext(&link)
        #expect(queue.count == 6, "one packet at a time is decoded in advance")
        #expect(queue.takeNext() == .command(Command(Array("qC".utf8))))
        #expect(queue.next == nil)
        queue.decodeNext(&link)
        #expect(queue.takeNext() == .command(Command(Array("?".utf8))))
        queue.decodeNext(&link)
        #expect(queue.takeNext() == .interrupt)
        queue.decodeNext(&link)
        #expect(queue.next == nil && queue.count == 0)
    }

    @Test("Ctrl-C is found from its arrival until it is handled, whatever arrives and is handled meanwhile")
    func fuzzInterrupts() {
        fuzz("input queue") { random in
            let packets = ["$g#67", "$X\u{3}#5b", "$m0,4#fd", "$\u{3}\u{3}#06"].map { Array($0.utf8) }
            let tokens = (0..<30).map { _ in random.chance(20) ? [3] : random.pick(packets) }
            let bytes = Array(tokens.joined())
            var ends: [Int] = []
            for token in tokens { ends.append((ends.last ?? 0) + token.count) }
            var queue = InputQueue()
            var link = PacketLink()
            var (received, handled) = (0, 0)
            while handled < tokens.count {
                if received < bytes.count, random.chance(50) {
                    let end = min(bytes.count, received + 1 + random.below(12))
                    queue.append(Array(bytes[received..<end]))
                    received = end
                } else if queue.takeNext() != nil {
                    handled += 1
                }
                queue.decodeNext(&link)
                guard random.chance(50) else { continue }
                let isExpected = tokens.indices.contains {
                    $0 >= handled && tokens[$0] == [3] && ends[$0] <= received
                }
                #expect(queue.hasInterrupt(link) == isExpected, random.comment)
            }
        }
    }
}

@Suite("Console text for the client") struct ConsoleTextTests {
    @Test("text that waits is kept up to the capacity, and taken once")
    func held() {
        var held = HeldConsoleText()
        held.append(Array("first\n".utf8))
        held.append([UInt8](repeating: UInt8(ascii: "x"), count: 2 * HeldConsoleText.capacity))
        held.append(Array("last\n".utf8))
        let text = held.take()
        #expect(text.count == HeldConsoleText.capacity && text.starts(with: Array("first\nx".utf8)))
        #expect(held.take().isEmpty)
    }

    @Test("text is cut at its lines where it has any, and nothing is lost")
    func fuzzParts() {
        fuzz("console parts") { random in
            let lineLength = random.pick([10, 1000, 10_000])
            let text = (0..<random.below(30_000)).map { _ in
                random.below(lineLength) == 0 ? UInt8(ascii: "\n") : UInt8(ascii: "x")
            }
            let parts = Array(ConsoleParts(text))
            #expect(Array(parts.joined()) == text, random.comment)
            for part in parts { #expect(!part.isEmpty && part.count <= ConsoleParts.longest, random.comment) }
            for part in parts.dropLast() where part.contains(UInt8(ascii: "\n")) {
                #expect(part.last == UInt8(ascii: "\n"), random.comment)
            }
        }
        #expect(Array(ConsoleParts([])).isEmpty)
    }
}
