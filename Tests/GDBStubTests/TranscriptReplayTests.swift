import Foundation
import TestSupport
import Testing
import TranscriptSupport

/// Recorded sessions of GDB and LLDB, which must never change: the format is described beside the transcripts.
@Suite("Recorded sessions of real clients")
struct TranscriptReplayTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Transcripts"

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    @Test("a session sends the recorded bytes and asks for the recorded actions", arguments: names)
    func replay(_ name: String) throws {
        var replay = try Replay(path: "\(Self.folder)/\(name)")
        try replay.run()
    }

    @Test("every recorded session is there")
    func exist() { #expect(Self.names.count == 13, "\(Self.names)") }

    /// A line of the record, and what is written in its place.
    struct Alteration: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var line: @Sendable (String) -> Bool
        var replacement: @Sendable (String) -> String?
    }

    static let alterations = [
        Alteration(
            testDescription: "one letter of a stop reply", line: { $0.hasPrefix("reply $T05swbreak") },
            replacement: { $0.replacingOccurrences(of: "swbreak", with: "swbreal") }),
        Alteration(
            testDescription: "an action", line: { $0.hasPrefix("action resume c") },
            replacement: { $0.replacingOccurrences(of: "resume c", with: "resume s") }),
        Alteration(
            testDescription: "the address of a question", line: { $0.hasPrefix("call read-memory") },
            replacement: { $0.replacingOccurrences(of: "read-memory ", with: "read-memory 1") }),
        Alteration(
            testDescription: "a breakpoint that is not inserted", line: { $0.hasPrefix("change insert") },
            replacement: { _ in nil }),
        Alteration(
            testDescription: "a change that the session does not make", line: { $0.hasPrefix("change remove-all") },
            replacement: { $0 + "\nchange remove software-breakpoint 0 4 vcpu 0 -> ok" }),
        Alteration(
            testDescription: "a reply that is missing", line: { $0.hasPrefix("reply $OK") }, replacement: { _ in nil }),
        Alteration(
            testDescription: "what the agent decides", line: { $0.hasPrefix("action verdict pass") },
            replacement: { _ in "action verdict stop software-breakpoint" }),
    ]

    @Test("a record that differs from what the session does fails the replay", arguments: alterations)
    func difference(_ alteration: Alteration) throws {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: Self.folder + "/Targets", toPath: folder.file("Targets"))
        let text = try String(contentsOfFile: Self.folder + "/gdb-calls.txt", encoding: .utf8)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Optional(String($0)) }
        let place = try #require(lines.firstIndex { $0.map(alteration.line) ?? false })
        lines[place] = lines[place].flatMap(alteration.replacement)
        let path = try folder.write(Array(lines.compactMap { $0 }.joined(separator: "\n").utf8), to: "altered.txt")
        var replay = try Replay(path: path)
        let failure = #expect(throws: ReplayFailure.self) { try replay.run() }
        // The event before the line is named where the line itself is missing.
        #expect(failure.map { abs($0.line - (place + 1)) < 20 } == true, "\(String(describing: failure))")
    }
}
