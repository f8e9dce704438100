import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Attaching, interrupting and leaving, on a guest that never ends and keeps saying so.
    @Suite struct Sessions {
        /// The guest's last tick; it goes up for as long as the guest runs.
        private func ticks(_ vm: VMUnderTest) -> Int { vm.serial.components(separatedBy: "tick ").count - 1 }

        /// Passes when the guest continues from here.
        private func expectRunning(_ vm: VMUnderTest) throws {
            let before = ticks(vm)
            try vm.waitForSerial("two more ticks after \(before)") { _ in ticks(vm) >= before + 2 }
        }

        /// Passes when the guest stands still.
        private func expectStopped(_ vm: VMUnderTest) {
            usleep(50_000)
            let before = ticks(vm)
            usleep(300_000)
            #expect(ticks(vm) == before, "the guest went on while it was reported stopped")
        }

        /// Passes when a fresh client sees the code of `hot` as it is in the ELF file.
        private func expectOriginalCode(_ vm: VMUnderTest) throws {
            let print = "printf \"@hot=%#lx\\n@hot=%#lx\\n\", ((unsigned long *)hot)[0], ((unsigned long *)hot)[1]"
            let original = try GDB.batch(elf: GuestProgram.named("forever").path, print)
            let now = try vm.gdb("forever", print + "\ndetach")
            #expect(now.values("hot") == original.values("hot") && now.values("hot").count == 2, "\(now)")
        }

        @Test("2.46: Ctrl-C stops a running guest with SIGINT, again and again")
        func controlC() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let gdb = try GDBSession(elf: GuestProgram.named("forever").path, remote: vm.endpoint)
            expectStopped(vm)
            for _ in 0..<5 {
                try gdb.resume("continue")
                try expectRunning(vm)
                gdb.interrupt()
                let stop = try gdb.waitForStop()
                #expect(stop.contains("signal-name=\"SIGINT\""), "\(stop)")
                expectStopped(vm)
            }
            try gdb.command("detach")
            try expectRunning(vm)
        }

        @Test("2.12: stepi right after the attach and after Ctrl-C executes one instruction")
        func stepAfterAttach() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let gdb = try GDBSession(elf: GuestProgram.named("forever").path, remote: vm.endpoint)
            for _ in 0..<3 {
                for _ in 0..<20 {
                    let before = try gdb.command("x/i $pc")
                    try gdb.command("stepi")
                    let after = try gdb.command("info symbol $pc")
                    #expect(!after.contains("vector"), "\(before) \(after)")
                }
                try gdb.resume("continue")
                try expectRunning(vm)
                gdb.interrupt()
                _ = try gdb.waitForStop()
            }
        }

        @Test("a hundred rounds of attach and detach leave the guest running")
        func hundredRounds() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let log = try GDB.batch(
                elf: GuestProgram.named("forever").path,
                """
                set $round = 0
                while $round < 100
                  target remote \(vm.endpoint)
                  if $round % 4 == 0
                    tbreak hot
                    continue
                  end
                  if $round % 4 == 1
                    stepi
                  end
                  if $round % 4 == 2
                    break hot
                    continue
                  end
                  detach
                  delete
                  set $round = $round + 1
                end
                printf "@rounds=%d\\n", $round
                """)
            #expect(log.succeeded && log.value("rounds") == 100, "\(log)")
            try expectRunning(vm)
            try expectOriginalCode(vm)
        }

        @Test("a hundred clients that leave without a word leave the guest running", .traplineOnly(stays))
        func hundredSilentClients() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let hot = String(try GuestProgram.named("forever").symbol("hot"), radix: 16)
            for round in 0..<100 {
                let client = try nextClient(vm)
                switch round % 5 {
                case 0: break
                case 1: #expect(try client.ask("?").hasPrefix("T"))
                case 2:
                    #expect(try client.ask("Z0,\(hot),4") == "OK")
                    try client.send("vCont;c")
                case 3:
                    #expect(try client.ask("Z1,\(hot),4") == "OK")
                    try client.send("vCont;s:1")
                default: try client.send(raw: Array("$m\(hot)".utf8))
                }
                if round % 2 == 0 { client.close() } else { client.reset() }
            }
            try expectRunning(vm)
            try expectOriginalCode(vm)
        }

        /// Connects until the client before has been let go: the machine hears of its end a moment later.
        private func nextClient(_ vm: VMUnderTest) throws -> RSPClient {
            let deadline = ContinuousClock.now + .seconds(5).withPatience
            while true {
                let client = try RSPClient(vm.endpoint)
                if let reply = try? client.ask("qSupported:swbreak+;hwbreak+"), reply.contains("PacketSize") {
                    return client
                }
                guard ContinuousClock.now < deadline else { throw ProcessError("no client is accepted any more") }
                usleep(2000)
            }
        }

        static let stays: Comment = "under QEMU a guest stays stopped when its debugger is gone"

        @Test("when GDB is killed during steps, the guest continues and no breakpoint stays", .traplineOnly(stays))
        func killedWhileStepping() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            for wait in [30_000, 71_000, 113_000] {
                let gdb = try GDBSession(elf: GuestProgram.named("forever").path, remote: vm.endpoint)
                try gdb.command("break hot")
                try gdb.command("hbreak print_number")
                try gdb.command("watch beats")
                try gdb.command("delete 3")
                try gdb.type("-interpreter-exec console \"while 1\"\nstepi\nend")
                usleep(UInt32(wait))
                gdb.kill()
                try expectRunning(vm)
                _ = try nextClient(vm).ask("D")
                try expectOriginalCode(vm)
            }
        }

        @Test("when GDB is killed while the guest runs, the next client can attach", .traplineOnly(stays))
        func killedWhileRunning() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let gdb = try GDBSession(elf: GuestProgram.named("forever").path, remote: vm.endpoint)
            // Never true, so GDB is asked at every hit.
            try gdb.command("break hot if beats == 0")
            try gdb.resume("continue")
            usleep(200_000)
            gdb.kill()
            try expectRunning(vm)
            _ = try nextClient(vm).ask("D")
            try expectOriginalCode(vm)
            let log = try vm.gdb("forever", "tbreak hot\ncontinue\nbt\ndetach")
            #expect(log.succeeded && log.contains("hot ()"), "\(log)")
            try expectRunning(vm)
        }

        @Test("a second client is refused at once and the first does not notice", .traplineOnly("QEMU lets it wait"))
        func secondClient() throws {
            let vm = try VMUnderTest("forever", hold: false)
            let first = try RSPClient(vm.endpoint)
            #expect(try first.ask("?").hasPrefix("T"))
            for _ in 0..<10 {
                let second = try? RSPClient(vm.endpoint)
                #expect(second?.isClosed(within: .seconds(2)) ?? true)
            }
            #expect(try first.ask("g").count >= 536)
            try first.send("c")
            let third = try? RSPClient(vm.endpoint)
            #expect(third?.isClosed(within: .seconds(2)) ?? true)
            try expectRunning(vm)
            #expect(try first.ask("D") == "OK" || true)
        }

        @Test("2.52: the user can quit while a client stalls in the middle of a packet", .traplineOnly(stays))
        func stalledClient() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let client = try RSPClient(vm.endpoint)
            #expect(try client.ask("?").hasPrefix("T"))
            try client.send("c")
            try client.send(raw: Array("$qSupp".utf8))
            try expectRunning(vm)
            vm.process.signal(SIGTERM)
            #expect(vm.process.wait(limit: .seconds(5)) != nil)
        }

        @Test("2.53: a client that vanishes under the machine's writes does not end it", .traplineOnly(stays))
        func vanishingReader() throws {
            let vm = try VMUnderTest("forever", hold: false)
            for _ in 0..<20 {
                let client = try nextClient(vm)
                // Many large replies that the client does not read.
                for _ in 0..<50 { try client.send("m40100000,8000") }
                client.reset()
            }
            #expect(vm.process.isRunning)
            try expectRunning(vm)
        }

        @Test("three hundred stepi finish in a loop that prints all the time")
        func stepRate() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let log = try vm.gdb("forever", "stepi 300\nprintf \"@done=1\\n\"\ndetach")
            #expect(log.value("done") == 1, "\(log)")
        }

        @Test("2.47: kill ends the machine with status 0 and is no detach", .traplineOnly("QEMU has no status for it"))
        func kill() throws {
            for last in ["kill", "monitor version\nkill"] {
                let vm = try VMUnderTest("forever", hold: false)
                let log = try vm.gdb("forever", "break hot\ncontinue\n\(last)")
                #expect(log.succeeded, "\(log)")
                #expect(vm.process.wait(limit: .seconds(5)) == .exited(0))
            }
        }

        @Test("monitor reset puts the machine back to its first instruction", .traplineOnly("a command of Trapline's"))
        func reset() throws {
            let vm = try VMUnderTest("forever")
            let log = try vm.gdb(
                "forever",
                """
                tbreak hot
                continue
                monitor reset
                maintenance flush register-cache
                printf "@pc=%#lx\\n", $pc
                detach
                """)
            #expect(log.value("pc") == (try GuestProgram.named("forever").symbol("_start")), "\(log)")
            try vm.waitForSerial("begin again") { $0.components(separatedBy: "forever: begin").count == 3 }
            try expectRunning(vm)
        }
    }
}
