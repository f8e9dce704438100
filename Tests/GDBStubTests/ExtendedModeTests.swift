import Execution
import GDBStub
import Testing

/// Extended mode: packets that arrive while the machine stops for an earlier one, and a connection without a process.
@Suite struct ExtendedModeTests {
    /// A client in extended mode.
    private func client(_ target: FakeTarget = FakeTarget()) -> Client {
        let client = Client(target).connect()
        #expect(client.send("!") == ["OK"])
        return client
    }

    /// Sends packets in one piece and stops the machine whenever the session asks for it.
    ///
    /// Returns the first three characters of each reply.
    private func exchange(_ client: Client, _ packets: [String]) -> [String] {
        var replies = client.sendRaw(packets.flatMap { Client.frame(Array($0.utf8)) })
        while client.takeActions().contains(.interrupt) { replies += client.stop(.paused) }
        return replies.map { String($0.prefix(3)) }
    }

    private static let sequences: [(packets: [String], replies: [String])] = [
        (["D", "R00", "k", "R00", "D"], ["OK", "OK"]),
        (["D", "vRun;", "k", "vRun;", "D"], ["OK", "T05", "T05", "OK"]),
        (["D", "vAttach;1", "k", "vRun;", "D"], ["OK", "T05", "T05", "OK"]),
        (["D", "vAttach;1", "vKill;1", "R00", "?"], ["OK", "T05", "OK", "T05"]),
        (["D", "vAttach;1", "?"], ["OK", "T05", "T05"]),
        (["D", "vAttach;1", "D"], ["OK", "T05", "OK"]),
        (["D", "vAttach;1", "D", "vAttach;1", "qC"], ["OK", "T05", "OK", "T05", "QC1"]),
        (["D", "vRun;", "qC", "p0"], ["OK", "T05", "QC1", "000"]),
        (["D", "R00", "?"], ["OK", "T05"]),
        (["vCont;c", "D", "vAttach;1", "?"], ["OK", "T05", "T05"]),
        (["vCont;c", "vKill;1", "vAttach;1", "vRun;", "?"], ["OK", "E.v", "T05", "T05"]),
        (["vCont;c", "k", "R00", "?"], ["T05"]),
    ]

    @Test("each packet has one reply, in order, and the machine is held for what needs it", arguments: sequences)
    func order(packets: [String], replies: [String]) {
        let client = client()
        #expect(exchange(client, packets) == replies)
        #expect(client.target.callsWhileRunning == 0)
        // A client that waits for each reply gets the same ones.
        let patient = self.client()
        #expect(packets.flatMap { exchange(patient, [$0]) } == replies)
        #expect(patient.target.callsWhileRunning == 0)
    }

    @Test(
        "no packet is handled between the request for a stop and its report", arguments: ["vAttach;1", "vRun;", "R00"])
    func waiting(packet: String) {
        let client = client()
        #expect(client.send("D") == ["OK"])
        #expect(client.send(packet) == [])
        #expect(client.takeActions() == [.release, .interrupt])
        for later in ["k", "R00", "?", "qC", "D", "QNonStop:1"] { #expect(client.send(later) == [], "\(later)") }
        #expect(client.sendRaw([3]) == [])
        #expect(client.takeActions() == [] && client.target.log == [])
    }

    @Test("without a process the machine cannot be set running", arguments: ["cont", "resume", "c", "reset run"])
    func continuingWithoutProcess(command: String) {
        for mode in ["QNonStop:0", "QNonStop:1"] {
            let target = FakeTarget()
            target.supportsNonStop = true
            let client = client(target)
            _ = exchange(client, [mode, "k"])
            #expect(client.ask("qRcmd," + Client.hex(command))?.hasPrefix("E.there is no process") == true)
            #expect(exchange(client, ["R00", "qC"]).last == "QC1")
            #expect(client.takeActions().allSatisfy { if case .resume = $0 { mode == "QNonStop:1" } else { true } })
            #expect(exchange(client, ["P20=e000084000000000", "vMustReplyEmpty"]) == ["OK", ""])
            #expect(target.callsWhileRunning == 0)
        }
    }

    @Test("a reset and an attach end `monitor cont`", arguments: ["R00", "vRun;", "vAttach;1", "qRcmd,7265736574"])
    func holdingAfterReset(packet: String) {
        let client = client()
        _ = client.send("qRcmd," + Client.hex("cont"))
        #expect(client.target.isRunning)
        _ = exchange(client, [packet])
        #expect(!client.target.isRunning)
        #expect(client.ask("qC") == "QC1")
        #expect(client.takeActions() == [])
    }

    @Test("non-stop mode that begins while `monitor cont` lets the machine run resumes the machine once")
    func nonStopAfterContinuing() {
        let target = FakeTarget()
        target.supportsNonStop = true
        let client = client(target)
        _ = client.send("qRcmd," + Client.hex("cont"))
        #expect(client.send("QNonStop:1") == [])
        _ = client.takeActions()
        #expect(client.stop(.paused) == ["OK"])
        #expect(client.takeActions() == [.resume(ResumePlan(actions: [.hold, .continue], isNonStop: true))])
        #expect(exchange(client, ["P20=e000084000000000", "vMustReplyEmpty"]) == ["OK", ""])
    }

    @Test(
        "a machine that ends while the client is detached is not resumed",
        arguments: [StopEvent.Reason.poweredOff(status: 0), .failed])
    func endWhileDetached(reason: StopEvent.Reason) {
        let client = client()
        #expect(client.send("D") == ["OK"])
        #expect(client.takeActions() == [.release])
        #expect(client.stop(reason) == [])
        #expect(client.takeActions() == [])
        // Nothing runs that an attach could stop.
        #expect(client.ask("vAttach;1")?.hasPrefix("E.vAttach") == true)
        #expect(client.ask("vRun;")?.hasPrefix("T05") == true)
        #expect(client.takeActions() == [])
    }

    @Test("a machine that ends while it stops for a restart is not resumed, even if it cannot be reset")
    func endWhileRestarting() {
        let client = client()
        client.target.monitorCommands = []
        #expect(client.send("D") == ["OK"])
        #expect(client.send("vRun;") == [])
        _ = client.takeActions()
        #expect(client.stop(.poweredOff(status: 0)).first?.hasPrefix("E.") == true)
        #expect(client.takeActions() == [])
    }
}
