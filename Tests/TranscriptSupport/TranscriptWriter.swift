package import Execution
package import GDBStub

/// The records of a session, written down while it happens.
package final class TranscriptWriter {
    package private(set) var lines: [String] = []
    /// Answers of the target since the last event, and how many changes came before them.
    private var answers: [String: (text: String, changeCount: Int)] = [:]
    private var changeCount = 0
    /// Events that could not be recorded for a replay; one sentence each.
    package private(set) var problems: [String] = []

    package init() {}

    /// Bytes that the client sent.
    package func client(_ bytes: [UInt8]) { lines.append("client " + TranscriptText.escaped(bytes)) }

    /// The client's end of the connection has been closed.
    package func disconnected() { lines.append("disconnected") }

    package func stop(_ events: [StopEvent]) {
        answers = [:]
        lines.append("stop " + events.transcriptText)
    }

    /// A breakpoint about which the agent decides; its verdict and its text are added with ``verdict(_:text:)``.
    package func hit(_ address: UInt64, vcpu: Int) {
        answers = [:]
        lines.append("hit \(hexadecimal(address)) vcpu \(vcpu)")
    }

    package func verdict(_ verdict: Agent.Verdict?, text: [UInt8]) {
        lines.append("action " + verdict.recordedText(text))
    }

    /// Text that the driver passes on to the session.
    package func console(_ text: [UInt8]) { lines.append("console " + TranscriptText.escaped(text)) }

    /// Bytes that the session sent.
    package func output(_ bytes: [UInt8]) {
        for piece in pieces(ofOutput: bytes) { lines.append("reply " + TranscriptText.escaped(piece)) }
    }

    package func action(_ action: SessionAction) { lines.append("action " + action.transcriptText) }

    /// A question to the target; it is written again only if its answer has changed.
    func call(_ call: String, _ answer: String) {
        if let earlier = answers.updateValue((answer, changeCount), forKey: call) {
            if earlier.text == answer { return }
            if earlier.changeCount == changeCount {
                problems.append("\(call) was answered \(earlier.text) and then \(answer)")
            }
        }
        lines.append("call " + call + Transcript.arrow + answer)
    }

    /// A call by which the target may have changed.
    func change(_ call: String, _ answer: String) {
        changeCount += 1
        lines.append("change " + call + Transcript.arrow + answer)
    }
}
