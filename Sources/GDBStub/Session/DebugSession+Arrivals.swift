public import Execution
import GDBRemote

// Input from the driver: the client's bytes, the machine's stops, and text of the guest's console.
extension DebugSession {
    /// Takes bytes from the client, cut anywhere.
    ///
    /// Handles the first packet in them, unless an earlier one is not answered yet; the rest is ``hasWork``.
    public mutating func receive(_ bytes: [UInt8]) {
        input.append(bytes)
        if work != nil, input.hasInterrupt(link) { isWorkUnwanted = true }
        decodeNext()
        if work == nil { continueWork() }
    }

    /// Takes the report that the client sends nothing more.
    ///
    /// The client may still read, but need not, so a long request is abandoned.
    public mutating func inputEnded() { isInputEnded = true }

    /// Takes the report that the machine has stopped: one for each resume.
    ///
    /// Reports in any other state are ignored. `others` are the stops of other vCPUs that came together with it, which
    /// only non-stop mode reports.
    public mutating func stopped(_ event: StopEvent, and others: [StopEvent] = []) {
        switch state {
        case .attached(.allStop(.running)):
            state = .attached(.allStop(.stopped(isReleased: false)))
            lastStop = StopWithSignal(clamped(event))
            accessVCPU = lastStop.event.vcpu
            // An experiment may have ended by itself.
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
            // No client asked for that stop.
            returnToDetached(after: event, isNonStop: isNonStop)
        case .ending(let action, let reply, _):
            end(with: action, reply)
        case .attached(.allStop(.stopped)), .absent(.killed, _), .ended:
            break
        }
    }

    /// Takes text of the guest's console for the client's: sent at once while the machine runs, and otherwise when it
    /// does.
    ///
    /// Text is dropped while the client reads too slowly.
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

    /// Takes the report that the connection is gone: a detach.
    ///
    /// Packets that arrived before are carried out first, because some clients send `k` and leave. Queries are skipped,
    /// since their replies cannot be sent.
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
        // The driver has been asked to stop the machine.
        case .absent(.attaching, _): state = .ending(.detach, nil, from: .allStop(.running(isInterrupted: true)))
        case .absent(.killed, _): end(with: .kill, nil)
        case .ending(let action, _, let mode):
            state = .ending(action == .release ? .detach : action == .hold ? .kill : action, nil, from: mode)
        case .ended: break
        }
    }
}
