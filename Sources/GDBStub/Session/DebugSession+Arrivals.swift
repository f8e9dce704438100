public import Execution
import GDBRemote

// Input from the driver: the client's bytes, the machine's stops, and text of the guest's console.
extension DebugSession {
    /// Receives bytes from the client, cut anywhere.
    ///
    /// Handles the first packet unless an earlier one has no reply yet. The remaining packets become ``hasWork``.
    public mutating func receive(_ bytes: [UInt8]) {
        input.append(bytes)
        if work != nil, input.hasInterrupt(link) { isWorkUnwanted = true }
        decodeNext()
        if work == nil { continueWork() }
    }

    /// Reports that the client has closed its sending side.
    ///
    /// The client may have stopped reading too, so a long request is abandoned.
    public mutating func inputEnded() { isInputEnded = true }

    /// Reports that the machine has stopped, once for each resume.
    ///
    /// Reports in any other state are ignored. `others` are simultaneous stops of other vCPUs; only non-stop mode
    /// reports them to the client.
    public mutating func stopped(_ event: StopEvent, and others: [StopEvent] = []) {
        switch state {
        case .attached(.allStop(.running)):
            state = .attached(.allStop(.stopped(isReleased: false)))
            lastStop = StopWithSignal(clamped(event))
            accessVCPU = lastStop.event.vcpu
            // A trace experiment may have ended during the run.
            try? agentChanged()
            if let text = stopReplies.description(of: lastStop) { sendConsole(Array((text + "\n").utf8)) }
            send(Reply(stopReplies.reply(to: lastStop)))
        case .attached(.allStop(.released(let waiting))):
            endRelease(event, waiting: waiting)
        case .attached(.nonStop):
            takeStops([event] + others)
        case .absent(.attaching(let resets, let isAnswered), let isNonStop):
            endAttach(resets: resets, isAnswered: isAnswered, isNonStop: isNonStop, event)
        case .absent(.detached, let isNonStop):
            // No client requested this stop.
            returnToDetached(after: event, isNonStop: isNonStop)
        case .ending(let action, let reply, _):
            end(with: action, reply)
        case .attached(.allStop(.stopped)), .absent(.killed, _), .ended:
            break
        }
    }

    /// Receives text from the guest's console.
    ///
    /// The text is sent at once while the machine runs, and otherwise held until it runs.
    ///
    /// Text is dropped while the client does not read fast enough.
    public mutating func consoleOutput(_ text: [UInt8]) {
        switch state {
        case .attached(.allStop(.running)):
            guard link.output.count < Self.enoughOutput else { return }
            sendConsole(text)
        case .attached:
            heldConsoleText.append(text)
        case .absent, .ending, .ended:
            break
        }
    }

    /// Reports that the connection has ended.
    ///
    /// The session then detaches, or holds the machine.
    ///
    /// Packets that arrived earlier are handled first, because some clients send `k` and disconnect. Queries are
    /// skipped, because their replies cannot be sent.
    public mutating func disconnected() {
        work = nil
        while isTakingInput, !waitsForMachine, let arrived = input.takeNext() {
            if !arrived.isOnlyQuestion { handle(arrived) }
            work = nil
            _ = link.takeOutput()
            decodeNext()
        }
        input = InputQueue()
        switch state {
        case .attached: finish(with: holdsOnDisconnect ? .leave : .detach, nil)
        case .absent(.detached, _): end(with: .detach, nil)
        // The driver has already been asked to stop the machine.
        case .absent(.attaching, _): state = .ending(.detach, nil, from: .allStop(.running(isInterrupted: true)))
        case .absent(.killed, _): end(with: .kill, nil)
        case .ending(let action, _, let mode):
            state = .ending(action == .release ? .detach : action == .hold ? .kill : action, nil, from: mode)
        case .ended: break
        }
    }
}
