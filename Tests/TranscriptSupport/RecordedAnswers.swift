/// The calls of a transcript and their answers, for a target that answers from the record.
///
/// Questions may be asked in another order than they were recorded in, more often or never: an answer holds from one
/// event that may change the machine to the next. Changes must be made in the order of the record, and all of them.
final class RecordedAnswers {
    private struct Answer {
        /// How many changes came before it since the last event.
        var version: Int
        var text: String
    }

    private struct Change {
        var call: String
        var answer: String
        var line: Int
    }

    /// The calls between two events.
    private struct Epoch {
        var answers: [String: [Answer]] = [:]
        var changes: [Change] = []
    }

    private let path: String
    private var epochs = [Epoch()]
    private var epoch = 0
    /// How many changes the session has made since the last event.
    private var version = 0
    /// The line of the event that the session is handling.
    var line = 0
    /// The first call that is not as it was recorded.
    private(set) var failure: ReplayFailure?

    init(_ transcript: Transcript) {
        path = transcript.path
        for record in transcript.records {
            if record.beginsEpoch { epochs.append(Epoch()) }
            let last = epochs.count - 1
            let (call, answer) = record.callAndAnswer
            switch record.kind {
            case .call:
                epochs[last].answers[call, default: []].append(
                    Answer(version: epochs[last].changes.count, text: answer))
            case .change: epochs[last].changes.append(Change(call: call, answer: answer, line: record.line))
            default: break
            }
        }
    }

    /// Takes the report that an event comes which may change the machine.
    func beginEpoch() {
        expectAllChanges()
        epoch += 1
        version = 0
    }

    /// Fails if a change was recorded since the last event that the session has not made.
    func expectAllChanges() {
        let changes = epochs[epoch].changes
        guard version < changes.count else { return }
        fail(changes[version].line, expected: "change " + changes[version].call, got: "no such call")
    }

    /// The answer to a question; nil if it was never asked in the record between the same two events.
    ///
    /// A question that was asked before and after a change has the later answer after it.
    func answer(_ call: String) -> String? {
        let answers = epochs[epoch].answers[call] ?? []
        if let answer = answers.last(where: { $0.version <= version }) ?? answers.first { return answer.text }
        fail(line, expected: "no such call here", got: "call " + call)
        return nil
    }

    /// The answer to a change; nil if another change is due, or none.
    func change(_ call: String) -> String? {
        let changes = epochs[epoch].changes
        guard version < changes.count else {
            fail(line, expected: "no change", got: "change " + call)
            return nil
        }
        let due = changes[version]
        guard due.call == call else {
            fail(due.line, expected: "change " + due.call, got: "change " + call)
            return nil
        }
        version += 1
        return due.answer
    }

    func fail(_ line: Int, expected: String, got: String) {
        if failure == nil { failure = ReplayFailure(path: path, line: line, expected: expected, got: got) }
    }
}

/// The first place at which a replayed session differs from the record.
package struct ReplayFailure: Error, CustomStringConvertible {
    package var path: String
    package var line: Int
    package var expected: String
    package var got: String

    package var description: String { "\(path):\(line):\nexpected: \(expected)\n     got: \(got)" }
}
