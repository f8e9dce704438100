import TestSupport
import Testing

extension EndToEndX86 {
    /// The rules by which a breakpoint stops: before its instruction is fetched, and again until its hit is reported.
    @Suite struct StopRules {
        /// A client at a breakpoint in the guest's loop.
        private func start(_ vm: VMUnderTest) throws -> (client: RSPClient, hot: UInt64) {
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let hot = try GuestProgram.named("forever", .x86_64).symbol("hot")
            #expect(try client.ask("Z0,\(hex(hot)),1") == "OK")
            try expectStop(client, at: hot, "the function", pc: RSPClient.X86Register.rip)
            #expect(try client.ask("z0,\(hex(hot)),1") == "OK")
            return (client, hot)
        }

        @Test("a breakpoint stops before the fetch from its address, whatever is there", arguments: [0, 1])
        func beforeTheFetch(kind: Int) throws {
            let vm = try VMUnderTest(pc: "forever")
            let (client, hot) = try start(vm)
            // Nothing is mapped at the first; the second is the local APIC's page.
            for place: UInt64 in [0x4000_0000_0000, 0xfee0_0000] {
                #expect(try client.ask("Z\(kind),\(hex(place)),1") == "OK")
                let bytes = (0..<8).map { UInt8(truncatingIfNeeded: place >> (8 * $0)) }
                #expect(try client.ask("P10=" + RSPClient.hex(bytes)) == "OK")
                try expectStop(client, at: place, "not fetched", pc: RSPClient.X86Register.rip)
                #expect(try client.ask("z\(kind),\(hex(place)),1") == "OK")
            }
            #expect(
                try client.ask("P10=" + RSPClient.hex((0..<8).map { UInt8(truncatingIfNeeded: hot >> (8 * $0)) }))
                    == "OK")
            try client.send("vCont;c")
            try vm.expectBeats()
        }

        @Test(
            "a step that ends at an inserted breakpoint, and one inserted at the current PC, stop when the vCPU continues",
            arguments: [0, 1], ["auto", "memory"])
        func notReportedYet(kind: Int, placement: String) throws {
            let vm = try VMUnderTest(pc: "forever")
            let (client, hot) = try start(vm)
            try client.monitor("breakpoints \(placement)")
            // PUSH RBP; MOV RBP, RSP; and what follows.
            let places = [hot + 1, hot + 4]
            #expect(try client.ask("Z\(kind),\(hex(hot)),1") == "OK")
            #expect(try client.ask("Z\(kind),\(hex(places[0])),1") == "OK")
            try expectStop(client, at: places[0], "step", after: "vCont;s:1", pc: RSPClient.X86Register.rip)
            try expectStop(client, at: places[0], "not reported yet", pc: RSPClient.X86Register.rip)
            try expectStop(client, at: places[1], "step", after: "vCont;s:1", pc: RSPClient.X86Register.rip)
            #expect(try client.ask("Z\(kind),\(hex(places[1])),1") == "OK")
            try expectStop(client, at: places[1], "inserted where it stands", pc: RSPClient.X86Register.rip)
            // Each has been reported and is passed once.
            for place in [hot] + places {
                try expectStop(client, at: place, "the next turn", pc: RSPClient.X86Register.rip)
            }
            for place in [hot] + places { #expect(try client.ask("z\(kind),\(hex(place)),1") == "OK") }
            try client.send("vCont;c")
            try vm.expectBeats()
        }

        @Test("a breakpoint at the instruction after a watched store stops when the vCPU continues from the watchpoint")
        func breakpointAfterWatchpoint() throws {
            let vm = try VMUnderTest(pc: "forever")
            let (client, _) = try start(vm)
            let watched = try GuestProgram.named("forever", .x86_64).symbol("watched") + 4
            #expect(try client.ask("Z2,\(hex(watched)),4") == "OK")
            let stop = try client.ask("vCont;c")
            #expect(stop.contains("watch:"), "\(stop)")
            let after = try client.instructionPointer()
            #expect(try client.ask("Z0,\(hex(after)),1") == "OK")
            let hit = try client.ask("vCont;c")
            #expect(hit.contains("swbreak"), "\(hit)")
            #expect(try client.instructionPointer() == after)
            // Next is the next turn's store, and then the breakpoint again, which has been reported a turn ago only.
            let next = try client.ask("vCont;c")
            #expect(next.contains("watch:"), "\(next)")
            let second = try client.ask("vCont;c")
            #expect(second.contains("swbreak"), "\(second)")
            #expect(try client.instructionPointer() == after)
            #expect(try client.ask("z0,\(hex(after)),1") == "OK")
            #expect(try client.ask("z2,\(hex(watched)),4") == "OK")
            try client.send("vCont;c")
            try vm.expectBeats()
        }
    }
}
