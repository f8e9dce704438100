import Execution
import GDBStub

/// A recorded session, run again without a client and without a machine.
///
/// The client's bytes and the machine's events come in the recorded order. Every byte that the session sends and every
/// action must be as recorded, and in the same order.
package struct Replay {
    private let transcript: Transcript
    private let answers: RecordedAnswers
    private let target: ScriptedTarget
    /// The recorded output and actions of the current event that have not been compared yet.
    private var due: ArraySlice<Transcript.Record> = []
    /// The line of the current event.
    private var line = 0

    package init(path: String) throws {
        transcript = try Transcript(path: path)
        answers = RecordedAnswers(transcript)
        target = ScriptedTarget(
            answers, try TargetFile(path: try transcript.targetPath()),
            vcpuCount: try decimal(try transcript.header("vcpus")))
    }

    /// Replays the session to its end; throws ``ReplayFailure`` at the first difference.
    package mutating func run() throws {
        var session = DebugSession(
            target: target, initialStop: try StopEvent(transcript: try transcript.header("begin")),
            name: try transcript.header("server"), version: try transcript.header("version"))
        let records = transcript.records[...]
        var start = records.startIndex
        while start < records.endIndex {
            let end = records[(start + 1)...].firstIndex { $0.isInput } ?? records.endIndex
            due = records[(start + 1)..<end].filter { $0.kind == .reply || $0.kind == .action }[...]
            try handle(records[start], &session)
            start = end
        }
        answers.expectAllChanges()
        try checkCalls()
    }

    private mutating func handle(_ event: Transcript.Record, _ session: inout DebugSession) throws {
        line = event.line
        if event.beginsEpoch { answers.beginEpoch() }
        answers.line = line
        switch event.kind {
        case .client: session.receive(try TranscriptText.bytes(event.text))
        case .console: session.consoleOutput(try TranscriptText.bytes(event.text))
        case .disconnected: session.disconnected()
        case .stop:
            let stops = try [StopEvent](transcript: event.text)
            session.stopped(stops[0], and: Array(stops.dropFirst()))
        case .hit:
            let words = event.text.split(separator: " ")
            guard words.count == 3 else { throw TranscriptError("not a hit: \(event.text)") }
            let verdict = target.hit(try number(words[0]), vcpu: try decimal(words[2]))
            return try expectNothingElse(after: verdict)
        case .reply, .action, .call, .change:
            throw TranscriptError("\(transcript.path):\(line): \(event.kind) comes before any event")
        }
        while true {
            for piece in pieces(ofOutput: session.takeOutput()) {
                try expect(.reply, TranscriptText.escaped(piece))
            }
            for action in session.takeActions() { try expect(.action, action.transcriptText) }
            guard session.hasWork else { break }
            session.continueWork()
        }
        try expectNothingElse(after: nil)
    }

    /// Fails if the session does or sends something else than what is recorded next.
    private mutating func expect(_ kind: Transcript.Record.Kind, _ text: String) throws {
        // A call that is not in the record is reported first, because it may be why the output differs.
        try checkCalls()
        let got = "\(kind.rawValue) \(text)"
        guard let next = due.popFirst() else {
            throw ReplayFailure(path: transcript.path, line: line, expected: "nothing more for this event", got: got)
        }
        guard next.kind == kind, next.text == text else {
            throw ReplayFailure(
                path: transcript.path, line: next.line, expected: "\(next.kind.rawValue) \(next.text)", got: got)
        }
    }

    /// Ends an event: everything that is recorded for it must have been done.
    private mutating func expectNothingElse(after verdict: String?) throws {
        if let verdict { try expect(.action, verdict) }
        try checkCalls()
        guard let missing = due.first else { return }
        throw ReplayFailure(
            path: transcript.path, line: missing.line, expected: "\(missing.kind.rawValue) \(missing.text)",
            got: "nothing")
    }

    private func checkCalls() throws {
        if let failure = answers.failure { throw failure }
    }
}
