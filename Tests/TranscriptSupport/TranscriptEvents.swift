import Execution
package import GDBStub

// Stops, plans and actions as text.

private let kindNames: [(StopPoint.Kind, String)] = [
    (.softwareBreakpoint, "software-breakpoint"), (.hardwareBreakpoint, "hardware-breakpoint"),
    (.writeWatchpoint, "write-watchpoint"), (.readWatchpoint, "read-watchpoint"),
    (.accessWatchpoint, "access-watchpoint"),
]

/// Stops without a value of their own.
private let plainReasons: [(StopEvent.Reason, String)] = [
    (.paused, "paused"), (.stepped, "stepped"), (.softwareBreakpoint, "software-breakpoint"),
    (.hardwareBreakpoint, "hardware-breakpoint"), (.caughtException, "guest-trap"), (.turnedOn, "turned-on"),
    (.turnedOff, "turned-off"), (.failed, "failed"),
]

extension StopPoint.Kind {
    package var transcriptText: String { kindNames.first { $0.0 == self }?.1 ?? "unknown" }
}

extension StopPoint {
    package var transcriptText: String { "\(kind.transcriptText) \(hexadecimal(address)) \(length)" }
}

extension StopEvent {
    /// The reason and the vCPU, such as `software-breakpoint vcpu 0`.
    package var transcriptText: String {
        let text =
            switch reason {
            case .watchpoint(let kind, let address): "\(kind.transcriptText) \(hexadecimal(address))"
            case .poweredOff(let status): "powered-off \(status)"
            default: plainReasons.first { $0.0 == reason }?.1 ?? "unknown"
            }
        return "\(text) vcpu \(vcpu)"
    }

    package init(transcript text: some StringProtocol) throws {
        let words = text.split(separator: " ")
        guard words.count >= 3, words[words.count - 2] == "vcpu" else { throw TranscriptError("not a stop: \(text)") }
        let vcpu = try decimal(words[words.count - 1])
        if words.count == 4, let (kind, _) = kindNames.first(where: { $0.1 == words[0] }) {
            self.init(.watchpoint(kind, address: try number(words[1])), vcpu: vcpu)
        } else if words.count == 4, words[0] == "powered-off" {
            self.init(.poweredOff(status: UInt8(truncatingIfNeeded: try decimal(words[1]))), vcpu: vcpu)
        } else if words.count == 3, let (reason, _) = plainReasons.first(where: { $0.1 == words[0] }) {
            self.init(reason, vcpu: vcpu)
        } else {
            throw TranscriptError("not a stop: \(text)")
        }
    }
}

extension [StopEvent] {
    /// Stops that are reported together, the first one first.
    package var transcriptText: String { map(\.transcriptText).joined(separator: "; ") }

    package init(transcript text: String) throws {
        self = try text.split(separator: ";").map { try StopEvent(transcript: $0) }
    }
}

extension ResumePlan {
    /// A letter for each vCPU: `h` holds, `c` continues, `s` steps, and `r` steps within a range.
    package var transcriptText: String {
        let letters = actions.map { action in
            switch action {
            case .hold: "h"
            case .continue: "c"
            case .step: "s"
            case .stepWithin(let range): "r\(hexadecimal(range.lowerBound))-\(hexadecimal(range.upperBound))"
            }
        }
        return letters.joined(separator: ",") + (isNonStop ? " non-stop" : "")
    }
}

extension SessionAction {
    package var transcriptText: String {
        switch self {
        case .resume(let plan): "resume \(plan.transcriptText)"
        case .interrupt: "interrupt"
        case .detach: "detach"
        case .release: "release"
        case .hold: "hold"
        case .leave: "leave"
        case .kill: "kill"
        }
    }
}

extension Agent.Verdict? {
    /// The agent's verdict on a breakpoint; `none` if it has none there.
    package var transcriptText: String {
        switch self {
        case .stop(let kind): "stop \(kind.transcriptText)"
        case .pass: "pass"
        case nil: "none"
        }
    }

    /// The verdict as an action, with the text that the agent has printed.
    func recordedText(_ text: [UInt8]) -> String {
        "verdict " + transcriptText + (text.isEmpty ? "" : " says " + TranscriptText.escaped(text))
    }
}
