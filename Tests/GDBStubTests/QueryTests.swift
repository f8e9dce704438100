import Execution
import GDBStub
import TargetDescription
import Testing

@Suite struct QueryTests {
    @Test func featuresAreOfferedAsTheClientCanUseThem() {
        let always =
            "PacketSize=20000;QStartNoAckMode+;qXfer:features:read+;qXfer:threads:read+;vContSupported+;"
            + "binary-upload+;swbreak+;hwbreak+;qXfer:osdata:read+;qEcho+;MultiMemRead+;"
            + "SupportedWatchpointTypes=aarch64-bas,aarch64-mask"
        let client = Client()
        #expect(client.ask("qSupported") == always)
        #expect(client.ask("qSupported:error-message+") == always + ";error-message+")
        // The last packet counts.
        #expect(client.ask("m0") == "E16")
        #expect(client.ask("Hgx")?.hasPrefix("E.") == true)
        #expect(client.ask("qSupported:error-message-") == always)
        #expect(client.ask("Hgx") == "E16")
    }

    @Test func acknowledgementsStopAfterTheReply() {
        let client = Client()
        #expect(client.ask("qC") == "QC1")
        #expect(client.signs == "+")
        #expect(client.ask("QStartNoAckMode") == "OK")
        #expect(client.signs == "++")
        #expect(client.ask("qC") == "QC1")
        #expect(client.sendRaw(Array("-+-".utf8)) == [])
        #expect(client.signs == "++")
        #expect(client.ask("QStartNoAckMode") == "OK")
        // The next connection acknowledges again.
        let next = Client(client.target)
        _ = next.ask("qC")
        #expect(next.signs == "+")
    }

    @Test func aReplyIsRepeatedOnRequest() {
        let client = Client()
        #expect(client.ask("qC") == "QC1")
        #expect(client.sendRaw(Array("-".utf8)) == ["QC1"])
        #expect(client.sendRaw(Array("-".utf8)) == ["QC1"])
        #expect(client.sendRaw(Array("+-".utf8)) == [])
        // So is a stop reply, and the machine does not notice.
        _ = client.send("vCont;c")
        let stop = client.stop(.paused)
        _ = client.takeActions()
        #expect(client.sendRaw(Array("-".utf8)) == stop)
        #expect(client.takeActions() == [])
    }

    @Test func targetXMLIsOneDocumentInWindows() {
        let client = Client().connect()
        let expected = Client.text(FakeTarget.description.xml())
        #expect(client.ask("qXfer:features:read:target.xml:0,1fffb") == "l" + expected)
        var document = ""
        var reply = "m"
        while reply.hasPrefix("m") {
            reply = client.ask("qXfer:features:read:target.xml:\(String(document.count, radix: 16)),7d") ?? ""
            document += reply.dropFirst()
        }
        #expect(document == expected)
        let end = String(expected.count, radix: 16)
        #expect(client.ask("qXfer:features:read:target.xml:\(end),10") == "l")
        #expect(
            client.ask("qXfer:features:read:target.xml:\(String(expected.count + 1, radix: 16)),10")
                == "E.the document is shorter than that")
        #expect(client.ask("qXfer:features:read:target.xml:ffffffffffffffff,ffffffffffffffff")?.first == "E")
    }

    @Test func thereIsNoOtherDocument() {
        #expect(Client().ask("qXfer:features:read:aarch64-core.xml:0,100") == "E00")
        #expect(Client().ask("qXfer:features:read::0,100") == "E00")
        #expect(Client().connect().ask("qXfer:features:read:x:0,100") == "E.the only document is target.xml")
        #expect(Client().ask("qXfer:auxv:read::0,100") == "")
        #expect(Client().ask("qXfer:features:write:target.xml:0:00") == "")
    }

    @Test(arguments: [
        ("qAttached", "1"), ("qAttached:1", "1"), ("qSymbol::", "OK"), ("qSymbol:0:00", "OK"), ("qTStatus", ""),
        ("vMustReplyEmpty", ""), ("vFoo", ""), ("qOffsets", ""), ("qHostInfo", ""), ("QThreadSuffixSupported", "OK"),
        ("xfoo", ""), ("", ""), ("~", ""), ("QNonStop:1", ""), ("vRun;", ""), ("bs", ""), ("!", "OK"),
    ])
    func smallQueriesHaveSmallReplies(packet: String, reply: String) {
        let client = Client().connect()
        #expect(client.send(packet) == [reply])
        #expect(client.takeActions() == [])
        #expect(client.target.log == [])
    }
}
