import Foundation
import TestSupport
import Testing

/// Non-stop mode in packets, without GDB.
extension EndToEnd.NonStop {
    @Test("memory is there while vCPUs run, registers are those of vCPUs that are held")
    func heldAndRunning() throws {
        let rig = try NonStopGuest()
        try rig.expectRunning(2)
        try rig.expectHeld(1)
        #expect(try rig.client.ask("Hg2") == "OK")
        let error = "E.vCPU 1 is running: its registers are there when it is stopped"
        #expect(try rig.client.ask("p20") == error)
        #expect(try rig.client.ask("g") == error)
        // By the running one's translation, and written to as well.
        let word = String(try rig.guest.symbol("how_many"), radix: 16)
        #expect(try rig.client.ask("m\(word),8") == "2800000000000000")
        #expect(try rig.client.ask("M\(word),8:2900000000000000") == "OK")
        #expect(try rig.client.ask("m\(word),1") == "29")
        try rig.expectRunning(2)
    }

    @Test("a breakpoint put in while vCPUs run stops the one that meets it", arguments: [0, 1])
    func breakpointWhileRunning(kind: Int) throws {
        let rig = try NonStopGuest()
        for _ in 0..<5 {
            try rig.expectRunning(2)
            try rig.insert(rig.beat, kind: kind)
            #expect(try rig.nextStop().contains("thread:2;"))
            #expect(try rig.programCounter(2) == rig.beat)
            try rig.expectHeld(1)
            try rig.expectHeld(2)
            try rig.remove(rig.beat, kind: kind)
            #expect(try rig.client.ask("vCont;c:2") == "OK")
        }
        // Taken out while it runs, it is out.
        try rig.insert(try rig.guest.symbol("both"), kind: kind)
        try rig.remove(try rig.guest.symbol("both"), kind: kind)
        try rig.expectRunning(2)
        #expect(try rig.client.hearsNothing(for: .milliseconds(50)))
    }

    /// Where a breakpoint is: KVM puts a software breakpoint into a register while there is one.
    enum Place: CaseIterable { case anywhere, memory, hardware }

    @Test("a breakpoint that one vCPU is stepped over is not missed by the other", arguments: Place.allCases)
    func steppingOverABreakpointOfBoth(place: Place) throws {
        let rig = try NonStopGuest()
        if place == .memory { try rig.client.monitor("breakpoints memory") }
        try rig.insert(rig.beat, kind: place == .hardware ? 1 : 0)
        #expect(try rig.nextStop().contains("thread:2;"))
        #expect(try rig.client.ask("vCont;c:1") == "OK")
        #expect(try rig.nextStop().contains("thread:1;"))
        for round in 0..<20 {
            let before = (try rig.beats(1), try rig.beats(2))
            // One continues until it hits the breakpoint again, the other steps off it.
            let (goes, steps) = round % 2 == 0 ? (1, 2) : (2, 1)
            for action in round % 4 < 2 ? ["c:\(goes)", "s:\(steps)"] : ["s:\(steps)", "c:\(goes)"] {
                #expect(try rig.client.ask("vCont;\(action)") == "OK")
            }
            let stops = try rig.nextStops(2)
            #expect(stops.contains { $0.contains("thread:1;") } && stops.contains { $0.contains("thread:2;") })
            #expect(try rig.programCounter(goes) == rig.beat)
            #expect(try rig.programCounter(steps) == rig.beat + 4)
            let after = (try rig.beats(1), try rig.beats(2))
            #expect(goes == 1 ? after == (before.0 + 3, before.1) : after == (before.0, before.1 + 3))
            // Once more around for the one that stepped.
            #expect(try rig.client.ask("vCont;c:\(steps)") == "OK")
            #expect(try rig.nextStop().contains("thread:\(steps);"))
        }
    }

    @Test("each step is reported for itself, also when two vCPUs step together")
    func twoSteppers() throws {
        let rig = try NonStopGuest()
        #expect(try rig.client.ask("vCont;t:2") == "OK")
        #expect(try rig.nextStop().hasPrefix("Stop:T00thread:2;"))
        let before = try rig.beats(2)
        for _ in 0..<50 {
            #expect(try rig.client.ask("vCont;s") == "OK")
            let stops = try rig.nextStops(2)
            #expect(stops.allSatisfy { $0.contains("T05") }, "\(stops)")
            #expect(Set(stops.compactMap { $0.firstMatch(of: /thread:(.);/)?.1 }) == ["1", "2"], "\(stops)")
        }
        #expect(try rig.beats(2) >= before)
        #expect(try rig.client.hearsNothing(for: .milliseconds(50)))
    }

    @Test("a range is stepped through on the target while the other vCPU runs")
    func range() throws {
        let rig = try NonStopGuest()
        try rig.insert(rig.beat)
        #expect(try rig.nextStop().contains("thread:2;"))
        try rig.remove(rig.beat)
        #expect(try rig.client.ask("vCont;c:1") == "OK")
        try rig.expectRunning(1)
        let end = rig.beat + 8
        let range = "\(String(rig.beat, radix: 16)),\(String(end, radix: 16))"
        #expect(try rig.client.ask("vCont;r\(range):2") == "OK")
        #expect(try rig.nextStop().contains("T05thread:2;"))
        #expect(try rig.programCounter(2) == end)
        try rig.expectRunning(1)
    }

    @Test("vCont;t and vCtrlC stop the selected vCPU, and the others continue")
    func stopping() throws {
        let rig = try NonStopGuest()
        #expect(try rig.client.ask("vCont;c:1") == "OK")
        for thread in [1, 2, 1] {
            #expect(try rig.client.ask("vCont;t:\(thread)") == "OK")
            #expect(try rig.nextStop().hasPrefix("Stop:T00thread:\(thread);"))
            try rig.expectHeld(thread)
            try rig.expectRunning(3 - thread)
            #expect(try rig.client.ask("vCont;c:\(thread)") == "OK")
        }
        #expect(try rig.client.ask("vCtrlC") == "OK")
        #expect(try rig.client.ask("vCtrlC") == "OK")
        let stops = try rig.nextStops(2)
        #expect(stops.allSatisfy { $0.contains("T02thread:") }, "\(stops)")
        try rig.expectHeld(1)
        try rig.expectHeld(2)
        #expect(try rig.client.ask("QNonStop:0") == "OK")
        #expect(try rig.client.ask("?").hasPrefix("T02thread:"))
    }

    @Test("a session ends from every state and leaves the guest running", arguments: ["D", ""])
    func ending(packet: String) throws {
        for isHeld in [true, false] {
            let rig = try NonStopGuest()
            try rig.insert(try rig.guest.symbol("both"))
            if !isHeld { #expect(try rig.client.ask("vCont;c:1") == "OK") }
            if packet.isEmpty {
                rig.client.close()
            } else {
                #expect(try rig.client.ask(packet) == "OK")
            }
            // The next client finds both at work, all-stop mode and no breakpoint.
            let log = try rig.vm.gdb(
                "smp",
                """
                printf "@beats=%lu\\n@beats=%lu\\n", beats[0], beats[1]
                detach
                shell sleep 0.2
                target remote \(rig.vm.endpoint)
                printf "@beats=%lu\\n@beats=%lu\\n", beats[0], beats[1]
                printf "@code=%#x\\n", *(unsigned *)both
                kill
                """)
            let beats = log.values("beats")
            #expect(log.succeeded && beats.count == 4, "\(log)")
            #expect(beats.count == 4 && beats[2] > beats[0] && beats[3] > beats[1], "\(log)")
            #expect(log.value("code") != 0xd420_0000)
        }
    }

    @Test("output of a breakpoint goes to standard error, and stops no vCPU")
    func printing() throws {
        let rig = try NonStopGuest()
        // printf "hi!\n" at each call; the format stands in the bytecode.
        let address = String(rig.beat, radix: 16)
        #expect(
            try rig.client.ask("Z0,\(address),4;cmds:0,Xf,22002200340000066869215c6e0027") == "OK")
        try rig.expectRunning(2)
        try rig.remove(rig.beat)
        #expect(rig.vm.errors.contains("hi!\n"), "\(rig.vm.errors.suffix(200))")
        #expect(try rig.client.hearsNothing(for: .milliseconds(20)))
    }

    @Test("a reset holds all vCPUs at the beginning")
    func reset() throws {
        let rig = try NonStopGuest()
        try rig.client.monitor("reset")
        #expect(try rig.nextStop().hasPrefix("Stop:T00thread:2;"))
        #expect(try rig.beats(2) == 0)
        #expect(try rig.client.ask("vCont;c") == "OK")
        try rig.vm.waitForSerial("two beginnings") { $0.components(separatedBy: "smp: begin").count == 3 }
    }

    @Test("vCPUs that are turned on are reported, and held", .notOnKVM(.powerEvents))
    func turnedOn() throws {
        let vm = try VMUnderTest("smp", cpus: 2)
        let client = try RSPClient(vm.endpoint)
        try client.introduce()
        #expect(try client.ask("QNonStop:1") == "OK")
        #expect(try client.ask("QThreadEvents:1") == "OK")
        #expect(try client.ask("vCont;c") == "OK")
        #expect(try client.notification().hasPrefix("Stop:T05create:;thread:2;"))
        #expect(try client.ask("vStopped") == "OK")
        usleep(100_000)
        #expect(!vm.serial.contains("calls"))
        #expect(try client.ask("vCont;c:2") == "OK")
        try vm.waitForSerial("smp: calls 40 40\n")
    }
}
