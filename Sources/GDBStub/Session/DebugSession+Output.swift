import Execution
import GDBRemote

// Output to the driver: bytes for the client, and actions.
extension DebugSession {
    /// Takes the bytes for the client.
    public mutating func takeOutput(reusing buffer: consuming [UInt8] = []) -> [UInt8] {
        link.takeOutput(reusing: buffer)
    }

    /// Takes the actions that are due, oldest first.
    public mutating func takeActions() -> [SessionAction] {
        // Packets that come together need one standstill.
        if !hasWork {
            endStandstill()
            resumeReleased()
        }
        var taken: [SessionAction] = []
        swap(&taken, &actions)
        return taken
    }

    // MARK: Inside

    /// Sends a reply to the client.
    mutating func send(_ reply: Reply) {
        link.send(reply.data)
    }

    /// Shows text on the client's console.
    mutating func sendConsole(_ text: [UInt8]) {
        for part in ConsoleParts(text) { send(.console(part)) }
    }

    /// Hands the plan to the driver; from now on a stop reply is due.
    mutating func resume(_ plan: ResumePlan) {
        state = .attached(.allStop(.running(isInterrupted: false)))
        client.hasResumed = true
        transfers.machineResumes()
        selectedFrame = nil
        actions.append(.resume(plan))
        sendConsole(heldConsoleText.take())
    }

    /// Leaves something for the driver to do.
    mutating func act(_ action: SessionAction) {
        actions.append(action)
    }

    /// Ends the session once the machine is stopped; the reply comes last.
    mutating func finish(with action: SessionAction, _ reply: Reply?) {
        guard case .attached(let mode) = state, !mode.isStopped else { return end(with: action, reply) }
        state = .ending(action, reply, from: mode)
        if !mode.isInterrupted { actions.append(.interrupt) }
    }

    /// Ends the session over the stopped machine; without a process, if the client stays.
    mutating func end(with action: SessionAction, _ reply: Reply?) {
        agent?.removeAllThatEnd()
        agent?.trace.clientLeft()
        target.removeAllStopPoints()
        if let reply { send(reply) }
        selectedFrame = nil
        let isNonStop = nonStop != nil
        state =
            switch action {
            case .release: .absent(.detached, isNonStop: isNonStop)
            case .hold: .absent(.killed, isNonStop: isNonStop)
            default: .ended
            }
        actions.append(action)
    }
}
