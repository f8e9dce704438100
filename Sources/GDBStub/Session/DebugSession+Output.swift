import Execution
import GDBRemote

// Output to the driver: bytes for the client, and actions.
extension DebugSession {
    /// Returns the bytes to send to the client and removes them.
    ///
    /// The capacity of `buffer` is reused for later output.
    public mutating func takeOutput(reusing buffer: consuming [UInt8] = []) -> [UInt8] {
        link.takeOutput(reusing: buffer)
    }

    /// Returns the actions to perform, oldest first, and removes them.
    public mutating func takeActions() -> [SessionAction] {
        // Several packets that arrive together share one standstill.
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

    /// Sends text to the client's console.
    mutating func sendConsole(_ text: [UInt8]) {
        for part in ConsoleParts(text) { send(.console(part)) }
    }

    /// Requests a resume from the driver.
    ///
    /// From then on a stop reply is due.
    mutating func resume(_ plan: ResumePlan) {
        state = .attached(.allStop(.running(isInterrupted: false)))
        client.hasResumed = true
        transfers.machineResumes()
        selectedFrame = nil
        actions.append(.resume(plan))
        sendConsole(heldConsoleText.take())
    }

    /// Adds an action for the driver.
    mutating func act(_ action: SessionAction) {
        actions.append(action)
    }

    /// Ends the session once the machine is stopped.
    ///
    /// The reply is sent last.
    mutating func finish(with action: SessionAction, _ reply: Reply?) {
        guard case .attached(let mode) = state, !mode.isStopped else { return end(with: action, reply) }
        state = .ending(action, reply, from: mode)
        if !mode.isInterrupted { actions.append(.interrupt) }
    }

    /// Ends the session while the machine is stopped.
    ///
    /// In extended mode the connection stays open without a process.
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
