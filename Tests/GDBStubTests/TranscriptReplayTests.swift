import Foundation
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

    @Test("there are transcripts")
    func exist() { #expect(!Self.names.isEmpty) }
}
