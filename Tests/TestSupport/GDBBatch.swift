import Foundation

/// A run of `gdb-multiarch` over a script: plain GDB, no settings of the user's, no Python of ours.
package enum GDB {
    /// The first commands of every script.
    package static let settings = [
        "set confirm off", "set pagination off", "set width 0", "set height 0", "set style enabled off",
        "set debuginfod enabled off", "set remotetimeout 60", "set python print-stack full",
        "maintenance set internal-error corefile no",
    ]

    /// `TRAPLINE_GDB`, or the host's `gdb-multiarch`; its absence is a failure that says what to install.
    package static func program() throws -> String {
        if let path = ProcessInfo.processInfo.environment["TRAPLINE_GDB"] { return path }
        do {
            return try Toolchain.onPath("gdb-multiarch")
        } catch {
            throw ProcessError("\(error): install Debian's package gdb-multiarch")
        }
    }

    /// The lines of a script that give a value to ``GDBLog/values(_:)`` whatever its type is.
    ///
    /// GDB can't count with a register whose type is flags, as cpsr's: it can only show the whole.
    package static func show(_ name: String, _ expression: String) -> String {
        "echo @\(name)=\noutput/x \(expression)\necho \\n"
    }

    /// Runs the script to its end and returns all that GDB said; `program` is another GDB than the host's.
    ///
    /// The first command that fails ends the script, and the text then says which line it was. A line such as
    /// `printf "@pc=%#lx\n", $pc` gives a value to ``GDBLog/values(_:)``.
    package static func batch(
        program: String? = nil, elf: String? = nil, remote: String? = nil, limit: Duration = .seconds(40),
        _ script: String
    ) throws -> GDBLog {
        let folder = try TemporaryFolder()
        var lines = settings
        if let remote { lines.append("target remote \(remote)") }
        lines.append(script)
        let file = try folder.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "script.gdb")
        let arguments = ["-nx", "-q", "-batch", "-x", file] + (elf.map { [$0] } ?? [])
        let result = try ChildProcess.run(try program ?? self.program(), arguments, limit: limit)
        return GDBLog(text: result.text, succeeded: result.status == .exited(0))
    }
}

/// The output of GDB in a batch run.
package struct GDBLog: CustomStringConvertible, Sendable {
    package var text: String
    /// Whether every command of the script succeeded.
    package var succeeded: Bool

    package init(text: String, succeeded: Bool) {
        self.text = text
        self.succeeded = succeeded
    }

    package var description: String { text }

    package func contains(_ part: String) -> Bool { text.contains(part) }

    /// How often a text occurs.
    package func count(_ part: String) -> Int { text.components(separatedBy: part).count - 1 }

    /// The values of all lines `@name=value` with that name, in order; decimal, or hexadecimal after `0x`.
    package func values(_ name: String) -> [UInt64] {
        text.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("@\(name)=") else { return nil }
            let value = line.dropFirst(name.count + 2)
            return value.hasPrefix("0x") ? UInt64(value.dropFirst(2), radix: 16) : UInt64(value)
        }
    }

    /// The value of the first line `@name=value`.
    package func value(_ name: String) -> UInt64? { values(name).first }
}
