import Execution
package import GDBStub

// Answers of a target as text, and back.

/// Fields of a line, each of which may be any text.
private func line(_ words: [String], _ separator: String) -> String {
    words.map { TranscriptText.word($0) }.joined(separator: separator)
}

private func fields(_ text: some StringProtocol, _ separator: Character) throws -> [String] {
    try text.split(separator: separator, omittingEmptySubsequences: false).map { try TranscriptText.string($0) }
}

/// The text of a value, or `none`.
func optional<Value>(_ value: Value?, _ text: (Value) -> String) -> String { value.map(text) ?? "none" }

/// The value of a text, or nil for `none`.
func optional<Value>(_ text: String, _ value: (String) throws -> Value) rethrows -> Value? {
    text == "none" ? nil : try value(text)
}

extension TargetError {
    package var transcriptText: String {
        "error \(hexadecimal(UInt64(cause.errorCode))) \(TranscriptText.escaped(Array(text.utf8)))"
    }

    /// The error that an answer is; nil if the call succeeded.
    package init?(transcript answer: String) throws {
        let words = answer.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3, words[0] == "error" else { return nil }
        let code = try number(words[1])
        guard let cause = Cause.allCases.first(where: { $0.errorCode == code }) else {
            throw TranscriptError("no cause has this error code: \(answer)")
        }
        self.init(cause, text: try TranscriptText.string(words[2]))
    }
}

extension HostDescription {
    package var transcriptText: String {
        "\(TranscriptText.word(triple)) pointer \(pointerBytes) \(stopsBeforeWatchedAccess ? "before" : "after") "
            + "bits \(lowAddressBits) \(highAddressBits) page \(pageSize)"
    }

    package init(transcript text: String) throws {
        let words = text.split(separator: " ")
        guard words.count == 9 else { throw TranscriptError("not a host: \(text)") }
        self.init(
            triple: try TranscriptText.string(words[0]), pointerBytes: try decimal(words[2]),
            stopsBeforeWatchedAccess: words[3] == "before", lowAddressBits: try decimal(words[5]),
            highAddressBits: try decimal(words[6]), pageSize: try decimal(words[8]))
    }
}

extension MemoryArea {
    /// The first and the last address, the rights or `hole`, and the name if there is one.
    package var transcriptText: String {
        let letters = optional(rights) { rights in
            [(Rights.read, "r"), (.write, "w"), (.execute, "x")].map { rights.contains($0) ? $1 : "-" }.joined()
        }
        let range = "\(hexadecimal(first)) \(hexadecimal(last)) \(letters)"
        return range + (name.map { " " + TranscriptText.word($0) } ?? "")
    }

    package init(transcript text: String) throws {
        let words = text.split(separator: " ").map(String.init)
        guard words.count >= 3 else { throw TranscriptError("not a memory area: \(text)") }
        let rights = optional(words[2]) { letters in
            zip(letters, [Rights.read, .write, .execute]).reduce(into: Rights()) { rights, pair in
                if pair.0 != "-" { rights.formUnion(pair.1) }
            }
        }
        self.init(
            first: try number(words[0]), last: try number(words[1]), rights: rights,
            name: try words.count > 3 ? TranscriptText.string(words[3]) : nil)
    }
}

extension [MemoryMapEntry] {
    package var transcriptText: String {
        map { "\($0.kind.rawValue) \(hexadecimal($0.start)) \(hexadecimal($0.length))" }.joined(separator: ";")
    }

    package init(transcript text: String) throws {
        self = try text.split(separator: ";").map { entry in
            let words = entry.split(separator: " ").map(String.init)
            guard words.count == 3, let kind = MemoryMapEntry.Kind(rawValue: words[0]) else {
                throw TranscriptError("not a row of a memory map: \(entry)")
            }
            return MemoryMapEntry(kind, start: try number(words[1]), length: try number(words[2]))
        }
    }
}

extension [SystemTable] {
    /// Tables with bars between them, their lines with semicolons: name and help, columns, rows.
    package var transcriptText: String {
        map { table in
            let lines: [[String]] = [[table.name, table.help], table.columns] + table.rows
            return lines.map { line($0, ",") }.joined(separator: ";")
        }.joined(separator: "|")
    }

    package init(transcript text: String) throws {
        self = try text.split(separator: "|").map { table in
            let lines: [[String]] = try table.split(separator: ";").map { try fields($0, ",") }
            guard lines.count >= 2, lines[0].count == 2 else { throw TranscriptError("not a table: \(table)") }
            return SystemTable(
                name: lines[0][0], help: lines[0][1], columns: lines[1], rows: [[String]](lines.dropFirst(2)))
        }
    }
}

extension [MonitorCommand] {
    package var transcriptText: String {
        map { line([$0.name, $0.arguments, $0.help], ",") }.joined(separator: ";")
    }

    package init(transcript text: String) throws {
        self = try text.split(separator: ";").map { command in
            let parts = try fields(command, ",")
            guard parts.count == 3 else { throw TranscriptError("not a monitor command: \(command)") }
            return MonitorCommand(name: parts[0], arguments: parts[1], help: parts[2])
        }
    }
}
