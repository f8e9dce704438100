import Execution
import GDBStub
import Testing

/// Packets while the machine runs, and Ctrl-C.
@Suite struct RunningTests {
    static let ctrlC: [UInt8] = [3]

    @Test func ctrlCStopsTheMachineWithOneReply() {
        let client = Client().connect()
        _ = client.send("vCont;c")
        _ = client.takeActions()
        #expect(client.sendRaw(Self.ctrlC) == [])
        #expect(client.takeActions() == [.interrupt])
        let replies = client.stop(.paused, vcpu: 1)
        #expect(replies.count == 1)
        #expect(replies.first?.hasPrefix("T02thread:2;") == true)
    }

    @Test func ctrlCTwiceIsOnce() {
        let client = Client().connect()
        _ = client.send("vCont;c")
        #expect(client.sendRaw([3, 3]) == [])
        #expect(client.sendRaw([3]) == [])
        #expect(client.takeActions().filter { $0 == .interrupt }.count == 1)
        #expect(client.stop(.paused).count == 1)
    }

    @Test func ctrlCWhileStoppedMeansNothing() {
        let client = Client().connect()
        #expect(client.sendRaw([3, 3]) == [])
        #expect(client.takeActions() == [])
        #expect(client.ask("qC") == "QC1")
        // Nor when it comes too late, after a stop that has just been reported.
        _ = client.send("vCont;c")
        #expect(client.stop(.softwareBreakpoint).count == 1)
        #expect(client.sendRaw([3]) == [])
        #expect(client.takeActions() == [.resume(ResumePlan(actions: [.continue, .continue]))])
    }

    @Test func aBreakpointThatComesBeforeTheInterruptIsTheReply() {
        let client = Client().connect()
        _ = client.send("vCont;c")
        _ = client.sendRaw([3])
        #expect(client.stop(.softwareBreakpoint, vcpu: 1).first?.hasPrefix("T05swbreak:;thread:2;") == true)
        #expect(client.stop(.paused) == [])
        // The next run can be interrupted again.
        _ = client.takeActions()
        _ = client.send("vCont;c")
        _ = client.sendRaw([3])
        #expect(client.takeActions().last == .interrupt)
    }

    @Test func ctrlCInTheSameBytesAsTheResumeCounts() {
        let client = Client().connect()
        #expect(client.sendRaw(Client.frame(Array("vCont;c".utf8)) + [3]) == [])
        #expect(client.takeActions() == [.resume(ResumePlan(actions: [.continue, .continue])), .interrupt])
        // Before it, it does not.
        #expect(client.stop(.paused).count == 1)
        #expect(client.sendRaw([3] + Client.frame(Array("vCont;c".utf8))) == [])
        #expect(client.takeActions() == [.resume(ResumePlan(actions: [.continue, .continue]))])
    }

    static let refused = [
        "g", "G00", "p0", "P0=0000000000000000", "m40000000,4", "x40000000,4", "x0,0", "M40000000,1:00",
        "X40000000,1:a",
        "Z0,40000000,4", "z0,40000000,4", "vCont;c", "vCont;s:1", "c", "s", "C05", "S05", "?", "R00", "qRcmd,68656c70",
        "qThreadExtraInfo,1", "qXfer:threads:read::0,100",
    ]

    @Test(arguments: refused) func whatNeedsAStoppedMachineIsRefusedWhileItRuns(packet: String) {
        let client = Client().connect()
        _ = client.send("vCont;c")
        _ = client.takeActions()
        let reply = client.ask(packet)
        #expect(reply == (packet.hasPrefix("m") || packet.hasPrefix("x") ? "E10" : "E.the machine is running"))
        #expect(client.takeActions() == [])
        #expect(client.target.callsWhileRunning == 0)
        #expect(client.stop(.stepped).count == 1)
    }

    static let answered = [
        ("qSupported:swbreak+", "PacketSize=20000;"), ("QStartNoAckMode", "OK"), ("vCont?", "vCont;c;C;s;S;r"),
        ("qAttached", "1"), ("qSymbol::", "OK"), ("!", "OK"), ("vMustReplyEmpty", ""), ("qTStatus", ""), ("Hg1", "OK"),
        ("Hc-1", "OK"), ("T1", "OK"), ("T3", "E"), ("qC", "QC1"), ("qfThreadInfo", "m1,2"), ("qsThreadInfo", "l"),
        ("qXfer:features:read:target.xml:0,10", "m<?xml"), ("vFoo", ""), ("m", "E16"), ("Hgx", "E"),
    ]

    @Test(arguments: answered) func whatNeedsNoTargetIsAnsweredWhileItRuns(packet: String, start: String) {
        let client = Client().connect()
        if packet == "qsThreadInfo" { _ = client.send("qfThreadInfo") }
        _ = client.send("vCont;c")
        let reply = client.ask(packet)
        #expect(start == "" ? reply == "" : reply?.hasPrefix(start) == true, "\(reply ?? "nothing")")
        #expect(client.target.callsWhileRunning == 0)
        #expect(client.stop(.stepped).count == 1)
    }

    // MARK: The guest's console

    @Test func consoleTextIsShownWhileTheMachineRuns() {
        let client = Client().connect()
        #expect(client.console("early\n") == [])
        #expect(client.console("bird\n") == [])
        #expect(client.send("vCont;c") == ["O" + Client.hex("early\nbird\n")])
        #expect(client.console("late\n") == ["O" + Client.hex("late\n")])
        #expect(client.console("") == [])
        #expect(client.stop(.stepped).count == 1)
        #expect(client.console("held") == [])
        #expect(client.send("?").count == 1)
    }

    @Test func consoleTextDoesNotPileUp() {
        let client = Client().connect()
        for _ in 0..<100 { #expect(client.console(String(repeating: "a", count: 10_000)) == []) }
        let replies = client.send("vCont;c")
        #expect(replies.reduce(0) { $0 + $1.utf8.count } == 2 * 65_536 + replies.count)
        #expect(replies.allSatisfy { $0.utf8.count <= 0x20000 })
    }

    @Test func aLongTextIsCutIntoPackets() {
        let client = Client().connect()
        _ = client.send("vCont;c")
        let text = String(repeating: "0123456789abcdef", count: 10_000)
        let replies = client.console(text)
        #expect(replies.count == 40 && replies.allSatisfy { $0.utf8.count <= 0x2001 })
        #expect(replies.map { $0.dropFirst() }.joined() == Client.hex(text))
    }
}
