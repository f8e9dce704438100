import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// How LLDB comes and goes, on a guest that never ends and keeps saying so.
    @Suite(.traplineOnly(VMUnderTest.noLLDB))
    struct LLDBSessions {
        private func started() throws -> VMUnderTest {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            return vm
        }

        private func attach(_ vm: VMUnderTest) throws -> LLDBSession {
            try LLDBSession(elf: GuestProgram.named("forever").path, remote: vm.endpoint)
        }

        /// Passes when the next client is served, finds no breakpoint and leaves the guest running.
        private func expectNothingLeft(_ vm: VMUnderTest) throws {
            let deadline = ContinuousClock.now + .seconds(5).withPatience
            while true {
                let client = try RSPClient(vm.endpoint)
                // The machine hears of the end of the client before a moment later.
                if let reply = try? client.ask("?") {
                    #expect(reply.hasPrefix("T"), "\(reply)")
                    try client.send("c")
                    try vm.expectTicks()
                    try client.send(raw: [3])
                    #expect(try client.reply().hasPrefix("T02"), "a stop that nobody asked for")
                    #expect(try client.ask("D") == "OK")
                    return try vm.expectTicks()
                }
                guard ContinuousClock.now < deadline else { throw ProcessError("no client is accepted any more") }
                usleep(2000)
            }
        }

        /// Breakpoints of both kinds and a watchpoint, at places the guest comes to all the time.
        private func setAll(_ lldb: LLDBSession) throws {
            try lldb.command("breakpoint set --name hot", until: "Breakpoint 1")
            try lldb.command("breakpoint set --hardware --name print", until: "Breakpoint 2")
            try lldb.command("watchpoint set variable beats", until: "new value")
        }

        @Test("process detach leaves the guest running, without breakpoints and watchpoints, stopped or running")
        func detach() throws {
            let vm = try started()
            for isRunning in [false, true] {
                let lldb = try attach(vm)
                try setAll(lldb)
                #expect(try lldb.command("continue", until: "stop reason").contains("stop reason = "))
                if isRunning {
                    try lldb.command("breakpoint disable", until: "disabled")
                    try lldb.command("watchpoint disable", until: "disabled")
                    try lldb.command("continue", until: "resuming")
                    try vm.expectTicks()
                }
                try lldb.command("process detach", until: "detached")
                try vm.expectTicks()
                try lldb.quit()
                try expectNothingLeft(vm)
            }
        }

        @Test(
            "when LLDB is killed with stop points set, the guest continues and the next client is served")
        func killed() throws {
            let vm = try started()
            for isRunning in [false, true] {
                let lldb = try attach(vm)
                try setAll(lldb)
                try lldb.command("continue", until: "stop reason")
                if isRunning {
                    // Never true: LLDB is asked at each hit.
                    try lldb.command("watchpoint delete 1", until: "deleted")
                    try lldb.type("breakpoint modify --condition 'beats == 0' 1")
                    try lldb.type("breakpoint modify --condition 'beats == 0' 2")
                    try lldb.command("continue", until: "resuming")
                }
                lldb.kill()
                try vm.expectTicks()
                try expectNothingLeft(vm)
            }
        }

        @Test("process kill ends a stopped or running machine, and LLDB shows status 0")
        func kill() throws {
            for isRunning in [false, true] {
                let vm = try started()
                let lldb = try attach(vm)
                if isRunning {
                    try lldb.command("continue", until: "resuming")
                    try vm.expectTicks()
                } else {
                    try lldb.command("breakpoint set --name hot", until: "Breakpoint 1")
                }
                let end = try lldb.command("process kill", until: "exited")
                #expect(end.contains("exited with status = 0 (0x00000000)") && !end.contains("failed"), "\(end)")
                #expect(vm.process.wait(limit: .seconds(5)) == .exited(0))
                try lldb.quit()
            }
        }

        @Test("an LLDB that is quit without a detach ends the machine")
        func quit() throws {
            let vm = try started()
            let log = try vm.lldb("forever", "breakpoint set --name hot\ncontinue")
            #expect(log.succeeded && log.contains("stop reason = breakpoint 1.1"), "\(log)")
            #expect(vm.process.wait(limit: .seconds(5)) == .exited(0))
        }

        @Test(
            "the guest's own end is reported with its status, and ends the machine",
            .notOnKVM(.semihosting))
        func exitStatus() throws {
            for (status, expected) in [(0, 0), (3, 2)] as [(Int, Int32)] {
                let program = try GuestProgram.named("semihosting")
                let vm = try VMUnderTest(.program(program), options: ["--semihosting"])
                let log = try vm.lldb(
                    "semihosting",
                    """
                    breakpoint set --name before_exit --one-shot true
                    continue
                    expression status = \(status)
                    continue
                    """)
                #expect(log.succeeded && log.contains("exited with status = \(status) (0x0000000\(status))"), "\(log)")
                #expect(vm.process.wait(limit: .seconds(5)) == .exited(expected), "\(vm.errors)")
                #expect(vm.serial == "semihosting: hello!\n")
            }
        }

        @Test("a second LLDB is refused at once, in words, and the first does not notice")
        func secondClient() throws {
            let vm = try started()
            let first = try attach(vm)
            try first.command("breakpoint set --name hot", until: "Breakpoint 1")
            for _ in 0..<3 {
                let log = try LLDB.batch(remote: vm.endpoint, "register read pc")
                #expect(!log.succeeded && log.contains("error: ") && !log.contains("pc = "), "\(log)")
                #expect(try first.command("continue", until: "stop reason").contains("breakpoint 1.1"))
            }
            try first.command("detach", until: "detached")
            try vm.expectTicks()
        }

        @Test(
            "ten rounds of attach, breakpoint and detach in one LLDB, over a Unix socket")
        func rounds() throws {
            // A socket of the emulated host cannot be reached from here.
            let vm = try VMUnderTest("forever", endpoint: VMUnderTest.isKVM ? .port : .unixSocket)
            let connect = "\(LLDBSession.connect) \(LLDBSession.url(vm.endpoint))"
            let log = try vm.lldb(
                "forever",
                """
                breakpoint set --name hot
                continue
                thread step-inst
                process detach
                \(Array(repeating: "\(connect)\ncontinue\nthread step-inst\nprocess detach", count: 9).joined(separator: "\n"))
                """)
            #expect(log.succeeded && log.count("stop reason = instruction step into") == 10, "\(log)")
            #expect(log.count("stop reason = breakpoint 1.1") >= 10, "\(log)")
            try expectNothingLeft(vm)
        }

        @Test("without an ELF file LLDB knows what the guest is, and shows its code and its registers")
        func withoutELF() throws {
            let vm = try VMUnderTest("forever")
            let start = try GuestProgram.named("forever").symbol("_start")
            let log = try LLDB.batch(
                remote: vm.endpoint,
                """
                target list
                register read pc cpsr
                disassemble --pc --count 2
                thread step-inst
                register read pc
                detach
                """)
            #expect(log.succeeded && log.contains("arch=aarch64") && log.contains("ldr    x1, "), "\(log)")
            #expect(log.registers("pc") == [start, start + 4] && log.registers("cpsr") == [0x3c5], "\(log)")
            try vm.expectTicks()
        }
    }
}
