import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The terminal the machine is started in.
    @Suite(.traplineOnly("it is Trapline's own console"), .notOnKVM(.terminal)) struct Terminal {
        private func start(_ guest: String, on terminal: PseudoTerminal, _ options: [String] = []) throws
            -> ChildProcess
        {
            try ChildProcess(
                try VMUnderTest.program(), ["run", "-k", GuestProgram.named(guest).path] + options, terminal: terminal)
        }

        @Test("the terminal is raw while the guest runs, Ctrl-C is the guest's, and Ctrl-A x ends the machine")
        func escapeKey() throws {
            let terminal = try PseudoTerminal()
            let before = terminal.mode
            let process = try start("forever", on: terminal)
            try terminal.wait(for: "tick 1\r\n", limit: .seconds(20))
            #expect(terminal.isRaw)
            terminal.type("\u{3}q\u{1}a")
            try terminal.wait(for: "tick 5\r\n", limit: .seconds(20))
            #expect(process.isRunning)
            terminal.type("\u{1}x")
            #expect(process.wait(limit: .seconds(5)) == .exited(0))
            #expect(terminal.mode == before)
        }

        @Test("600,000 bytes pasted at once reach a guest that is slow to read, whole and in order")
        func paste() throws {
            let terminal = try PseudoTerminal()
            let process = try start("commands", on: terminal)
            try terminal.wait(for: "commands: ready", limit: .seconds(20))
            let text = (0..<100_000).map { "\($0 % 90_000 + 10_000)\r" }.joined()
            let sum = text.utf8.reduce(0 as UInt64) { $0 &* 31 &+ UInt64($1) }
            terminal.type("v" + text + "\u{4}")
            let expected =
                "pasted 600000 0x" + String(repeating: "0", count: max(0, 16 - String(sum, radix: 16).count))
                + String(sum, radix: 16)
            try terminal.wait(for: expected, limit: .seconds(30))
            terminal.type("q")
            #expect(process.wait(limit: .seconds(5)) == .exited(0))
        }

        @Test("a reader of the console that stands still keeps the debugger neither from stopping nor from stepping")
        func standingReader() throws {
            let folder = try TemporaryFolder()
            let firmware = try folder.writeFirmware(ConsoleGuest.endless)
            let socket = folder.file("gdb")
            let process = try ChildProcess(
                try VMUnderTest.program(),
                ["run", "-f", firmware, "--machine", "virt", "--gdb", "unix:\(socket)", "--gdb-wait"],
                standardError: .file(folder.file("errors")))
            #expect(Patience.eventually { FileManager.default.fileExists(atPath: socket) })
            let client = try RSPClient(socket)
            // A pipe takes 64 KiB.
            try client.send("vCont;c")
            #expect(try client.hearsNothing(for: .milliseconds(500)))
            try client.send(raw: [3])
            #expect(try client.reply().hasPrefix("T02"))
            for _ in 0..<1000 {
                #expect(try client.ask("vCont;s", limit: .seconds(2)).hasPrefix("T05"))
            }
            #expect(process.isRunning)
            process.signal(SIGTERM)
            #expect(process.wait(limit: .seconds(5)) != nil)
        }

        @Test("the terminal is as it was when the guest's kernel has panicked, and its last lines are below")
        func panic() throws {
            let terminal = try PseudoTerminal()
            let before = terminal.mode
            let process = try start("commands", on: terminal)
            try terminal.wait(for: "commands: ready", limit: .seconds(20))
            terminal.type("p")
            #expect(process.wait(limit: .seconds(20)) == .exited(2))
            try terminal.wait(for: "trapline: the guest's kernel panicked: No working init found.", limit: .seconds(5))
            #expect(terminal.mode == before)
        }

        @Test("the terminal is as it was when the guest has powered off")
        func powerOff() throws {
            let terminal = try PseudoTerminal()
            let before = terminal.mode
            let process = try start("calls", on: terminal)
            try terminal.wait(for: "straight 664", limit: .seconds(20))
            #expect(process.wait(limit: .seconds(5)) == .exited(0))
            #expect(terminal.mode == before)
        }

        @Test("the terminal is as it was when GDB kills the machine, and when it can't start")
        func otherEnds() throws {
            let terminal = try PseudoTerminal()
            let before = terminal.mode
            let process = try start("forever", on: terminal, ["--gdb", "0"])
            try terminal.wait(for: "target remote 127.0.0.1:", limit: .seconds(20))
            try terminal.wait(for: "tick 1\r\n", limit: .seconds(20))
            let endpoint = try #require(terminal.text.firstMatch(of: /target remote (\S+)/)?.1)
            _ = try GDB.batch(remote: String(endpoint), "kill")
            #expect(process.wait(limit: .seconds(5)) == .exited(0))
            #expect(terminal.mode == before)

            let failing = try start("forever", on: terminal, ["-m", "1M"])
            #expect(failing.wait(limit: .seconds(5)) == .exited(1))
            #expect(terminal.mode == before)
        }
    }
}
