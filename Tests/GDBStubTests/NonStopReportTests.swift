import Execution
import GDBStub
import Testing

/// Non-stop mode: what the machine does by itself, and how sessions end.
@Suite struct NonStopReportTests {
    // MARK: Notifications

    @Test func oneStopIsNotifiedAndTheOthersAreAskedFor() {
        let client = NonStopClient(FakeTarget(vcpus: 3))
        #expect(client.send("vCont;c") == ["OK"])
        let first = client.stop(.softwareBreakpoint, vcpu: 2)
        #expect(first.count == 1 && first[0].hasPrefix("%Stop:T05swbreak:;thread:3;core:2;"))
        #expect(client.plan?.actions == [.continue, .continue, .hold])
        #expect(client.stop(.watchpoint(.writeWatchpoint, address: 0x10), vcpu: 0) == [])
        #expect(client.plan?.actions == [.hold, .continue, .hold])
        #expect(client.send("vStopped").first?.hasPrefix("T05watch:10;thread:1;") == true)
        #expect(client.stop(.hardwareBreakpoint, vcpu: 1) == [])
        #expect(client.plan == nil)
        #expect(client.send("vStopped").first?.hasPrefix("T05hwbreak:;thread:2;") == true)
        #expect(client.send("vStopped") == ["OK"])
    }

    @Test func aNotificationIsNotAcknowledged() {
        let target = FakeTarget(vcpus: 1)
        target.supportsNonStop = true
        let client = Client(target)
        #expect(client.send("QNonStop:1") == ["OK"])
        #expect(client.send("vCont;c") == ["OK"])
        let before = client.received.count
        #expect(client.stop(.softwareBreakpoint).count == 1)
        // A sign asks for the last reply again, which is vCont's.
        #expect(client.sendRaw(Array("-".utf8)) == ["OK"])
        #expect(client.received[before...].first == UInt8(ascii: "%"))
    }

    @Test func stopsThatComeTogetherAreAllTaken() {
        let client = NonStopClient()
        #expect(client.send("vCont;s:1;s:2") == ["OK"])
        let events = [StopEvent(.stepped, vcpu: 0), StopEvent(.stepped, vcpu: 0), StopEvent(.stepped, vcpu: 1)]
        #expect(client.stop(events).map { $0.prefix(20) } == ["%Stop:T05thread:1;co"])
        #expect(client.plan == nil)
        #expect(client.send("vStopped").first?.hasPrefix("T05thread:2;") == true)
        #expect(client.send("vStopped") == ["OK"])
    }

    @Test func aPacketThatWaitsComesBehindAllOfThem() {
        let client = NonStopClient().letGo()
        #expect(client.client.send("vCont;t") == [])
        #expect(client.client.takeActions() == [.interrupt])
        let events = [StopEvent(.softwareBreakpoint, vcpu: 0), StopEvent(.softwareBreakpoint, vcpu: 1)]
        #expect(client.stop(events).map { String($0.prefix(12)) } == ["%Stop:T05swb", "OK"])
        #expect(client.send("vStopped").first?.hasPrefix("T05swbreak:;thread:2;") == true)
        #expect(client.send("vStopped") == ["OK"])
    }

    @Test func theSelectedVCPUStaysSelected() {
        let client = NonStopClient().letGo()
        #expect(client.stop(.softwareBreakpoint, vcpu: 1).count == 1)
        #expect(client.send("qC", "vStopped") == ["QC1", "OK"])
        #expect(client.send("p0") == ["E.vCPU 0 is running: its registers are there when it is stopped"])
    }

    @Test func theReplyHasTheRegistersOfTheMomentOfTheStop() {
        let client = NonStopClient().letGo()
        let reported = client.stop(.softwareBreakpoint, vcpu: 0)
        client.client.target.registers[0][FakeTarget.pc] = Array(repeating: 0x11, count: 8)
        #expect(client.send("?") != reported && client.send("?").first?.contains("20:1111111111111111;") == true)
        #expect(reported.first?.contains("20:2000000000000000;") == true)
    }

    @Test func aCaughtExceptionIsInTheNameOfItsVCPU() {
        let target = FakeTarget()
        target.haveEverything()
        let client = NonStopClient(target).letGo()
        #expect(client.stop(.caughtException, vcpu: 1).count == 1)
        #expect(client.send("vStopped", "qThreadExtraInfo,2").last == Client.hex("CPU 1: data abort"))
        #expect(client.send("qThreadExtraInfo,1") == [Client.hex("CPU 0")])
        #expect(client.send("vCont;c:2", "qThreadExtraInfo,2").last == Client.hex("CPU 1"))
    }

    @Test func aStandstillIsAskedForOnce() {
        let client = NonStopClient().letGo().client
        #expect(client.send("m40000000,1") == [])
        #expect(client.sendRaw([3]) == [])
        #expect(client.send("m40000001,1") == [])
        #expect(client.takeActions() == [.interrupt])
        let replies = client.stop(.paused, vcpu: 1)
        // Ctrl-C came after the first packet, and stops the vCPU that was running.
        #expect(replies.map { String($0.prefix(7)) } == ["00", "%Stop:T", "01"])
        #expect(replies.count > 1 && replies[1].hasPrefix("%Stop:T02thread:2;"))
        #expect(client.takeActions() == [.resume(ResumePlan(actions: [.continue, .hold], isNonStop: true))])
        #expect(client.target.callsWhileRunning == 0)
    }

    @Test func bytesAreKeptWhileAPacketWaits() {
        let client = NonStopClient().letGo().client
        let second = Client.frame(Array("m40000002,1".utf8))
        #expect(client.sendRaw(Client.frame(Array("m40000000,1".utf8)) + second.prefix(5)) == [])
        #expect(client.sendRaw(Array(second[5..<13])) == [])
        #expect(client.stop(.paused) == ["00"])
        #expect(client.takeActions().count == 2)
        #expect(client.sendRaw(Array(second[13...])) == [])
        #expect(client.stop(.paused) == ["02"])
    }

    // MARK: vCPUs that are turned on and off

    @Test func turningOnIsAStopAndTurningOffIsNone() {
        let target = FakeTarget()
        target.haveEverything()
        let client = NonStopClient(target).letGo()
        #expect(client.send("QThreadEvents:1") == ["OK"])
        #expect(client.stop(.turnedOff, vcpu: 1) == ["%Stop:w0;2"])
        // A thread that a client finds later is running for it, and is when it is turned on again.
        #expect(client.plan?.actions == [.continue, .continue])
        #expect(client.stop(.turnedOn, vcpu: 1) == [])
        #expect(client.plan?.actions == [.continue, .hold])
        #expect(client.send("vStopped").first?.hasPrefix("T05create:;thread:2;") == true)
        #expect(client.send("vStopped", "vCont;c:2") == ["OK", "OK"])
        #expect(client.plan?.actions == [.continue, .continue])
        // One that is held stays so, and the client knows.
        #expect(client.send("vCont;t:2").count == 2)
        #expect(client.stop(.turnedOn, vcpu: 1) == [])
        #expect(client.plan?.actions == [.continue, .hold])
        // A step that turns its vCPU off is over.
        #expect(client.send("vStopped", "vCont;s:2") == ["OK", "OK"])
        #expect(client.stop(.turnedOff, vcpu: 1) == ["%Stop:w0;2"])
        #expect(client.plan?.actions == [.continue, .continue])
    }

    // MARK: The machine's end

    @Test(arguments: [
        (StopEvent.Reason.poweredOff(status: 3), "W03"), (.failed, "X06"),
    ]) func theEndIsToldAfterWhatIsUnderWay(reason: StopEvent.Reason, reply: String) {
        let client = NonStopClient(FakeTarget(vcpus: 3))
        #expect(client.send("vCont;c") == ["OK"])
        #expect(client.stop(.softwareBreakpoint, vcpu: 0).count == 1)
        #expect(client.stop(.softwareBreakpoint, vcpu: 1) == [])
        #expect(client.stop(reason) == [])
        #expect(client.plan == nil)
        #expect(client.send("vStopped") == [reply])
        #expect(client.send("vStopped") == ["OK"])
        #expect(client.send("?") == [reply])
        #expect(client.send("vStopped") == ["OK"])
        #expect(client.send("vCont;c") == ["E.the machine is off: start it again"])
        #expect(client.stop(.turnedOff, vcpu: 1) == [])
        #expect(client.plan == nil)
    }

    @Test func theEndIsNotified() {
        #expect(NonStopClient().letGo().stop(.poweredOff(status: 0)) == ["%Stop:W00"])
    }

    @Test func theEndAnswersAPacketThatWaits() {
        let client = NonStopClient().letGo()
        #expect(client.client.send("m40000000,1") == [])
        _ = client.client.takeActions()
        #expect(client.client.stop(.poweredOff(status: 0)) == ["%Stop:W00", "00"])
        #expect(client.client.takeActions() == [])
    }

    @Test func aResetStopsWhoMoved() {
        let client = NonStopClient()
        #expect(client.send("Hg2", "vCont;c:2") == ["OK", "OK"])
        let replies = client.send("qRcmd,7265736574")
        #expect(replies.first?.hasPrefix("%Stop:T00thread:2;") == true && replies.last == "OK")
        #expect(client.plan == nil)
        #expect(client.send("vStopped", "R00") == ["OK"])
        #expect(client.send("qC") == ["QC2"])
        #expect(client.client.target.log == ["monitor reset", "monitor reset"])
    }

    // MARK: Ends of sessions

    enum Situation: CaseIterable { case held, running, notified, waiting }

    private func client(in situation: Situation) -> NonStopClient {
        let client = NonStopClient()
        #expect(client.send("Z0,1000,4") == ["OK"])
        if situation != .held { _ = client.letGo() }
        if situation == .notified { #expect(client.stop(.softwareBreakpoint).count == 1) }
        if situation == .waiting { #expect(client.client.send("m0,4") == []) }
        return client
    }

    @Test(arguments: Situation.allCases, ["D", "k", "vKill;1"])
    func aSessionEndsFromEveryState(situation: Situation, packet: String) {
        let client = client(in: situation)
        let replies = client.send(packet)
        #expect(replies.last == (packet == "k" ? (situation == .waiting ? "E0e" : nil) : "OK"))
        #expect(client.ends == [packet == "D" ? .detach : .kill] && client.client.isEnded)
        #expect(client.client.target.stopPoints == [] && client.client.target.callsWhileRunning == 0)
        #expect(client.plan == nil)
    }

    @Test(arguments: Situation.allCases) func aLostConnectionIsADetach(situation: Situation) {
        let client = client(in: situation)
        client.client.disconnect()
        #expect(client.send() == [])
        #expect(client.ends == [.detach] && client.client.isEnded)
        #expect(client.client.target.stopPoints == [] && client.client.target.callsWhileRunning == 0)
    }
}
