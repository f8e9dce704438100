import Execution
import GDBStub
import Testing

@Suite struct LLDBTests {
    /// A client that has said what LLDB says first.
    private func lldb(everything: Bool = true) -> Client {
        let target = FakeTarget()
        if everything { target.haveEverything() }
        let client = Client(target)
        for packet in ["QStartNoAckMode", "QThreadSuffixSupported", "QListThreadsInStopReply", "QEnableErrorStrings"] {
            #expect(client.ask(packet) == "OK")
        }
        return client
    }

    @Test func hostAndProcessAreDescribed() {
        let triple = Client.hex("aarch64-x-none")
        #expect(
            lldb().ask("qHostInfo")
                == "triple:\(triple);endian:little;ptrsize:8;watchpoint_exceptions_received:before;addressing_bits:48;"
                + "low_mem_addressing_bits:39;high_mem_addressing_bits:48;vm-page-size:4096;")
        #expect(lldb().ask("qProcessInfo") == "pid:1;triple:\(triple);endian:little;ptrsize:8;")
        #expect(lldb().ask("qGDBServerVersion") == "name:gdbstub;version:fake 1.0;")
        #expect(lldb().ask("qOffsets") == "Text=1000;Data=1000;Bss=1000")
        #expect(lldb().ask("qWatchpointSupportInfo:") == "num:4;")
        #expect(lldb().ask("qEcho:12;3") == "qEcho:12;3")
    }

    @Test(arguments: [
        "qHostInfo", "qProcessInfo", "qOffsets", "qWatchpointSupportInfo:", "qMemoryRegionInfo:",
        "qMemoryRegionInfo:40000000", "qqemu.PhyMemMode", "Qqemu.PhyMemMode:1",
    ])
    func whatATargetDoesNotHaveIsNotKnown(packet: String) {
        #expect(lldb(everything: false).send(packet) == [""])
    }

    @Test func registersAreThoseOfTheNamedThread() {
        let client = lldb()
        #expect(client.ask("p1;thread:2;") == "0100000001000000")
        #expect(client.ask("p1;thread:1") == "0100000000000000")
        #expect(client.ask("g;thread:2;")?.hasPrefix("0000000001000000") == true)
        #expect(client.ask("P1=1122334455667788;thread:2;") == "OK")
        #expect(client.target.registers[1][1] == [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88])
        #expect(client.target.registers[0][1]?.first == 1)
        // Without a thread, the packet means the one that Hg chose.
        _ = client.send("Hg2")
        #expect(client.ask("p1;thread:0;") == "1122334455667788")
        #expect(client.ask("p1;thread:3;")?.hasPrefix("E03;") == true)
    }

    @Test func everyStopReplyNamesAllThreads() {
        let client = lldb()
        _ = client.send("c")
        let replies = client.stop(.stepped, vcpu: 1)
        #expect(replies.count == 1)
        #expect(replies[0].hasPrefix("T05thread:2;core:1;0:0000000001000000;"))
        #expect(
            replies[0].hasSuffix("hexname:\(Client.hex("CPU 1"));reason:trace;threads:1,2;thread-pcs:20,100000020;"))
        #expect(client.ask("qThreadStopInfo2") == replies[0])
        let other = client.ask("qThreadStopInfo1") ?? ""
        #expect(other.hasPrefix("T00thread:1;core:0;") && !other.contains("reason:"))
        #expect(client.ask("qThreadStopInfo3")?.hasPrefix("E03;") == true)
        // For other clients nothing changes.
        #expect(Client().ask("?")?.contains("threads:") == false)
    }

    @Test(arguments: [
        (StopEvent.Reason.softwareBreakpoint, "reason:breakpoint;"), (.hardwareBreakpoint, "reason:breakpoint;"),
        (.caughtException, "reason:exception;description:" + Client.hex("data abort") + ";"),
    ])
    func theReasonIsTold(reason: StopEvent.Reason, expected: String) {
        let client = lldb()
        _ = client.send("c")
        #expect(client.stop(reason).last?.contains(expected) == true)
    }

    @Test func aStopMadeForTheClientIsTheFirstThreads() {
        let paused = Client(FakeTarget(), initialStop: StopEvent(.paused, vcpu: 1))
        #expect(paused.ask("?")?.hasPrefix("T05thread:2;") == true)
        #expect(paused.ask("QListThreadsInStopReply") == "OK")
        #expect(paused.ask("?")?.hasPrefix("T05thread:1;") == true)
        // A stop there was before, or one since, is whose it is.
        let stopped = Client(FakeTarget(), initialStop: StopEvent(.stepped, vcpu: 1))
        #expect(stopped.ask("QListThreadsInStopReply") == "OK")
        #expect(stopped.ask("?")?.hasPrefix("T05thread:2;") == true)
        _ = paused.send("c")
        #expect(paused.stop(.paused, vcpu: 1).last?.hasPrefix("T02thread:2;") == true)
        #expect(paused.ask("QListThreadsInStopReply") == "OK")
        #expect(paused.ask("?")?.hasPrefix("T02thread:2;") == true)
    }

    @Test func killIsAnsweredWithTheEndOfTheProcess() {
        let client = lldb()
        #expect(client.send("k") == ["W00"])
        #expect(client.takeActions() == [.kill])
        let running = lldb()
        _ = running.send("c")
        #expect(running.send("k") == [])
        #expect(running.stop(.paused) == ["W00"])
        #expect(running.takeActions().last == .kill)
    }

    @Test func allThreadsComeAsOneDocument() {
        let client = lldb()
        _ = client.send("c")
        _ = client.stop(.watchpoint(.writeWatchpoint, address: 0x4000_0010), vcpu: 0)
        let document = client.ask("jThreadsInfo") ?? ""
        #expect(
            document.hasPrefix(#"[{"tid":1,"name":"CPU 0","reason":"watchpoint","signal":5,"description":"1073741840 "#)
        )
        #expect(document.contains(#""registers":{"0":"0000000000000000","1":"0100000000000000","#))
        #expect(
            document.contains(#","32":"2000000000000000","33":"21000000"}},{"tid":2,"name":"CPU 1","reason":"none","#))
        #expect(document.hasSuffix("}}]"))
        // Of a machine that is gone there are no threads, but its end.
        _ = client.send("c")
        _ = client.stop(.poweredOff(status: 3))
        #expect(client.ask("jThreadsInfo") == "")
        #expect(client.ask("qThreadStopInfo1") == "W03")
    }

    @Test func regionsCoverTheWholeAddressSpace() {
        let client = lldb()
        #expect(client.ask("qMemoryRegionInfo:") == "OK")
        #expect(client.ask("qMemoryRegionInfo:0") == "start:0;size:40000000;")
        #expect(
            client.ask("qMemoryRegionInfo:40000010")
                == "start:40000000;size:1000;permissions:rw;name:\(Client.hex("RAM;"));")
        #expect(client.ask("qMemoryRegionInfo:40001000") == "start:40001000;size:ffffffffbfffefff;")
        #expect(client.ask("qMemoryRegionInfo:ffffffffffffffff") == "start:40001000;size:ffffffffbfffefff;")
    }

    @Test func registersAreDescribedUpToTheFirstGap() {
        let client = lldb()
        #expect(
            client.ask("qRegisterInfo20")
                == "name:pc;bitsize:64;offset:256;encoding:uint;format:hex;set:General Purpose Registers;generic:pc;")
        #expect(
            client.ask("qRegisterInfo23")
                == "name:v0;bitsize:128;offset:276;encoding:vector;format:vector-uint8;set:vector;")
        #expect(client.ask("qRegisterInfo24")?.hasPrefix("E45") == true)
        #expect(client.ask("qRegisterInfoffffffffffffffff")?.hasPrefix("E45") == true)
    }

    @Test func severalRangesAreReadAtOnce() {
        let client = lldb()
        #expect(
            client.ask("MultiMemRead:ranges:40000010,4,0,8,40000ffe,10,40000020,0;")
                == "4,0,2,0;\u{10}\u{11}\u{12}\u{13}\u{fe}\u{ff}")
        let target = FakeTarget(ramSize: 0x20000)
        let long = Client(target).connect()
        let reply = long.ask("MultiMemRead:ranges:40000000,20000,40000000,1;") ?? ""
        #expect(reply.hasPrefix("10000,0;") && reply.unicodeScalars.count == 8 + 0x10000)
    }

    @Test func errorsCarryTheirTextInHex() {
        let client = lldb()
        client.target.nextError = .noSpace("none left")
        #expect(client.ask("Z0,40000000,4") == "E1c;" + Client.hex("none left"))
        // Reads of memory never do.
        #expect(client.ask("m0,4") == "E0e")
        #expect(client.ask("x0,4") == "E0e")
        #expect(client.ask("mx") == "" || client.ask("m0") == "E16")
    }

    @Test func askedWhileTheMachineRunsItSaysSo() {
        let client = lldb()
        _ = client.send("c")
        for packet in [
            "qHostInfo", "qMemoryRegionInfo:0", "jThreadsInfo", "qThreadStopInfo1", "MultiMemRead:ranges:0,1;",
        ] {
            #expect(client.ask(packet)?.hasPrefix("E10") == true, "\(packet)")
        }
        #expect(client.ask("qGDBServerVersion")?.hasPrefix("name:") == true)
        #expect(client.target.callsWhileRunning == 0)
    }
}
