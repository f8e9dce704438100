import Execution
import GDBStub
import Testing

@Suite struct LifecycleTests {
    /// A client with two breakpoints set.
    func client() -> Client {
        let client = Client().connect()
        _ = client.send("Z0,1000,4")
        _ = client.send("Z2,2000,8")
        return client
    }

    @Test(arguments: ["D", "D;1", "D;a410"]) func detachLeavesNothingBehind(packet: String) {
        let client = client()
        #expect(client.send(packet) == ["OK"])
        #expect(client.target.stopPoints == [])
        #expect(client.takeActions() == [.detach])
        #expect(client.isEnded)
    }

    @Test func nothingIsHeededAfterTheEnd() {
        let client = client()
        #expect(client.sendRaw(Client.frame(Array("D".utf8)) + Client.frame(Array("g".utf8)) + [3]) == ["OK"])
        #expect(client.send("g") == [])
        #expect(client.sendRaw([3]) == [])
        #expect(client.stop(.paused) == [])
        #expect(client.console("text") == [])
        client.disconnect()
        #expect(client.takeActions() == [.detach])
    }

    @Test func aLostConnectionIsADetach() {
        let client = client()
        client.disconnect()
        #expect(client.target.stopPoints == [])
        #expect(client.takeActions() == [.detach])
        client.disconnect()
        #expect(client.takeActions() == [])
    }

    @Test(arguments: [StopEvent.Reason.paused, .softwareBreakpoint, .poweredOff(status: 0), .failed])
    func aConnectionLostWhileTheMachineRunsStopsItToCleanUp(reason: StopEvent.Reason) {
        let client = client()
        _ = client.send("vCont;c")
        _ = client.takeActions()
        client.disconnect()
        #expect(client.takeActions() == [.interrupt])
        #expect(client.target.callsWhileRunning == 0)
        #expect(!client.isEnded)
        #expect(client.stop(reason) == [])
        #expect(client.takeActions() == [.detach])
        #expect(client.target.stopPoints == [])
        #expect(client.isEnded)
    }

    @Test func anInterruptThatIsUnderWayIsNotAskedForAgain() {
        let client = client()
        _ = client.send("vCont;c")
        _ = client.sendRaw([3])
        client.disconnect()
        #expect(client.takeActions().filter { $0 == .interrupt }.count == 1)
        #expect(client.stop(.paused) == [])
        #expect(client.takeActions() == [.detach])
    }

    @Test func detachWhileTheMachineRunsIsAnsweredWhenItIsClean() {
        let client = client()
        _ = client.send("vCont;c")
        _ = client.takeActions()
        #expect(client.send("D") == [])
        #expect(client.takeActions() == [.interrupt])
        #expect(client.send("g") == [])
        #expect(client.stop(.paused) == ["OK"])
        #expect(client.takeActions() == [.detach])
        #expect(client.target.callsWhileRunning == 0)
    }

    @Test func killHasNoReplyAndVKillHasOne() {
        for (packet, replies) in [("k", []), ("vKill;a410", ["OK"]), ("vKill;1", ["OK"])] {
            let client = client()
            #expect(client.send(packet) == replies)
            #expect(client.takeActions() == [.kill])
            #expect(client.target.stopPoints == [])
            #expect(client.isEnded)
            client.disconnect()
            #expect(client.takeActions() == [])
        }
    }

    @Test func killWhileTheMachineRunsStopsItFirst() {
        for (packet, replies) in [("k", []), ("vKill;1", ["OK"])] {
            let client = client()
            _ = client.send("vCont;c")
            _ = client.takeActions()
            #expect(client.send(packet) == [])
            client.target.isRunning = true
            #expect(client.takeActions() == [.interrupt])
            #expect(client.stop(.paused) == replies)
            #expect(client.takeActions() == [.kill])
        }
    }

    @Test func whoLeavesAfterAKillGetsNoReplyAnyMore() {
        let client = client()
        _ = client.send("vCont;c")
        _ = client.send("vKill;1")
        client.disconnect()
        #expect(client.stop(.paused) == [])
        #expect(client.takeActions().last == .kill)
    }

    @Test func namesThatOnlyBeginLikeAnEndEndNothing() {
        let client = client()
        for packet in ["kill", "k1", "vKillAll;1", "Detach", "D1", "D;", "vKill", "Dfoo"] {
            #expect(client.send(packet).count == 1, "\(packet)")
            #expect(!client.isEnded)
        }
        #expect(client.target.stopPoints.count == 2)
        #expect(client.takeActions() == [])
    }

    @Test(arguments: ["D;2", "D;0", "vKill;2", "vAttach;2"]) func aProcessThatIsNotThereCannotBeLeftOrKilled(
        packet: String
    ) {
        for isExtended in [false, true] {
            let client = client()
            if isExtended { _ = client.send("!") }
            #expect(client.ask(packet)?.hasPrefix("E.there is no such process") == true)
            #expect(!client.isEnded && client.takeActions() == [] && client.target.stopPoints.count == 2)
        }
    }

    @Test func inExtendedModeTheConnectionOutlivesADetach() {
        let client = client()
        #expect(client.send("!") == ["OK"])
        #expect(client.send("D") == ["OK"])
        #expect(client.target.stopPoints == [])
        #expect(client.takeActions() == [.release])
        client.target.isRunning = true
        #expect(client.ask("?") == "W00")
        #expect(client.ask("qfThreadInfo") == "l")
        // Clients take letters in a reply to m for data.
        #expect(client.ask("m40000000,1") == "E01")
        for packet in ["g", "p0", "vCont;c", "Z0,0,4", "qC", "qRcmd,68656c70", "QTStart", "vKill;1"] {
            #expect(client.ask(packet)?.hasPrefix("E.there is no process") == true, "\(packet)")
        }
        #expect(client.ask("qXfer:threads:read::0,100")?.hasPrefix("l<?xml") == true)
        #expect(client.target.callsWhileRunning == 0)
        #expect(client.takeActions() == [])
        #expect(client.send("vAttach;1") == [])
        #expect(client.takeActions() == [.interrupt])
        #expect(client.stop(.paused, vcpu: 1).first?.hasPrefix("T05thread:2;") == true)
        #expect(client.ask("m40000000,1") == "00")
        #expect(client.send("D;1") == ["OK"])
        client.disconnect()
        #expect(client.takeActions() == [.release, .detach])
    }

    @Test func inExtendedModeAKilledMachineIsHeldUntilItIsRunAgain() {
        for (kill, replies) in [("vKill;1", ["OK"]), ("k", [])] {
            let client = client()
            _ = client.send("!")
            #expect(client.send(kill) == replies)
            #expect(client.takeActions() == [.hold])
            #expect(client.target.stopPoints == [])
            #expect(client.ask("vAttach;1")?.hasPrefix("E.vAttach: the machine has been killed") == true)
            #expect(client.ask("vCont;c")?.hasPrefix("E.there is no process") == true)
            #expect(client.ask("vRun;2f62696e")?.hasPrefix("E.vRun: the machine's program was chosen") == true)
            #expect(client.send("vRun;").first?.hasPrefix("T05thread:1;") == true)
            #expect(client.target.log.last == "monitor reset")
            #expect(client.ask("m40000000,1") == "00")
            #expect(client.takeActions() == [])
            _ = client.send("vKill;1")
            client.disconnect()
            #expect(client.takeActions() == [.hold, .kill])
        }
    }

    @Test func inExtendedModeADetachedMachineIsHaltedForItsRestart() {
        let client = client()
        _ = client.send("!")
        _ = client.send("D")
        #expect(client.send("vRun;") == [])
        #expect(client.takeActions() == [.release, .interrupt])
        #expect(client.stop(.paused, vcpu: 1).first?.hasPrefix("T05thread:1;") == true)
        #expect(client.target.log.last == "monitor reset")
        #expect(client.ask("!") == "OK")
        #expect(client.ask("vRun;") != nil)
    }

    @Test func aClientThatLeavesWhileTheMachineStopsForItsAttachLetsItRun() {
        let client = client()
        _ = client.send("!")
        _ = client.send("D")
        _ = client.send("vAttach;1")
        client.disconnect()
        #expect(client.stop(.paused) == [])
        #expect(client.takeActions() == [.release, .interrupt, .detach])
    }

    @Test func withoutExtendedModeNothingIsRunOrAttachedTo() {
        let client = client()
        #expect(client.ask("vRun;") == "")
        #expect(client.ask("vAttach;1")?.hasPrefix("T05") == true)
    }

    @Test func whatArrivedBeforeTheConnectionEndedIsCarriedOut() {
        let client = client()
        _ = client.send("QNonStop:0")
        client.sendAndLeave(["m40000000,10", "M40000000,1:55", "k"])
        #expect(client.takeActions() == [.kill])
        #expect(client.target.ram[0] == 0x55)
    }

    @Test func restartResetsTheMachineWithoutAReply() {
        let client = client()
        _ = client.send("c")
        _ = client.stop(.poweredOff(status: 0))
        #expect(client.send("!") == ["OK"])
        #expect(client.send("R00") == [])
        #expect(client.target.log.last == "monitor reset")
        #expect(client.ask("?")?.hasPrefix("T05thread:1;") == true)
        #expect(client.target.stopPoints.count == 2)
        // A target that can't be reset stays as it is.
        client.target.monitorCommands = []
        #expect(client.send("R00") == [])
        #expect(client.ask("qC") == "QC1")
    }

    @Test func theNextClientFindsWhatTheDriverTellsIt() {
        let first = client()
        first.disconnect()
        let second = Client(first.target, initialStop: StopEvent(.hardwareBreakpoint, vcpu: 1)).connect()
        #expect(second.ask("?")?.hasPrefix("T05hwbreak:;thread:2;") == true)
    }
}
