import Foundation
import Synchronization

/// A debugger of some Debian release that a test runs against the stub.
package struct DebuggerClient: Sendable, CustomStringConvertible {
    /// The name that `Scripts/debian-program` takes; nil for the debugger that all other tests use.
    private var name: String?
    private var release: String
    package var isLLDB: Bool

    package var description: String {
        let family = isLLDB ? "LLDB" : "GDB"
        return name.map { "\(family) (\($0) of \(release))" } ?? "the host's \(family)"
    }

    /// The path of the program; packages are fetched on first use.
    package func program() throws -> String {
        guard let name else { return try isLLDB ? LLDB.program() : GDB.program() }
        return try DebianProgram.path(name, of: release)
    }

    /// The GDBs that this run of the tests covers: with `TRAPLINE_TEST_CLIENTS=all`, 13, 16 and sid's.
    package static let gdbs =
        [hostGDB, gdb("trixie")] + (coversAll ? [gdb("bookworm"), gdb("sid")] : [])

    /// The LLDBs that this run of the tests covers: with `TRAPLINE_TEST_CLIENTS=all`, 14, 16, 19 and sid's newest.
    package static let lldbs =
        coversAll
        ? [
            lldb("lldb-14", "bookworm"), lldb("lldb-16", "bookworm"), lldb("lldb-19", "trixie"),
            lldb("lldb-newest", "sid"),
        ]
        : [DebuggerClient(name: nil, release: "", isLLDB: true)]

    private static let hostGDB = DebuggerClient(name: nil, release: "", isLLDB: false)

    private static func gdb(_ release: String) -> DebuggerClient {
        DebuggerClient(name: "gdb", release: release, isLLDB: false)
    }

    private static func lldb(_ name: String, _ release: String) -> DebuggerClient {
        DebuggerClient(name: name, release: release, isLLDB: true)
    }

    private static let coversAll = ProcessInfo.processInfo.environment["TRAPLINE_TEST_CLIENTS"] == "all"
}

/// The programs that `Scripts/debian-program` makes ready to run in the cache folder.
package enum DebianProgram {
    private static let ready = Mutex<[String: Result<String, any Error>]>([:])

    /// The path of the program, fetched on first use.
    ///
    /// A failure is remembered.
    package static func path(_ name: String, of release: String) throws -> String {
        try ready.withLock { ready in
            let key = "\(name) \(release)"
            if let result = ready[key] { return try result.get() }
            let result = Result { try make(name, release) }
            ready[key] = result
            return try result.get()
        }
    }

    private static func make(_ name: String, _ release: String) throws -> String {
        let script = Repository.path("Scripts/debian-program")
        let result = try ChildProcess.run(script, [name, release], limit: .seconds(1200))
        let lines = result.text.split(separator: "\n").map(String.init)
        guard result.status == .exited(0), let last = lines.last else {
            throw ProcessError("\(script) can't make \(name) of Debian \(release) ready to run:\n\(result.text)")
        }
        return last
    }
}

/// The checkout that the tests were built from.
package enum Repository {
    /// The absolute path of a file or folder in the checkout.
    package static func path(_ relative: String) -> String {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return folder.appendingPathComponent("../../" + relative).standardized.path
    }
}
