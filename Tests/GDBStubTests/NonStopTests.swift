import Execution
import GDBStub
import Testing

/// Non-stop mode: what each packet is answered in each state, row by row as in Documentation/protocol.md.
@Suite struct NonStopTests {
    static let runningError = "E.vCPU 1 is running: its registers are there when it is stopped"

    // MARK: The mode

    @Test func theModeIsThereWhereTheTargetHasIt() {
        let target = FakeTarget(vcpus: 1)
        let client = Client(target).connect()
        #expect(client.ask("qSupported")?.contains("QNonStop") == false)
        for packet in ["QNonStop:1", "QNonStop:0", "vStopped", "vCtrlC"] { #expect(client.ask(packet) == "") }
        target.supportsNonStop = true
        #expect(client.ask("qSupported")?.contains(";QNonStop+") == true)
        #expect(client.ask("vCont?") == "vCont;c;C;s;S;r")
        #expect(client.ask("QNonStop:1") == "OK")
        #expect(client.ask("vCont?") == "vCont;c;C;s;S;r;t")
        #expect(client.ask("QNonStop:0") == "OK")
        #expect(client.ask("?")?.hasPrefix("T05thread:1;") == true)
    }

    @Test func whoWasOnlyStoppedAlongGoesOn() {
        let target = FakeTarget(vcpus: 3)
        target.supportsNonStop = true
        let client = Client(target, initialStop: StopEvent(.paused, vcpu: 1)).connect()
        #expect(client.ask("QNonStop:1") == "OK")
        #expect(
            client.takeActions() == [
                .resume(ResumePlan(actions: [.continue, .hold, .continue], isNonStop: true))
            ])
        #expect(client.send("?") == [])
        #expect(client.takeActions() == [.interrupt])
        #expect(client.stop(.paused).first?.hasPrefix("T00thread:2;") == true)
        #expect(client.ask("vStopped") == "OK")
        // Once more changes nothing.
        #expect(client.takeActions().count == 1)
        #expect(client.send("QNonStop:1") == [])
        #expect(client.stop(.paused) == ["OK"])
        #expect(
            client.takeActions().last
                == .resume(
                    ResumePlan(
                        actions: [.continue, .hold, .continue], isNonStop: true)))
    }

    @Test func aMachineThatIsOffStaysOff() {
        let client = NonStopClient(initialStop: StopEvent(.poweredOff(status: 1), vcpu: 0))
        #expect(client.send("?") == ["W01"])
        #expect(client.send("vStopped", "vCont;c") == ["OK", "E.the machine is off: start it again"])
        #expect(client.plan == nil)
    }

    @Test(arguments: ["QNonStop", "QNonStop:", "QNonStop:2", "QNonStop:1;", "vStopped;1", "vCtrlC:1"])
    func malformedPacketsAreErrors(packet: String) {
        let client = NonStopClient()
        #expect(client.send(packet).first?.hasPrefix("E.") == true)
        #expect(client.send("vStopped") == ["OK"])
    }

    @Test func inAllStopModeItsPacketsAreUnknownOrRefused() {
        let target = FakeTarget()
        target.supportsNonStop = true
        let client = Client(target).connect()
        #expect(client.ask("vStopped") == "")
        #expect(client.ask("vCtrlC") == "")
        #expect(client.ask("vCont;t")?.hasPrefix("E.vCont: t") == true)
        #expect(client.ask("vCont;c:1;t:2")?.hasPrefix("E.vCont: t") == true)
        _ = client.send("vCont;c")
        #expect(client.ask("QNonStop:1") == "E.the machine is running")
        #expect(client.stop(.paused).count == 1)
    }

    @Test func leavingTheModeStopsEverybody() {
        let client = NonStopClient().letGo()
        #expect(client.send("QNonStop:0") == ["OK"])
        #expect(client.plan == nil && client.standstills == 1)
        #expect(client.send("?").first?.hasPrefix("T05thread:2;") == true)
        #expect(client.send("qC") == ["QC2"])
        #expect(client.client.send("vCont;c") == [])
        #expect(client.client.takeActions() == [.resume(ResumePlan(actions: [.continue, .continue]))])
        #expect(client.client.stop(.paused, vcpu: 1).first?.hasPrefix("T02thread:2;") == true)
    }

    // MARK: ?

    @Test func theQuestionGivesAllStoppedVCPUsOneByOne() {
        let client = NonStopClient()
        #expect(client.send("?").first?.hasPrefix("T00thread:1;core:0;") == true)
        #expect(client.send("vStopped").first?.hasPrefix("T00thread:2;core:1;") == true)
        #expect(client.send("vStopped") == ["OK"])
        #expect(client.send("vStopped") == ["OK"])
        // Running vCPUs are not among them.
        #expect(client.send("vCont;c:1") == ["OK"])
        #expect(client.send("?").first?.hasPrefix("T00thread:2;") == true)
        #expect(client.send("vStopped") == ["OK"])
        #expect(client.send("vCont;c") == ["OK"])
        #expect(client.send("?") == ["OK"])
        #expect(client.plan?.actions == [.continue, .continue])
    }

    @Test func whatABreakpointStoppedIsToldAsThat() {
        let client = NonStopClient(initialStop: StopEvent(.softwareBreakpoint, vcpu: 1))
        #expect(client.send("?").first?.hasPrefix("T00thread:1;") == true)
        #expect(client.send("vStopped").first?.hasPrefix("T05swbreak:;thread:2;") == true)
        #expect(client.send("vStopped") == ["OK"])
    }

    @Test func theQuestionBeginsAnewInTheMiddleOfNotifications() {
        let client = NonStopClient().letGo()
        #expect(client.stop(.softwareBreakpoint, vcpu: 1).count == 1)
        #expect(client.send("?").first?.hasPrefix("T05swbreak:;thread:2;") == true)
        #expect(client.send("vStopped") == ["OK"])
    }

    // MARK: Continuing and stopping

    @Test func eachVCPUGoesOnForItself() {
        let client = NonStopClient()
        #expect(client.send("vCont;c:2") == ["OK"])
        #expect(client.plan?.actions == [.hold, .continue])
        #expect(client.send("vCont;s:1") == ["OK"])
        #expect(client.plan?.actions == [.step, .continue])
        #expect(client.stop(.stepped, vcpu: 0).first?.hasPrefix("%Stop:T05thread:1;") == true)
        #expect(client.plan?.actions == [.hold, .continue])
        #expect(client.send("vStopped") == ["OK"])
        #expect(client.send("vCont;r40000000,40000010:1") == ["OK"])
        #expect(client.plan?.actions == [.stepWithin(0x4000_0000..<0x4000_0010), .continue])
        // Only t affects running vCPUs.
        #expect(client.send("vCont;c:1", "vCont;s:2", "vCont;c") == ["OK", "OK", "OK"])
        #expect(client.plan?.actions == [.stepWithin(0x4000_0000..<0x4000_0010), .continue])
    }

    @Test func theLeftmostActionCounts() {
        let client = NonStopClient()
        #expect(client.send("vCont;s:1;c") == ["OK"])
        #expect(client.plan?.actions == [.step, .continue])
        #expect(client.send("vCont;t:2;c:2;s:1").filter { $0 == "OK" } == ["OK"])
        #expect(client.plan?.actions == [.step, .hold])
    }

    @Test func aStopOnRequestHasNoSignal() {
        let client = NonStopClient().letGo()
        let replies = client.send("vCont;t:2")
        #expect(replies.count == 2 && replies[0].hasPrefix("%Stop:T00thread:2;") && replies[1] == "OK")
        #expect(client.plan?.actions == [.continue, .hold])
        // For the client it runs until its stop has been reported.
        #expect(client.send("vCont;c:2") == ["OK"])
        #expect(client.plan?.actions == [.continue, .hold])
        #expect(client.send("vStopped") == ["OK"])
        // Stopped ones are not stopped again.
        #expect(client.send("vCont;t:2") == ["OK"])
        #expect(client.send("vCont;c:2") == ["OK"])
        #expect(client.plan?.actions == [.continue, .continue])
    }

    @Test func allCanBeStoppedAtOnce() {
        let client = NonStopClient().letGo()
        let replies = client.send("vCont;t")
        #expect(replies.count == 2 && replies[0].hasPrefix("%Stop:T00thread:1;"))
        #expect(client.plan == nil)
        #expect(client.send("vStopped").first?.hasPrefix("T00thread:2;") == true)
        #expect(client.send("vStopped") == ["OK"])
        #expect(client.standstills == 1)
    }

    @Test func aBreakpointThatIsQuickerThanTheRequestIsTold() {
        let client = NonStopClient().letGo()
        #expect(client.client.send("vCont;t:1") == [])
        #expect(client.client.takeActions() == [.interrupt])
        let replies = client.stop(.softwareBreakpoint, vcpu: 0)
        #expect(replies.count == 2 && replies[0].hasPrefix("%Stop:T05swbreak:;thread:1;") && replies[1] == "OK")
        #expect(client.send("vStopped") == ["OK"])
    }

    @Test func badActionsChangeNothing() {
        let client = NonStopClient()
        for packet in ["vCont;c:3", "vCont;c:1;s:9", "vCont;x", "vCont;t:", "vCont;s:p2.1"] {
            #expect(client.send(packet).first?.hasPrefix("E.") == true, "\(packet)")
        }
        #expect(client.plan == nil)
    }

    @Test func theOldPacketsDoAsMuch() {
        let client = NonStopClient()
        #expect(client.send("s") == ["OK"])
        #expect(client.plan?.actions == [.step, .continue])
        #expect(client.stop(.stepped).count == 1)
        #expect(client.send("vStopped") == ["OK"])
        #expect(client.send("Hc1", "c40000100") == ["OK", "OK"])
        #expect(client.plan?.actions == [.continue, .continue])
        #expect(client.client.target.log == ["register 32 of 0"])
        // An address is for one that is stopped.
        #expect(client.send("c40000000") == ["E.vCPU 0 is running: its registers are there when it is stopped"])
        #expect(client.client.target.log.count == 1)
    }

    // MARK: Ctrl-C

    @Test func ctrlCStopsOneVCPU() {
        let client = NonStopClient().letGo()
        let replies = client.send("vCtrlC")
        #expect(replies.count == 2 && replies[0].hasPrefix("%Stop:T02thread:1;") && replies[1] == "OK")
        #expect(client.plan?.actions == [.hold, .continue])
        // As the byte it has no reply, and the next one is for the other.
        #expect(client.sendRaw([3]) == [])
        #expect(client.send("vStopped").first?.hasPrefix("T02thread:2;") == true)
        #expect(client.plan == nil)
        #expect(client.send("vStopped") == ["OK"])
        #expect(client.send("vCtrlC") == ["OK"])
        #expect(client.sendRaw([3]) == [])
    }

    // MARK: Registers, memory and breakpoints

    @Test func registersAreThoseOfStoppedVCPUs() {
        let client = NonStopClient()
        #expect(
            client.send("vCont;c:2", "Hg1", "p0", "Hg2", "p0", "g", "P0=0000000000000000", "Hg1") == [
                "OK", "OK", "0000000000000000", "OK", Self.runningError, Self.runningError, Self.runningError, "OK",
            ])
        #expect(client.send("P0=0100000000000000", "p0", "g").count == 3)
        #expect(client.client.target.log == ["register 0 of 0"])
        #expect(client.plan?.actions == [.hold, .continue])
        #expect(client.client.target.callsWhileRunning == 0)
    }

    @Test func memoryAndBreakpointsAreThereWhileAllRun() {
        let client = NonStopClient().letGo()
        #expect(client.send("m40000000,4") == ["00010203"])
        #expect(client.send("M40000000,1:ff", "x40000000,2") == ["OK", "b\u{ff}\u{01}"])
        #expect(client.send("Z0,40000000,4", "Z2,40000010,8", "z0,40000000,4") == ["OK", "OK", "OK"])
        #expect(client.send("m0,4") == ["E0e"])
        #expect(client.send("qRcmd,72656769737465727321").last == "OK")
        #expect(client.client.target.log.count == 4)
        #expect(client.client.target.callsWhileRunning == 0)
        #expect(client.plan?.actions == [.continue, .continue])
    }

    @Test func whatComesTogetherNeedsOneStandstill() {
        let client = NonStopClient().letGo()
        #expect(client.send("m40000000,1", "m40000001,1", "Z0,40000000,4", "m40000002,1").count == 4)
        #expect(client.standstills == 1)
    }

    @Test(arguments: [
        ("qC", "QC1"), ("qfThreadInfo", "m1,2"), ("Hg2", "OK"), ("T2", "OK"), ("vCont?", "vCont;c;C;s;S;r;t"),
        ("qSupported", "PacketSize"), ("qAttached", "1"), ("vStopped", "OK"), ("!", "OK"), ("vFoo", ""),
    ]) func whatNeedsNoStandstillCausesNone(packet: String, start: String) {
        let client = NonStopClient().letGo()
        let replies = client.send(packet)
        #expect(replies.count == 1 && (start.isEmpty ? replies == [""] : replies[0].hasPrefix(start)), "\(replies)")
        #expect(client.standstills == 0)
    }

    @Test func lldbsQuestionsAreAboutStoppedVCPUs() {
        let client = NonStopClient()
        #expect(client.send("vCont;c:2", "qThreadStopInfo2") == ["OK", Self.runningError])
        #expect(client.send("qThreadStopInfo1").first?.hasPrefix("T00thread:1;") == true)
        let all = client.send("jThreadsInfo").first ?? ""
        #expect(all.contains("\"tid\":1") && !all.contains("\"tid\":2"))
    }
}
