import Foundation

/// A `gdb-multiarch` that is talked to, over its machine interface, so that a test can interrupt or kill it.
///
/// Commands are the ones that a user types; the machine interface only shows where an answer ends and when the guest
/// stopped.
package final class GDBSession {
    private let process: ChildProcess
    private var token = 0
    /// How much of the process's text has been looked at for stops.
    private var seen = 0

    package init(elf: String? = nil, remote: String? = nil) throws {
        process = try ChildProcess(
            try GDB.program(), ["-nx", "-q", "--interpreter=mi3"] + (elf.map { [$0] } ?? []))
        for setting in GDB.settings { try command(setting) }
        if let remote { try command("target remote \(remote)") }
    }

    /// Everything GDB has said, as the machine interface puts it.
    package var transcript: String { process.text }

    /// Types a command, waits until it is done, for a step until it has stopped, and returns what GDB printed.
    @discardableResult
    package func command(_ line: String, limit: Duration = .seconds(15)) throws -> String {
        seen = process.text.utf8.count
        let answer = try send(line, limit: limit)
        guard !answer.result.hasPrefix("error") else { throw ProcessError("GDB: \(line): \(answer.result)") }
        if answer.result == "running" { _ = try waitForStop(limit: limit) }
        return answer.printed
    }

    /// Types a command that fails, and returns what GDB said about it.
    package func failure(of line: String, limit: Duration = .seconds(15)) throws -> String {
        let answer = try send(line, limit: limit)
        guard answer.result.hasPrefix("error") else { throw ProcessError("GDB: \(line) did not fail: \(answer)") }
        return answer.result
    }

    /// Types a command that makes the guest run, and returns at once when it does.
    package func resume(_ line: String) throws {
        seen = process.text.utf8.count
        let answer = try send(line, limit: .seconds(15))
        guard !answer.result.hasPrefix("error") else { throw ProcessError("GDB: \(line): \(answer.result)") }
    }

    /// Types a command that runs in the background, and returns when GDB has accepted it.
    package func start(_ line: String) throws { try resume(line) }

    /// Continues and interrupts until an expression has another value than it had; throws when it keeps its value.
    ///
    /// On a busy machine a vCPU may get no time at all between two stops that follow each other.
    package func run(untilChanged expression: String) throws {
        let before = try number(expression)
        let changed = try Patience.eventually {
            try resume("continue")
            usleep(50_000)
            interrupt()
            _ = try waitForStop()
            return try number(expression) != before
        }
        guard changed else { throw ProcessError("\(expression) stays \(before) while the guest runs: \(transcript)") }
    }

    /// The value of an expression that is a number.
    package func number(_ expression: String) throws -> UInt64 {
        let text = try command("output/d \(expression)").trimmingCharacters(in: .whitespacesAndNewlines)
        guard let value = UInt64(text) else { throw ProcessError("GDB: \(expression) is \(text)") }
        return value
    }

    /// Waits for the stop after ``resume(_:)`` and returns the machine interface's record of it.
    package func waitForStop(limit: Duration = .seconds(20)) throws -> String {
        let start = seen
        func record(_ text: String) -> String? { Self.lines(text, from: start).first { $0.hasPrefix("*stopped") } }
        try process.readOutput(until: { record($0) != nil }, limit: limit)
        seen = process.text.utf8.count
        return record(process.text) ?? ""
    }

    /// Sends SIGINT, as Ctrl-C in GDB's terminal does.
    package func interrupt() { process.signal(SIGINT) }

    /// Kills GDB as `kill -9` does.
    package func kill() {
        process.signal(SIGKILL)
        _ = process.wait(limit: .seconds(5))
    }

    /// Types a line without waiting for anything.
    package func type(_ line: String) throws { try process.write(line + "\n") }

    /// Reads what GDB says for some time.
    package func listen(for duration: Duration) {
        try? process.readOutput(until: { _ in false }, limit: duration / Patience.factor)
    }

    private func send(_ line: String, limit: Duration) throws -> (result: String, printed: String) {
        token += 1
        let start = process.text.utf8.count
        let quoted = line.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
        try process.write("\(token)-interpreter-exec console \"\(quoted)\"\n")
        let prefix = "\(token)^"
        try process.readOutput(
            until: { Self.lines($0, from: start).contains { $0.hasPrefix(prefix) } }, limit: limit)
        let answer = Self.lines(process.text, from: start)
        let result = answer.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) } ?? ""
        let printed = answer.filter { $0.hasPrefix("~\"") }.map { Self.unquoted($0.dropFirst(2).dropLast()) }
        return (result, printed.joined())
    }

    /// The whole lines of a text from some byte on; what follows the last line end is still being said.
    private static func lines(_ text: String, from start: Int) -> [String] {
        String(decoding: text.utf8.dropFirst(start), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    private static func unquoted(_ text: Substring) -> String {
        var result = ""
        var escaped = false
        for character in text {
            if escaped {
                result.append(character == "n" ? "\n" : character == "t" ? "\t" : character)
                escaped = false
            } else if character == "\\" {
                escaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}
