import GDBRemote
import Testing

@Suite struct PacketLinkTests {
    /// Feeds bytes and returns what came out for the session.
    func receive(_ text: String, _ link: inout PacketLink) -> [PacketLink.Input] {
        var index = 0
        var inputs: [PacketLink.Input] = []
        let bytes = Array(text.utf8)
        while let input = link.next(in: bytes, from: &index) {
            if input == .resendRequest { link.resend() } else { inputs.append(input) }
        }
        return inputs
    }

    func output(_ link: inout PacketLink) -> String {
        String(decoding: link.takeOutput(), as: UTF8.self)
    }

    @Test func goodPacketsAreAcknowledgedAndDamagedOnesAskedForAgain() {
        var link = PacketLink()
        #expect(receive("$g#67$g#68$g#67", &link) == [.packet([0x67]), .packet([0x67])])
        #expect(output(&link) == "+-+")
        #expect(output(&link) == "")
    }

    @Test func aReplyIsSentAgainUntilItIsAcknowledged() {
        var link = PacketLink()
        link.send(Array("OK".utf8))
        #expect(receive("--+-", &link) == [])
        #expect(output(&link) == "$OK#9a$OK#9a$OK#9a")
    }

    @Test func signsBelongToThePacketsInTheirOrder() {
        var link = PacketLink()
        for text in ["1", "2", "3"] { link.send(Array(text.utf8)) }
        _ = link.takeOutput()
        // The first arrived, the second did not, the third did; then the second does too.
        #expect(receive("+-++", &link) == [])
        #expect(output(&link) == "$2#32")
        #expect(receive("-", &link) == [])
        #expect(output(&link) == "")
    }

    @Test func aSignWithoutAPacketMeansNothing() {
        var link = PacketLink()
        #expect(receive("-+-+--", &link) == [])
        #expect(output(&link) == "")
    }

    @Test func aClientThatNeverAcknowledgesMakesNothingGrow() {
        var link = PacketLink()
        for _ in 0..<1000 { link.send(Array("OK".utf8)) }
        _ = link.takeOutput()
        #expect(receive(String(repeating: "-", count: 16), &link) == [])
        #expect(link.output.count == 16 * 6)
        #expect(receive(String(repeating: "+", count: 20) + "-", &link) == [])
        #expect(link.output.count == 16 * 6)
    }

    @Test func eachRequestForAPacketIsOneOfItsOwn() {
        var link = PacketLink()
        link.send(Array("OK".utf8))
        _ = link.takeOutput()
        var index = 0
        let bytes = Array(repeating: UInt8(ascii: "-"), count: 1000)
        #expect(link.next(in: bytes, from: &index) == .resendRequest)
        #expect(index == 1 && link.output.isEmpty)
    }

    @Test func anInterruptIsFoundWhereverItIsBetweenPackets() {
        var link = PacketLink()
        var index = 0
        let bytes = Array("$g#67$X\u{3}#5b$g#67\u{3}$g#67".utf8)
        func findsInterrupt(_ bytes: [UInt8], from start: Int = 0) -> Bool {
            var scanner = link.scanner
            var index = start
            return scanner.findInterrupt(in: bytes, from: &index)
        }
        #expect(findsInterrupt(bytes))
        #expect(!findsInterrupt(Array(bytes[..<14])))
        #expect(link.next(in: bytes, from: &index) == .packet([0x67]))
        #expect(findsInterrupt(bytes, from: index))
        #expect(!findsInterrupt(Array("$X\u{3}#5b".utf8)))
    }

    @Test("a search for Ctrl-C continues within a packet that arrives in two pieces")
    func splitSearch() {
        var scanner = PacketLink().scanner
        var index = 0
        var bytes = Array("$X\u{3}".utf8)
        #expect(!scanner.findInterrupt(in: bytes, from: &index) && index == 3)
        bytes += Array("\u{3}#5e\u{3}g".utf8)
        #expect(scanner.findInterrupt(in: bytes, from: &index) && index == 8)
        #expect(!scanner.findInterrupt(in: bytes, from: &index) && index == 9)
    }

    @Test func withoutAcknowledgementsThereAreNoSigns() {
        var link = PacketLink()
        link.send(Array("OK".utf8))
        link.stopAcknowledging()
        #expect(!link.isAcknowledging)
        _ = link.takeOutput()
        #expect(receive("+-$g#67-", &link) == [.packet([0x67])])
        link.send(Array("E01".utf8))
        #expect(receive("-", &link) == [])
        #expect(output(&link) == "$E01#a6")
    }

    @Test func whatCannotBeTakenIsToldApart() {
        var link = PacketLink(maximumSize: 4)
        #expect(receive("$aaaaa#e5$a}#de$a#00", &link) == [.refused(.oversized), .refused(.undecodable)])
        #expect(output(&link) == "++-")
        link.stopAcknowledging()
        #expect(receive("$aaaaa#e5$a}#de$a#00", &link).last == .refused(.damaged))
        #expect(output(&link) == "")
    }

    @Test func anInterruptIsPassedOn() {
        var link = PacketLink()
        #expect(receive("\u{3}$g#67\u{3}", &link) == [.interrupt, .packet([0x67]), .interrupt])
    }
}
