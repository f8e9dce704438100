import Execution
import GDBRemote

// Non-stop mode: what the machine reports, and how clients hear of it (GDB manual, "Notification Packets").
extension DebugSession {
    // MARK: Standstill

    /// Whether a command has to wait until no vCPU runs; it is then answered at the standstill.
    mutating func waitsForStandstill(_ command: Command) -> Bool {
        guard let nonStop, !nonStop.isStill else { return false }
        waitingCommand = command
        demandStandstill()
        return true
    }

    mutating func demandStandstill() {
        guard nonStop?.isStillnessDue == false else { return }
        nonStop?.isStillnessDue = true
        act(.interrupt)
    }

    /// Lets go on who was moving, once everything that needed a standstill has had it.
    mutating func endStandstill() {
        guard case .stopped = state, let nonStop, nonStop.isStill, nonStop.isMoving else { return }
        self.nonStop?.isStill = false
        threadsXML = nil
        systemXML = nil
        act(.resume(ResumePlan(motions: nonStop.motions, isNonStop: true)))
    }

    // MARK: Reports

    /// Takes a report of the driver's: nothing moves any more, and some vCPUs have stopped, or none.
    mutating func takeStops(_ events: [StopEvent]) {
        guard let before = nonStop, !before.isStill else { return }
        nonStop?.isStill = true
        nonStop?.isStillnessDue = false
        try? agentChanged()
        for var event in events {
            event.vcpu = min(max(event.vcpu, 0), target.vcpuCount - 1)
            note(event)
        }
        if nonStop?.isInterruptDue == true {
            nonStop?.isInterruptDue = false
            interruptOne()
        }
        if let command = waitingCommand {
            waitingCommand = nil
            answer(command)
        }
    }

    private mutating func note(_ event: StopEvent) {
        guard nonStop?.end == nil else { return }
        switch event.reason {
        case .paused:
            nonStop?.focus = event.vcpu
        case .poweredOff, .failed:
            endMachine(event, isNews: true)
        case .turnedOff:
            // Its thread has ended. What comes when it is turned on is a new one, which clients take for running.
            nonStop?.motions[event.vcpu] = .continue
            lastStop = event
            tell(NonStop.Untold(vcpu: nil, reply: Reply(stopReply())))
        default:
            // The client knows that one that is held is stopped.
            guard nonStop?.motions[event.vcpu] != .hold else { return }
            stop(event, signal: event.signal)
        }
    }

    /// A vCPU has stopped.
    mutating func stop(_ event: StopEvent, signal: UInt8) {
        let stop = NonStop.Stop(event: event, signal: signal)
        nonStop?.motions[event.vcpu] = .hold
        nonStop?.stops[event.vcpu] = stop
        lastStop = event
        lastSignal = signal
        tell(NonStop.Untold(vcpu: event.vcpu, reply: reply(of: stop)))
    }

    /// The machine is gone, and with it all there is to say of its vCPUs.
    mutating func endMachine(_ event: StopEvent, isNews: Bool) {
        lastStop = event
        let told = nonStop?.isTelling == true ? nonStop?.untold.first : nil
        nonStop?.motions = Array(repeating: .hold, count: target.vcpuCount)
        nonStop?.untold = [told].compactMap { $0 }
        nonStop?.end = event
        guard isNews else { return }
        tell(NonStop.Untold(vcpu: nil, reply: Reply(stopReply())))
    }

    // MARK: Telling

    /// Has the client hear of it: by a notification if it is not hearing of something else, else when it asks on.
    private mutating func tell(_ stop: NonStop.Untold) {
        nonStop?.untold.append(stop)
        guard nonStop?.isTelling == false else { return }
        nonStop?.isTelling = true
        link.notify(Array("Stop:".utf8) + stop.reply.data)
    }

    /// `vStopped`: the next stop, or `OK` when there is none.
    mutating func nextStop() -> Reply {
        guard let before = nonStop else { return .empty }
        if before.isTelling { nonStop?.untold.removeFirst() }
        return tellFirst()
    }

    /// `?`: the first of all stopped vCPUs, the others by `vStopped`, whatever has been told before.
    mutating func allStops() -> Reply {
        guard let before = nonStop else { return .empty }
        var untold: [NonStop.Untold] = []
        if before.end != nil {
            untold = [NonStop.Untold(vcpu: nil, reply: Reply(stopReply()))]
        } else {
            for vcpu in before.motions.indices where before.motions[vcpu] == .hold {
                untold.append(NonStop.Untold(vcpu: vcpu, reply: reply(of: before.stops[vcpu])))
            }
        }
        nonStop?.untold = untold
        return tellFirst()
    }

    private mutating func tellFirst() -> Reply {
        let first = nonStop?.untold.first
        nonStop?.isTelling = first != nil
        return first?.reply ?? .ok
    }

    /// The reply that tells of a vCPU's stop; its registers are in it, so nothing moves.
    private mutating func reply(of stop: NonStop.Stop) -> Reply {
        let (event, signal) = (lastStop, lastSignal)
        defer { (lastStop, lastSignal) = (event, signal) }
        (lastStop, lastSignal) = (stop.event, stop.signal)
        return Reply(stopReply())
    }
}
