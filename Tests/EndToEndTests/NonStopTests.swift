import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Non-stop mode: vCPUs that are held, stepped and stopped while others run.
    @Suite(.traplineOnly("QEMU has no non-stop mode")) struct NonStop {
        @Test("GDB holds one vCPU at a breakpoint, reads the other's counter move, and stops and resumes all")
        func gdbHoldsOne() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let gdb = try GDBSession(elf: GuestProgram.named("smp").path)
            try gdb.command("set non-stop on")
            try gdb.command("target remote \(vm.endpoint)")
            try expectOneRunning(gdb)
            try gdb.command("break all_finished")
            try gdb.start("continue -a &")
            let stop = try gdb.waitForStop()
            #expect(stop.contains("breakpoint-hit") && stop.contains("thread-id=\"1\""), "\(stop)")
            try expectOneRunning(gdb)
            for _ in 0..<2 {
                let before = try gdb.number("beats[1]")
                #expect(try Patience.eventually { try gdb.number("beats[1]") > before })
            }
            // The held one is there with all its registers, and its frame.
            #expect(try gdb.command("backtrace 1").contains("all_finished"))
            try gdb.command("set $x27 = 0x2727")
            #expect(try gdb.number("$x27") == 0x2727)
            try gdb.start("interrupt -a")
            #expect(try gdb.waitForStop().contains("thread-id=\"2\""))
            #expect(try gdb.command("info threads").components(separatedBy: "running").count == 1)
            let held = try gdb.number("beats[1]")
            usleep(50_000)
            #expect(try gdb.number("beats[1]") == held)
            try gdb.command("delete")
            try gdb.start("continue -a &")
            #expect(
                try Patience.eventually { try gdb.number("beats[1]") > held && gdb.number("beats[0]") > 0 })
            try gdb.start("interrupt -a")
            _ = try gdb.waitForStop()
            try gdb.command("detach")
        }

        private func expectOneRunning(_ gdb: GDBSession) throws {
            let threads = try gdb.command("info threads")
            #expect(threads.components(separatedBy: "(running)").count == 2, "\(threads)")
        }

        @Test("GDB steps the held vCPU over a breakpoint while the other runs", arguments: ["on", "off"])
        func gdbStepsOverABreakpoint(displaced: String) throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let gdb = try GDBSession(elf: GuestProgram.named("smp").path)
            try gdb.command("set non-stop on")
            try gdb.command("set displaced-stepping \(displaced)")
            try gdb.command("target remote \(vm.endpoint)")
            try gdb.command("break all_finished")
            try gdb.start("continue -a &")
            _ = try gdb.waitForStop()
            try gdb.command("delete")
            try gdb.command("break beat thread 1")
            for _ in 0..<3 {
                let before = try gdb.number("beats[0]")
                try gdb.start("continue &")
                #expect(try gdb.waitForStop().contains("breakpoint-hit"))
                #expect(try gdb.number("beats[0]") == before)
                let place = try gdb.number("$pc")
                try gdb.start("stepi &")
                #expect(try gdb.waitForStop().contains("end-stepping-range"))
                #expect(try gdb.number("$pc") == place + 4)
                try gdb.start("next &")
                _ = try gdb.waitForStop()
                try gdb.start("finish &")
                _ = try gdb.waitForStop()
                #expect(try gdb.number("beats[0]") == before + 3)
            }
            let beats = try gdb.number("beats[1]")
            #expect(try Patience.eventually { try gdb.number("beats[1]") > beats })
            try gdb.start("interrupt -a")
            _ = try gdb.waitForStop()
            try gdb.command("detach")
        }

        @Test("GDB has non-stop mode underneath its own all-stop mode (maint set target-non-stop)")
        func gdbOnTopOfNonStop() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let log = try GDB.batch(
                elf: GuestProgram.named("smp").path,
                """
                maint set target-non-stop on
                target remote \(vm.endpoint)
                break all_finished
                continue
                printf "@calls=%lu\\n@calls=%lu\\n", calls[0], calls[1]
                delete
                break beat thread 2
                continue
                printf "@beats=%lu\\n", beats[1]
                continue
                printf "@beats=%lu\\n@thread=%d\\n", beats[1], $_thread
                stepi
                detach
                """)
            #expect(log.succeeded && log.values("calls") == [40, 40], "\(log)")
            let beats = log.values("beats")
            #expect(beats.count == 2 && beats[1] == beats[0] + 3 && log.value("thread") == 2, "\(log)")
        }

        @Test("a guest that powers off ends GDB's session in non-stop mode")
        func gdbSeesTheEnd() throws {
            let vm = try VMUnderTest("calls", cpus: 2)
            let gdb = try GDBSession(elf: GuestProgram.named("calls").path)
            try gdb.command("set non-stop on")
            try gdb.command("target remote \(vm.endpoint)")
            try gdb.start("continue -a &")
            let stop = try gdb.waitForStop()
            #expect(stop.contains("exited-normally"), "\(stop) \(gdb.transcript.suffix(2000))")
            #expect(vm.process.wait(limit: .seconds(10)) == .exited(0))
        }
    }
}
