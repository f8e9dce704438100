import Execution
import GDBStub
import Testing

@Suite struct ThreadTests {
    @Test func vCPUsAreThreadsCountedFrom1() {
        let client = Client().connect()
        #expect(client.ask("qC") == "QC1")
        for (id, expected) in [
            ("1", "OK"), ("2", "OK"), ("3", "E."), ("0", "OK"), ("-1", "OK"), ("p1.1", "OK"), ("p1.-1", "OK"),
            ("p1", "OK"), ("p0.2", "OK"), ("p-1.2", "OK"), ("p2.1", "E."), ("p1.3", "E."), ("ffffffffffffffff", "E."),
            ("8000000000000000", "E."),
        ] {
            for packet in ["T\(id)", "Hg\(id)", "Hc\(id)"] {
                #expect(client.ask(packet)?.hasPrefix(expected) == true, "\(packet)")
            }
        }
        #expect(Client().ask("T3") == "E03")
    }

    @Test func selectingIsForOneVCPUOrForNobodyInParticular() {
        let client = Client(FakeTarget(vcpus: 3)).connect()
        for (packet, current) in [
            ("Hg2", "QC2"), ("Hg0", "QC2"), ("Hg-1", "QC2"), ("Hgp1.3", "QC3"), ("Hgp1", "QC3"), ("Hg4", "QC3"),
        ] {
            _ = client.send(packet)
            #expect(client.ask("qC") == current, "\(packet)")
        }
    }

    @Test func threadsAreListedInHex() {
        let client = Client(FakeTarget(vcpus: 17)).connect()
        #expect(client.ask("qfThreadInfo") == "m1,2,3,4,5,6,7,8,9,a,b,c,d,e,f,10,11")
        #expect(client.ask("qsThreadInfo") == "l")
        #expect(client.ask("qsThreadInfo") == "l")
        #expect(client.ask("qfThreadInfo")?.hasPrefix("m1,") == true)
    }

    @Test(arguments: [1, 255, 256, 257, 512, 513, 2000]) func longListsComeInParts(count: Int) {
        let client = Client(FakeTarget(vcpus: count)).connect()
        var ids: [String] = []
        var reply = client.ask("qfThreadInfo") ?? ""
        while reply.hasPrefix("m") {
            ids += reply.dropFirst().split(separator: ",").map(String.init)
            reply = client.ask("qsThreadInfo") ?? ""
        }
        #expect(reply == "l")
        #expect(ids == (1...count).map { String($0, radix: 16) })
    }

    @Test func aListThatWasNotBegunStartsAtTheFirst() {
        #expect(Client().ask("qsThreadInfo") == "m1,2")
    }

    @Test func threadsHaveNames() {
        let client = Client().connect()
        client.target.threadName = "CPU#<\"é\">"
        #expect(client.ask("qThreadExtraInfo,2") == Client.hex("CPU#<\"é\"> 1"))
        #expect(client.ask("qThreadExtraInfo,p1.1") == Client.hex("CPU#<\"é\"> 0"))
        #expect(client.ask("qThreadExtraInfo,3") == "E.there is no such vCPU")
    }

    @Test func theThreadDocumentIsEscapedAndServedInWindows() {
        let client = Client().connect()
        client.target.threadName = "CPU#<\"&'>"
        let expected =
            "<?xml version=\"1.0\"?>\n<threads>\n"
            + "<thread id=\"1\" core=\"0\" name=\"CPU#&lt;&quot;&amp;&apos;&gt; 0\"/>\n"
            + "<thread id=\"2\" core=\"1\" name=\"CPU#&lt;&quot;&amp;&apos;&gt; 1\"/>\n</threads>\n"
        #expect(client.ask("qXfer:threads:read::0,1000") == "l" + expected)
        var document = ""
        var reply = "m"
        while reply.hasPrefix("m") {
            reply = client.ask("qXfer:threads:read::\(String(document.utf8.count, radix: 16)),b") ?? ""
            document += reply.dropFirst()
            // A change in the meantime does not tear the document.
            client.target.threadName = "other"
        }
        #expect(reply.hasPrefix("l"))
        #expect(document == expected)
        #expect(client.ask("qXfer:threads:read::0,1000")?.contains("other 0") == true)
        #expect(client.ask("qXfer:threads:read::\(String(1 << 20, radix: 16)),b")?.hasPrefix("E.") == true)
        #expect(client.ask("qXfer:threads:read:x:0,10") == "E.threads have no annex")
    }

    @Test func theThreadDocumentIsNewAfterAResume() {
        let client = Client().connect()
        #expect(client.ask("qXfer:threads:read::0,1000")?.contains("CPU 0") == true)
        client.target.threadName = "new"
        _ = client.send("c")
        _ = client.stop(.paused)
        #expect(client.ask("qXfer:threads:read::1,1000")?.contains("new 0") == true)
    }
}
