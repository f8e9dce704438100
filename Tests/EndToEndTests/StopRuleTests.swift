import TestSupport
import Testing

extension EndToEnd {
    /// The rules by which a breakpoint stops: before its instruction is fetched, and again until its hit is reported.
    @Suite struct StopRules {
        private func attach(_ vm: VMUnderTest) throws -> RSPClient {
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            return client
        }

        @Test("a breakpoint stops before the fetch from its address, whatever the page says", arguments: [0, 1])
        func beforeTheFetch(kind: Int) throws {
            let vm = try VMUnderTest("fetch")
            let guest = try GuestProgram.named("fetch")
            let client = try attach(vm)
            let ready = try guest.symbol("ready")
            #expect(try client.ask("Z0,\(hex(ready)),4") == "OK")
            try expectStop(client, at: ready, "ready")
            #expect(try client.ask("z0,\(hex(ready)),4") == "OK")
            let table = try guest.symbol("places")
            let names = [
                "unmapped", "execute-never", "device memory", "no memory", "misaligned", "mapped by its fault",
            ]
            let places = try names.indices.map {
                RSPClient.number(hex: try client.ask("m\(hex(table + 8 * UInt64($0))),8"))
            }
            for (name, place) in zip(names, places) {
                #expect(try client.ask("Z\(kind),\(hex(place)),4") == "OK", "\(name)")
                try expectStop(client, at: place, "\(name)")
            }
            // The guest takes each fault when the vCPU continues. The last page is mapped then, and its breakpoint has
            // been reported for the instruction that is fetched again. The second turn meets each of them once more.
            // KVM does not show that it is the same instruction's second fetch.
            if VMUnderTest.isKVM { try expectStop(client, at: places[5], "the page is mapped now") }
            for (name, place) in zip(names, places) {
                try expectStop(client, at: place, "\(name), again")
                #expect(try client.ask("z\(kind),\(hex(place)),4") == "OK", "\(name)")
            }
            #expect(try client.ask("vCont;c") == "W00")
            #expect(vm.serial == "fetch: faults 11 lates 1 returns 12\n", "\(vm.serial)")
        }

        @Test(
            "a step that ends at an inserted breakpoint reports no hit: the breakpoint stops when the vCPU continues",
            arguments: [0, 1])
        func stepOntoBreakpoint(kind: Int) throws {
            let vm = try VMUnderTest("calls")
            let place = try GuestProgram.named("calls").symbol("straight")
            let client = try attach(vm)
            #expect(try client.ask("Z\(kind),\(hex(place)),4") == "OK")
            try expectStop(client, at: place, "the function")
            #expect(try client.ask("Z\(kind),\(hex(place + 8)),4") == "OK")
            try expectStop(client, at: place + 4, "step", after: "vCont;s:1")
            try expectStop(client, at: place + 8, "step", after: "vCont;s:1")
            try expectStop(client, at: place + 8, "not reported yet")
            // Reported once, passed once.
            #expect(try client.ask("Z\(kind),\(hex(place + 12)),4") == "OK")
            try expectStop(client, at: place + 12, "the next")
            for address in [place, place + 8, place + 12] {
                #expect(try client.ask("z\(kind),\(hex(address)),4") == "OK")
            }
            #expect(try client.ask("vCont;c") == "W00")
        }

        @Test(
            "an instruction that branches to itself is at its breakpoint again after a step: it stops when the vCPU continues",
            arguments: [0, 1])
        func stepToItself(kind: Int) throws {
            let vm = try VMUnderTest("calls")
            let place = try GuestProgram.named("calls").symbol("straight")
            let client = try attach(vm)
            #expect(try client.ask("Z\(kind),\(hex(place)),4") == "OK")
            try expectStop(client, at: place, "the function")
            let own = try client.ask("m\(hex(place)),4")
            // b .
            #expect(try client.ask("M\(hex(place)),4:00000014") == "OK")
            try expectStop(client, at: place, "step", after: "vCont;s:1")
            let second = try client.ask("vCont;c")
            #expect(second.contains("break"), "\(second)")
            #expect(try client.ask("M\(hex(place)),4:\(own)") == "OK")
            #expect(try client.ask("z\(kind),\(hex(place)),4") == "OK")
            try expectStop(client, at: place + 4, "step", after: "vCont;s:1")
        }

        @Test("a breakpoint that is inserted at the current PC stops when the vCPU continues", arguments: [0, 1])
        func insertedAtPC(kind: Int) throws {
            let vm = try VMUnderTest("calls")
            let place = try GuestProgram.named("calls").symbol("straight")
            let client = try attach(vm)
            // Held at the first instruction, after a step, and where another breakpoint was reported and removed.
            let entry = try client.programCounter()
            #expect(try client.ask("Z\(kind),\(hex(entry)),4") == "OK")
            try expectStop(client, at: entry, "at the first instruction")
            #expect(try client.ask("z\(kind),\(hex(entry)),4") == "OK")
            #expect(try client.ask("Z\(kind),\(hex(place)),4") == "OK")
            try expectStop(client, at: place, "the function")
            try expectStop(client, at: place + 4, "step", after: "vCont;s:1")
            #expect(try client.ask("Z\(kind),\(hex(place + 4)),4") == "OK")
            try expectStop(client, at: place + 4, "after a step")
            for address in [place, place + 4] { #expect(try client.ask("z\(kind),\(hex(address)),4") == "OK") }
            #expect(try client.ask("vCont;c") == "W00")
        }

        @Test(
            "breakpoints on adjacent instructions are hit one after another, each once, whether stub or client steps off them",
            arguments: [0, 1], [false, true])
        func adjacent(kind: Int, clientSteps: Bool) throws {
            let vm = try VMUnderTest("calls")
            let start = try GuestProgram.named("calls").symbol("straight")
            let client = try attach(vm)
            // No more than the registers that any processor has (Arm ARM, ID_AA64DFR0_EL1.BRPs).
            let places = (0..<4).map { start + 4 * UInt64($0) }
            for address in places { #expect(try client.ask("Z\(kind),\(hex(address)),4") == "OK") }
            for address in places {
                try expectStop(client, at: address, "continue")
                guard clientSteps else { continue }
                // GDB's and LLDB's way off a breakpoint.
                #expect(try client.ask("z\(kind),\(hex(address)),4") == "OK")
                try expectStop(client, at: address + 4, "step", after: "vCont;s:1")
                #expect(try client.ask("Z\(kind),\(hex(address)),4") == "OK")
            }
            for address in places { #expect(try client.ask("z\(kind),\(hex(address)),4") == "OK") }
            #expect(try client.ask("vCont;c") == "W00")
        }

        @Test(
            "each execution of an instruction that cannot be fetched is a hit of its own, whether stub or client steps off it",
            arguments: [false, true])
        func eachExecution(clientSteps: Bool) throws {
            let vm = try VMUnderTest("reenter")
            let enter = try GuestProgram.named("reenter").symbol("enter")
            let place = enter + 2
            let client = try attach(vm)
            // The vectors are set by then: KVM finds the fault at its vector (Documentation/limits.md).
            #expect(try client.ask("Z0,\(hex(enter)),4") == "OK")
            try expectStop(client, at: enter, "the function")
            #expect(try client.ask("z0,\(hex(enter)),4") == "OK")
            #expect(try client.ask("Z0,\(hex(place)),4") == "OK")
            for execution in 1...5 {
                try expectStop(client, at: place, "execution \(execution)")
                #expect(try client.register(0) == UInt64(execution))
                guard clientSteps else { continue }
                #expect(try client.ask("z0,\(hex(place)),4") == "OK")
                #expect(try client.ask("vCont;s:1").hasPrefix("T05"))
                #expect(try client.ask("Z0,\(hex(place)),4") == "OK")
            }
            #expect(try client.ask("z0,\(hex(place)),4") == "OK")
            #expect(try client.ask("vCont;c") == "W00")
            #expect(vm.serial == "reenter: done\n", "\(vm.serial)")
        }

        @Test("a breakpoint that is inserted where a watchpoint was reported stops first, and both are passed then")
        func breakpointAtWatchpoint() throws {
            let vm = try VMUnderTest("calls")
            let guest = try GuestProgram.named("calls")
            let client = try attach(vm)
            let calls = try guest.symbol("calls")
            #expect(try client.ask("Z2,\(hex(calls)),4") == "OK")
            let stop = try client.ask("vCont;c")
            #expect(stop.contains("watch:"), "\(stop)")
            // The first store is the start-up code's, which clears the variable.
            let first = try client.programCounter()
            let cleared = try client.register(1)
            #expect(try client.ask("Z0,\(hex(first)),4") == "OK")
            let hit = try client.ask("vCont;c")
            #expect(hit.contains("swbreak"), "\(hit)")
            #expect(try client.programCounter() == first && client.register(1) == cleared)
            // Both have been reported for this store: next is the loop's next turn, which stores the next 8 bytes.
            #expect(try client.ask("vCont;c").contains("swbreak"))
            #expect(try client.programCounter() == first)
            #expect(try client.register(1) == cleared + 8)
            #expect(try client.ask("z0,\(hex(first)),4") == "OK")
            let store = try client.ask("vCont;c")
            #expect(store.contains("watch:"), "\(store)")
            #expect(try client.programCounter() != first)
            #expect(try client.ask("z2,\(hex(calls)),4") == "OK")
            #expect(try client.ask("vCont;c") == "W00")
        }
    }
}
