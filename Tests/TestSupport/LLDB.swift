import Foundation

/// An `lldb`: plain, no settings of the user's.
package enum LLDB {
    /// `TRAPLINE_LLDB`, or the first `lldb` on PATH that starts, or an `lldb-NUMBER` there, or else a private copy.
    ///
    /// An `lldb` on PATH may not start: a toolchain may bring one whose libraries are missing. Debian's package `lldb`
    /// is never installed, because its packages of different versions replace one another.
    package static func program() throws -> String { try found.get() }

    private static let found = Result {
        if let path = ProcessInfo.processInfo.environment["TRAPLINE_LLDB"] { return path }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let names = ["lldb"] + (14..<40).map { "lldb-\($0)" }
        for path in names.flatMap({ name in folders.map { "\($0)/\(name)" } })
        where FileManager.default.isExecutableFile(atPath: path) {
            let result = try? ChildProcess.run(path, ["--version"], limit: .seconds(200))
            if result?.status == .exited(0) { return path }
        }
        return try DebianProgram.path("lldb-14", of: "bookworm")
    }

    /// Runs a script to its end over a new connection to a machine, and returns all that LLDB said.
    ///
    /// The first command that fails ends it, unless commands are expected to (`stopsAtError`). An LLDB that leaves
    /// without a `detach` ends the machine.
    package static func batch(
        program: String? = nil, elf: String? = nil, remote: String, limit: Duration = .seconds(60),
        stopsAtError: Bool = true, _ script: String
    ) throws -> GDBLog {
        let folder = try TemporaryFolder()
        let lines = LLDBSession.settings + ["\(LLDBSession.connect) \(LLDBSession.url(remote))", script]
        let file = try folder.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "script.lldb")
        let source =
            stopsAtError ? ["--source", file] : ["--one-line", "command source -e false -c false \"\(file)\""]
        let result = try ChildProcess.run(
            try program ?? self.program(),
            ["--no-lldbinit", "--no-use-colors", "--batch"] + source + (elf.map { [$0] } ?? []),
            limit: limit)
        return GDBLog(text: result.text, succeeded: result.status == .exited(0))
    }
}

// Values in the output of LLDB.
extension GDBLog {
    /// The values of a register, in the order in which `register read` showed them.
    package func registers(_ name: String) -> [UInt64] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count >= 3, fields[0] == name, fields[1] == "=", fields[2].hasPrefix("0x") else { return nil }
            return UInt64(fields[2].dropFirst(2), radix: 16)
        }
    }

    /// The values of expressions, as `(int) $0 = 5` shows them, in order.
    package var results: [String] {
        text.matches(of: /\n\([a-z0-9_ *]+\) \$\d+ = (.+)/).map { String($0.1) }
    }

    /// Where the selected thread was at each stop, and wherever else LLDB showed its frame.
    package var frames: [UInt64] {
        text.matches(of: /\n +frame #0: 0x([0-9a-f]{16})/).compactMap { UInt64($0.1, radix: 16) }
    }

    /// How often `breakpoint list` says that the breakpoint of that number has been hit.
    package func hits(_ breakpoint: Int) -> Int? {
        let line = text.split(separator: "\n").last { $0.hasPrefix("\(breakpoint): ") && $0.contains("hit count") }
        return line?.firstMatch(of: /hit count = (\d+)/).flatMap { Int($0.1) }
    }
}

/// An `lldb` that is talked to, so that a test can type something while the guest runs.
package final class LLDBSession {
    package static let settings = [
        "settings set auto-confirm true", "settings set symbols.enable-external-lookup false",
        "settings set stop-line-count-before 0", "settings set stop-line-count-after 0",
        // LLDB's default of five seconds is too short on a busy machine.
        "settings set plugin.process.gdb-remote.packet-timeout 60",
    ]

    private let process: ChildProcess
    private var seen = 0

    package static let connect = "process connect --plugin gdb-remote"

    /// LLDB's URL of a TCP endpoint or of the path of a Unix socket.
    package static func url(_ endpoint: String) -> String {
        (endpoint.hasPrefix("/") ? "unix-connect://" : "connect://") + endpoint
    }

    package init(elf: String? = nil, remote: String) throws {
        process = try ChildProcess(
            try LLDB.program(), ["--no-lldbinit", "--no-use-colors"] + (elf.map { [$0] } ?? []))
        for setting in Self.settings { try type(setting) }
        try command("\(Self.connect) \(Self.url(remote))", until: "stop reason")
    }

    /// Everything LLDB has said.
    package var transcript: String { process.text }

    /// Types a line without waiting for anything.
    package func type(_ line: String) throws { try process.write(line + "\n") }

    /// Types a line, waits until LLDB has printed something after it, and returns that.
    @discardableResult
    package func command(_ line: String, until text: String, limit: Duration = .seconds(20)) throws -> String {
        seen = process.text.utf8.count
        try type(line)
        let start = seen
        func said(_ whole: String) -> String { String(decoding: whole.utf8.dropFirst(start), as: UTF8.self) }
        try process.readOutput(until: { said($0).contains(text) }, limit: limit)
        return said(process.text)
    }

    /// Kills LLDB as `kill -9` does.
    package func kill() {
        process.signal(SIGKILL)
        _ = process.wait(limit: .seconds(5))
    }

    /// Ends LLDB and waits until it is gone.
    package func quit() throws {
        try type("quit")
        _ = process.wait(limit: .seconds(10))
    }
}
