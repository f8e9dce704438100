import Foundation

/// Debian's `lldb`: plain, no settings of the user's.
package enum LLDB {
    /// The first one on PATH that starts: a toolchain may bring one whose libraries are not there.
    package static func program() throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for folder in folders where FileManager.default.isExecutableFile(atPath: folder + "/lldb") {
            let path = folder + "/lldb"
            let result = try? ChildProcess.run(path, ["--version"], limit: .seconds(20))
            if result?.status == .exited(0) { return path }
        }
        throw ProcessError("no lldb on PATH starts: install Debian's package lldb")
    }

    /// Runs a script to its end over a new connection to a machine, and returns all that LLDB said.
    ///
    /// The first command that fails ends it.
    package static func batch(
        elf: String, remote: String, limit: Duration = .seconds(60), _ script: String
    ) throws -> GDBLog {
        let folder = try TemporaryFolder()
        let lines = LLDBSession.settings + ["gdb-remote \(remote)", script]
        let file = try folder.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "script.lldb")
        let result = try ChildProcess.run(
            try program(), ["--no-lldbinit", "--no-use-colors", "--batch", "--source", file, elf], limit: limit)
        return GDBLog(text: result.text, succeeded: result.status == .exited(0))
    }
}

/// An `lldb` that is talked to, so that a test can type something while the guest runs.
package final class LLDBSession {
    package static let settings = [
        "settings set auto-confirm true", "settings set symbols.enable-external-lookup false",
        "settings set stop-line-count-before 0", "settings set stop-line-count-after 0",
    ]

    private let process: ChildProcess
    private var seen = 0

    package init(elf: String, remote: String) throws {
        process = try ChildProcess(try LLDB.program(), ["--no-lldbinit", "--no-use-colors", elf])
        for setting in Self.settings { try type(setting) }
        try command("gdb-remote \(remote)", until: "stop reason")
    }

    /// Everything LLDB has said.
    package var transcript: String { process.text }

    /// Types a line without waiting for anything.
    package func type(_ line: String) throws { try process.write(line + "\n") }

    /// Types a line, waits until LLDB has said something behind it, and returns what it said.
    @discardableResult
    package func command(_ line: String, until text: String, limit: Duration = .seconds(20)) throws -> String {
        seen = process.text.utf8.count
        try type(line)
        let start = seen
        func said(_ whole: String) -> String { String(decoding: whole.utf8.dropFirst(start), as: UTF8.self) }
        try process.readOutput(until: { said($0).contains(text) }, limit: limit)
        return said(process.text)
    }

    /// Ends LLDB and waits until it is gone.
    package func quit() throws {
        try type("quit")
        _ = process.wait(limit: .seconds(10))
    }
}
