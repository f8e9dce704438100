import Foundation

/// A recorded session of a client with a machine: everything that went in and came out of the debug session.
///
/// README.md in the folder of the transcripts describes the format.
package struct Transcript {
    /// A line of the file.
    package struct Record {
        package enum Kind: String {
            // Input from the driver to the session.
            case client, stop, hit, console, disconnected
            // Effects of the session.
            case reply, action, call, change
        }

        package var kind: Kind
        package var text: String
        /// The number of the line in the file, from 1.
        package var line: Int

        package var isInput: Bool {
            switch kind {
            case .client, .stop, .hit, .console, .disconnected: true
            case .reply, .action, .call, .change: false
            }
        }

        /// Whether the machine may have another state from here on.
        package var beginsEpoch: Bool { kind == .stop || kind == .hit }

        /// A call or a change without its answer, and the answer.
        package var callAndAnswer: (call: String, answer: String) {
            guard let arrow = text.range(of: Transcript.arrow) else { return (text, "") }
            return (String(text[..<arrow.lowerBound]), String(text[arrow.upperBound...]))
        }
    }

    static let arrow = " -> "

    package let path: String
    /// Lines before the records, by their first word: what the session was made with.
    private let header: [String: String]
    package let records: [Record]

    package init(path: String) throws {
        self.path = path
        var header: [String: String] = [:]
        var records: [Record] = []
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let word = line.prefix { $0 != " " }
            let text = String(line.dropFirst(word.count + 1))
            if let kind = Record.Kind(rawValue: String(word)) {
                records.append(Record(kind: kind, text: text, line: index + 1))
            } else if records.isEmpty, Self.headerWords.contains(String(word)) {
                header[String(word)] = text
            } else {
                throw TranscriptError("\(path):\(index + 1): no record begins with \(word)")
            }
        }
        self.header = header
        self.records = records
    }

    package static let headerWords = ["server", "version", "target", "vcpus", "begin"]

    package func header(_ word: String) throws -> String {
        guard let text = header[word] else { throw TranscriptError("\(path): there is no line \(word)") }
        return text
    }

    /// The path of the file that describes the target, which several transcripts share.
    package func targetPath() throws -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return "\(folder)/Targets/\(try header("target")).txt"
    }
}

/// The packets, notifications and acknowledgments in the bytes that a session sent.
package func pieces(ofOutput bytes: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    while let first = rest.first {
        var count = 1
        if first == UInt8(ascii: "$") || first == UInt8(ascii: "%"), let end = rest.firstIndex(of: UInt8(ascii: "#")) {
            count = min(rest.count, end - rest.startIndex + 3)
        }
        pieces.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
    }
    return pieces
}
