import Execution
import GDBRemote
import GDBStub
import TestSupport
import Testing

/// Requests that take longer than a moment: done in pieces, between which everything else is looked at.
@Suite struct LongRequestTests {
    /// A session over half a MiB of zeros, and what it sends.
    private func session() -> DebugSession {
        let target = FakeTarget(ramSize: 1 << 19)
        target.ram = [UInt8](repeating: 0, count: 1 << 19)
        var session = DebugSession(target: target, initialStop: StopEvent(.paused, vcpu: 0), version: "")
        session.receive(Client.frame(Array("QStartNoAckMode".utf8)))
        _ = session.takeOutput()
        return session
    }

    private func replies(_ bytes: [UInt8]) -> [String] {
        var decoder = PacketDecoder(undoesRuns: true)
        var index = 0
        var replies: [String] = []
        while let event = decoder.next(in: bytes, from: &index) {
            if case .packet(let data) = event { replies.append(Client.text(data)) }
        }
        return replies
    }

    private static let search = "qSearch:memory:40000000;80000;\u{1}"
    private static let checksum = "qCRC:40000000,80000"

    @Test(arguments: [search, checksum]) func aLongRequestIsDoneInPieces(packet: String) {
        var session = session()
        session.receive(Client.frame(Array(packet.utf8)))
        var pieces = 1
        while session.hasWork {
            #expect(session.takeOutput().isEmpty)
            session.continueWork()
            pieces += 1
        }
        #expect(pieces == 8)
        #expect(replies(session.takeOutput()).count == 1)
    }

    @Test(arguments: [search, checksum], [true, false]) func controlCEndsALongRequestWithAnError(
        packet: String, comesAtOnce: Bool
    ) {
        var session = session()
        session.receive(Client.frame(Array(packet.utf8)) + (comesAtOnce ? [3] : []))
        if !comesAtOnce {
            let isOpen = session.hasWork && session.takesInput
            #expect(isOpen)
            session.receive([3])
        }
        session.continueWork()
        #expect(replies(session.takeOutput()) == ["E04"])
        while session.hasWork { session.continueWork() }
        #expect(session.takeOutput().isEmpty && session.takeActions() == [])
        session.receive(Client.frame(Array("qC".utf8)))
        #expect(replies(session.takeOutput()) == ["QC1"])
    }

    @Test func onePacketIsHandledAtATime() {
        var session = session()
        session.receive(Array(repeatElement(Client.frame(Array("m40000000,1".utf8)), count: 100).joined()))
        for _ in 0..<99 {
            #expect(replies(session.takeOutput()) == ["00"])
            let hasWork = session.hasWork
            #expect(hasWork)
            session.continueWork()
        }
        #expect(replies(session.takeOutput()) == ["00"])
        let hasWork = session.hasWork
        #expect(!hasWork)
    }

    @Test func theEndOfTheInputEndsWhatTakesLongAndNothingElse() {
        var session = session()
        let packets = [Self.search, Self.checksum, "m40000000,1"]
        session.receive(packets.flatMap { Client.frame(Array($0.utf8)) })
        session.inputEnded()
        var pieces = 0
        while session.hasWork {
            session.continueWork()
            pieces += 1
        }
        #expect(replies(session.takeOutput()) == ["E04", "E04", "00"])
        #expect(pieces <= 5)
    }

    @Test func theMachineStaysHeldWhileALongRequestIsUnderWay() {
        var session = session()
        session.receive(Client.frame(Array("qRcmd,636f6e74".utf8)))
        #expect(session.takeActions().count == 1)
        session.receive(Client.frame(Array(Self.search.utf8)))
        #expect(session.takeActions() == [.interrupt])
        session.stopped(StopEvent(.paused, vcpu: 0))
        while session.hasWork {
            #expect(session.takeActions() == [])
            session.continueWork()
        }
        #expect(session.takeActions().count == 1)
        #expect(replies(session.takeOutput()).last == "0")
    }

    @Test("a repeated reply counts like any reply: a flood of - is answered as it is read")
    func repeatedReplies() {
        let target = FakeTarget(ramSize: 0x10000)
        target.ram = (0..<0x10000).map { UInt8(truncatingIfNeeded: $0 &* 167 ^ $0 >> 8) }
        var session = DebugSession(target: target, initialStop: StopEvent(.paused, vcpu: 0), version: "")
        session.receive(
            Client.frame(Array("m40000000,10000".utf8)) + [UInt8](repeating: UInt8(ascii: "-"), count: 2000))
        var sent = 0
        var largest = 0
        while true {
            let count = session.takeOutput().count
            largest = max(largest, count)
            sent += count
            guard session.hasWork else { break }
            session.continueWork()
        }
        #expect(largest < 1 << 18)
        #expect(sent > 2000 << 16)
    }

    @Test("a pattern is found where it is first, whatever it repeats and wherever reads end")
    func fuzzPatterns() {
        fuzz("search") { random in
            let letters = 1 + random.below(3)
            let target = FakeTarget(ramSize: 300)
            target.ram = (0..<300).map { _ in UInt8(random.below(letters + 1)) }
            let start = random.below(100)
            let count = random.below(300 - start)
            let pattern = (0..<(1 + random.below(12))).map { _ in UInt8(random.below(letters + 1)) }
            let range = target.ram[start..<(start + count)]
            let found = (start...max(start, start + count - pattern.count)).first { place in
                place + pattern.count <= start + count && Array(range[place..<(place + pattern.count)]) == pattern
            }
            let client = Client(target)
            let request = Array(
                "qSearch:memory:\(String(0x4000_0000 + start, radix: 16));\(String(count, radix: 16));".utf8)
            let replies = client.sendRaw(Client.frame(request + pattern))
            let expected = found.map { "1,\(String(0x4000_0000 + $0, radix: 16))" } ?? "0"
            #expect(replies == [expected], random.comment)
        }
    }
}

extension LongRequestTests {
    @Test(
        "Ctrl-C after more packets than are kept at other times ends a long request", arguments: [1, 20_000, 100_000])
    func interruptAfterManyPackets(count: Int) {
        var session = session()
        session.receive(Client.frame(Array(Self.checksum.utf8)))
        let bytes = Array(repeatElement(Client.frame(Array("qC".utf8)), count: count).joined()) + [3]
        var index = 0
        while index < bytes.count {
            let takesInput = session.takesInput
            #expect(takesInput)
            guard takesInput else { return }
            session.receive(Array(bytes[index..<min(index + 32_768, bytes.count)]))
            index += 32_768
        }
        session.continueWork()
        #expect(replies(session.takeOutput()) == ["E04"])
        var answers = 0
        while session.hasWork {
            session.continueWork()
            answers += replies(session.takeOutput()).count
        }
        #expect(answers == count && session.takeActions() == [])
    }

    @Test("Ctrl-C ends the long requests before it and none after it")
    func interruptBetweenRequests() {
        var session = session()
        let request = Client.frame(Array(Self.checksum.utf8))
        session.receive(request + request + [3] + request)
        var answers: [String] = []
        while session.hasWork {
            session.continueWork()
            answers += replies(session.takeOutput())
        }
        #expect(answers.count == 3 && answers.prefix(2) == ["E04", "E04"] && answers.last?.hasPrefix("C") == true)
    }

    @Test("input during a long request is kept up to a limit")
    func boundedInput() {
        var session = session()
        session.receive(Client.frame(Array(Self.checksum.utf8)))
        var kept = 0
        while session.takesInput, kept < 1 << 24 {
            session.receive(Array(repeatElement(Client.frame(Array("qC".utf8)), count: 4096).joined()))
            kept += 4096 * 6
        }
        #expect(kept >= 1 << 20 && kept < 1 << 21)
    }
}
