import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Signals that end or stop the process while the terminal is raw.
    @Suite(.traplineOnly("it is Trapline's own console"), .notOnKVM(.terminal))
    struct TerminalSignals {
        private func start(on terminal: PseudoTerminal) throws -> ChildProcess {
            let process = try ChildProcess(
                try VMUnderTest.program(), ["run", "-k", GuestProgram.named("forever").path], terminal: terminal)
            try terminal.wait(for: "tick 1\r\n", limit: .seconds(20))
            #expect(terminal.isRaw)
            return process
        }

        @Test(
            "every signal that ends the process ends it, and leaves the terminal as it was",
            arguments: [
                SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGUSR1, SIGSEGV, SIGUSR2,
                SIGALRM, SIGSTKFLT, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGPOLL, SIGPWR, SIGSYS, 40,
            ])
        func end(signal: Int32) throws {
            let terminal = try PseudoTerminal()
            let before = terminal.mode
            let process = try start(on: terminal)
            process.signal(signal)
            #expect(process.wait(limit: .seconds(20)) == .signalled(signal))
            #expect(terminal.mode == before)
            #expect(!terminal.text.contains("crashed"), "\(terminal.text)")
        }

        @Test("SIGTSTP gives the terminal back to the shell, and fg takes it again", arguments: [SIGTSTP, SIGSTOP])
        func stopAndContinue(signal: Int32) throws {
            let terminal = try PseudoTerminal()
            let shell = try ChildProcess(
                "/bin/bash", ["--norc", "--noprofile", "--noediting", "-i"], terminal: terminal)
            let program = try VMUnderTest.program()
            let path = URL(fileURLWithPath: program).standardizedFileURL.path
            terminal.type(
                "bash -c 'echo id=$$; exec \"\(path)\" run -k \"\(try GuestProgram.named("forever").path)\"'\n")
            try terminal.wait(for: "tick 1\r\n", limit: .seconds(20))
            #expect(terminal.isRaw)
            let id = try #require(terminal.text.firstMatch(of: /id=(\d+)/).flatMap { pid_t($0.1) })
            kill(id, signal)
            try terminal.wait(for: "Stopped", limit: .seconds(20))
            terminal.type("echo sh''ell\n")
            try terminal.wait(for: "shell\r\n", limit: .seconds(20))
            #expect(!terminal.isRaw)
            terminal.type("fg\n")
            let ticks = terminal.text.components(separatedBy: "tick ").count
            try terminal.wait(limit: .seconds(20)) { $0.components(separatedBy: "tick ").count > ticks + 2 }
            #expect(terminal.isRaw)
            terminal.type("\u{1}x")
            try terminal.wait(for: "end of raw mode", limit: .seconds(20)) { _ in !terminal.isRaw }
            terminal.type("echo ba''ck $?\n")
            try terminal.wait(for: "back 0\r\n", limit: .seconds(20))
            #expect(!terminal.isRaw)
            withExtendedLifetime(shell) {}
        }
    }
}
