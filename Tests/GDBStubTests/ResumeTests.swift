import Execution
import GDBStub
import TargetDescription
import Testing

@Suite struct ResumeTests {

    static let plans: [(String, [ResumeAction])] = [
        ("vCont;c", [.continue, .continue, .continue]),
        ("vCont;s", [.step, .step, .step]),
        ("vCont;C05;c", [.continue, .continue, .continue]),
        ("vCont;c:-1", [.continue, .continue, .continue]),
        ("vCont;c:p1.-1", [.continue, .continue, .continue]),
        ("vCont;c:p1", [.continue, .continue, .continue]),
        ("vCont;c:p-1.-1", [.continue, .continue, .continue]),
        // Only the named ones move.
        ("vCont;s:1", [.step, .hold, .hold]),
        ("vCont;c:2", [.hold, .continue, .hold]),
        ("vCont;s:p1.3", [.hold, .hold, .step]),
        ("vCont;s:0", [.step, .hold, .hold]),
        ("vCont;S0b:2;c:3", [.hold, .step, .continue]),
        // The leftmost action counts.
        ("vCont;s:1;c", [.step, .continue, .continue]),
        ("vCont;s:p1.2;c:p1.-1", [.continue, .step, .continue]),
        ("vCont;c:2;s:2;s:-1", [.step, .continue, .step]),
        ("vCont;c;s:1", [.continue, .continue, .continue]),
        // A range is for those it names, and may be empty.
        ("vCont;r1000,1010:1;c", [.stepWithin(0x1000..<0x1010), .continue, .continue]),
        ("vCont;r1000,1000:p1.2", [.hold, .stepWithin(0x1000..<0x1000), .hold]),
        ("vCont;s:1;r0,ffffffffffffffff", [.step, .stepWithin(0..<(.max)), .stepWithin(0..<(.max))]),
        ("c", [.continue, .continue, .continue]),
        ("C05", [.continue, .continue, .continue]),
        ("s", [.step, .continue, .continue]),
        ("S05", [.step, .continue, .continue]),
    ]

    @Test(arguments: plans) func eachVCPUMovesAsTheClientSays(packet: String, actions: [ResumeAction]) {
        let client = Client(FakeTarget(vcpus: 3)).connect()
        #expect(client.send(packet) == [])
        #expect(client.takeActions() == [.resume(ResumePlan(actions: actions))])
        #expect(client.stop(.stepped).count == 1)
    }

    @Test func theOlderPacketsMoveWhomHcChose() {
        let client = Client(FakeTarget(vcpus: 3)).connect()
        func plan(_ packets: String...) -> [ResumeAction] {
            for packet in packets { _ = client.send(packet) }
            guard case .resume(let plan)? = client.takeActions().first else { return [] }
            _ = client.stop(.stepped, vcpu: 0)
            return plan.actions
        }
        #expect(plan("Hc2", "s") == [.hold, .step, .hold])
        #expect(plan("Hc2", "c") == [.hold, .continue, .hold])
        #expect(plan("Hc-1", "c") == [.continue, .continue, .continue])
        #expect(plan("Hc0", "s") == [.step, .continue, .continue])
        // The thread selected for registers steps if none was selected for resuming.
        #expect(plan("Hg3", "s") == [.continue, .continue, .step])
        #expect(plan("Hcp1.2", "s") == [.hold, .step, .hold])
    }

    @Test func anAddressBecomesTheProgramCounterOfWhoMoves() {
        let client = Client(FakeTarget(vcpus: 3)).connect()
        #expect(client.send("c40000080") == [])
        #expect(client.target.registers[0][FakeTarget.pc] == [0x80, 0, 0, 0x40, 0, 0, 0, 0])
        _ = client.stop(.paused)
        #expect(client.ask("Hc3") == "OK")
        #expect(client.send("S05;ffff800080000000") == [])
        #expect(client.target.registers[2][FakeTarget.pc] == [0, 0, 0, 0x80, 0, 0x80, 0xff, 0xff])
        #expect(client.target.registers[0][FakeTarget.pc] == [0x80, 0, 0, 0x40, 0, 0, 0, 0])
    }

    @Test func anAddressThatCannotBeSetResumesNobody() {
        let client = Client().connect()
        client.target.nextError = .invalid("PC can't be odd")
        #expect(client.ask("c3") == "E.PC can't be odd")
        #expect(client.takeActions() == [])
        #expect(client.ask("p0") == "0000000000000000")
    }

    @Test(arguments: ["vCont;c:3", "vCont;s:1;c:4", "vCont;c:p2.1", "vCont;c;s:9", "vCont;c:ffffffffffffffff"])
    func whoDoesNotExistResumesNobody(packet: String) {
        let client = Client().connect()
        #expect(client.ask(packet) == "E.there is no such vCPU")
        #expect(client.takeActions() == [])
        #expect(Client().ask(packet) == "E03")
    }

    @Test(arguments: ["vCont", "vCont;", "vCont;t", "vCont;r4,0:1", "vCont;c:", "c,"])
    func badArgumentsResumeNobody(packet: String) {
        let client = Client().connect()
        #expect(client.ask(packet)?.hasPrefix("E.") == true)
        #expect(client.takeActions() == [])
    }

    @Test func aListOfActionsAsLongAsAPacketIsNoTrouble() {
        let client = Client(FakeTarget(vcpus: 512)).connect()
        #expect(client.send("vCont" + String(repeating: ";c", count: 65_000)) == [])
        #expect(client.takeActions() == [.resume(ResumePlan(actions: Array(repeating: .continue, count: 512)))])
    }

    // MARK: Stop replies

    static let stops: [(StopEvent.Reason, String)] = [
        (.paused, "T02thread:2;core:1;"),
        (.stepped, "T05thread:2;core:1;"),
        (.softwareBreakpoint, "T05swbreak:;thread:2;core:1;"),
        (.hardwareBreakpoint, "T05hwbreak:;thread:2;core:1;"),
        (.watchpoint(.writeWatchpoint, address: 0x4000_0010), "T05watch:40000010;thread:2;core:1;"),
        (.watchpoint(.readWatchpoint, address: 0x4000_0010), "T05rwatch:40000010;thread:2;core:1;"),
        (.watchpoint(.accessWatchpoint, address: .max), "T05awatch:ffffffffffffffff;thread:2;core:1;"),
        (.caughtException, "T05thread:2;core:1;"),
    ]

    @Test(arguments: stops) func everyStopIsToldOnceAndRepeatedOnRequest(reason: StopEvent.Reason, start: String) {
        let client = Client().connect()
        #expect(client.send("vCont;c") == [])
        let replies = client.stop(reason, vcpu: 1)
        #expect(replies.count == 1)
        #expect(replies.first?.hasPrefix(start) == true)
        #expect(client.send("?") == replies)
        #expect(client.send("?") == replies)
        // A report without a resume is not sent.
        #expect(client.stop(.softwareBreakpoint, vcpu: 0) == [])
        #expect(client.send("?") == replies)
    }

    @Test func aStopCarriesTheRegistersThatClientsAskForNext() {
        let client = Client().connect()
        let expedited = client.ask("?")?.split(separator: ";").dropFirst(2) ?? []
        #expect(expedited.count == 34)
        #expect(expedited.contains("1f:1f00000000000000"))
        #expect(expedited.contains("20:2000000000000000"))
        #expect(expedited.contains("21:21000000"))
        #expect(!expedited.contains { $0.hasPrefix("23:") })
    }

    @Test func featuresMarkedForItAreExpeditedToo() {
        let target = FakeTarget()
        target.description.features[1].isExpedited = true
        let client = Client(target).connect()
        let reply = client.ask("?") ?? ""
        #expect(reply.contains(";23:23000000000000000000000000000000;"))
        #expect(!reply.contains(";22:"))
    }

    @Test func reasonsAreOnlyToldToClientsThatKnowThem() {
        for (features, software, hardware) in [
            ("qSupported:swbreak+", "T05swbreak:;thread:1", "T05thread:1"),
            ("qSupported:hwbreak+", "T05thread:1", "T05hwbreak:;thread:1"),
            ("qSupported", "T05thread:1", "T05thread:1"),
        ] {
            let client = Client()
            _ = client.send(features)
            _ = client.send("vCont;c")
            #expect(client.stop(.softwareBreakpoint).first?.hasPrefix(software) == true)
            _ = client.send("vCont;c")
            #expect(client.stop(.hardwareBreakpoint).first?.hasPrefix(hardware) == true)
        }
    }

    @Test func theEndOfTheMachineIsAnExit() {
        let client = Client().connect()
        _ = client.send("c")
        #expect(client.stop(.poweredOff(status: 0)) == ["W00"])
        #expect(client.ask("?") == "W00")
        // A client can ask the machine to continue; the machine reports the result.
        _ = client.send("vCont;c")
        #expect(client.takeActions().count == 2)
        #expect(client.stop(.poweredOff(status: 3)) == ["W03"])
        _ = client.send("vCont;c")
        #expect(client.stop(.failed) == ["X06"])
        #expect(client.ask("?") == "X06")
    }

    @Test func whatStoppedTheMachineBeforeTheClientCameIsToldOnRequest() {
        for (reason, start) in [
            (StopEvent.Reason.paused, "T05thread:2;core:1;"), (.softwareBreakpoint, "T05swbreak:;thread:2;core:1;"),
            (.poweredOff(status: 1), "W01"), (.failed, "X06"),
        ] {
            let client = Client(initialStop: StopEvent(reason, vcpu: 1)).connect()
            #expect(client.ask("?")?.hasPrefix(start) == true)
            #expect(client.ask("qC") == "QC2")
        }
    }

    @Test func aStopOfAVCPUThatIsNotThereDoesNoHarm() {
        for vcpu in [-1, 2, Int.max] {
            let client = Client(initialStop: StopEvent(.paused, vcpu: vcpu)).connect()
            #expect(client.ask("?")?.hasPrefix("T05thread:\(vcpu < 0 ? 1 : 2);") == true)
            _ = client.send("c")
            #expect(client.stop(.stepped, vcpu: vcpu).first?.hasPrefix("T05thread:\(vcpu < 0 ? 1 : 2);") == true)
            #expect(client.ask("g")?.count == 584)
        }
    }
}
