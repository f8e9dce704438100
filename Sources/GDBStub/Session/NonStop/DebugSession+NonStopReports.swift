import Execution
import GDBRemote

// Non-stop mode: the driver's reports, and the notifications that pass them to clients (GDB manual, "Notification
// Packets").
extension DebugSession {
    // MARK: Standstill

    /// Whether a command has to wait until no vCPU runs; it is then answered at the standstill.
    mutating func waitsForStandstill(_ command: Command) -> Bool {
        guard let nonStop, !nonStop.machine.isStill else { return false }
        demandStandstill(for: command)
        return true
    }

    /// Asks the driver for a standstill, once, and keeps the command or the Ctrl-C that needs it.
    mutating func demandStandstill(for command: Command? = nil, isCtrlC: Bool = false) {
        switch nonStop?.machine {
        case .moving:
            nonStop?.machine = .stopping(for: command, isCtrlC: isCtrlC)
            act(.interrupt)
        case .stopping(let earlier, let wasCtrlC):
            nonStop?.machine = .stopping(for: command ?? earlier, isCtrlC: isCtrlC || wasCtrlC)
        case .still, nil: break
        }
    }

    /// Lets the vCPUs that were moving continue, once everything that needed a standstill has had it.
    mutating func endStandstill() {
        guard case .attached(.nonStop(let nonStop)) = state, nonStop.machine.isStill, nonStop.isMoving else { return }
        self.nonStop?.machine = .moving
        transfers.machineResumes()
        act(.resume(ResumePlan(actions: nonStop.actions, isNonStop: true)))
    }

    // MARK: Reports

    /// Takes a report of the driver's: no vCPU runs any more, and some have stopped, or none.
    mutating func takeStops(_ events: [StopEvent]) {
        guard let before = nonStop, !before.machine.isStill else { return }
        nonStop?.machine = .still
        try? agentChanged()
        for event in events { take(clamped(event)) }
        guard case .stopping(let command, let isCtrlC) = before.machine else { return }
        if isCtrlC { interruptOne() }
        if let command { answer(command) }
    }

    private mutating func take(_ event: StopEvent) {
        guard nonStop?.end == nil else { return }
        switch event.reason {
        case .paused:
            nonStop?.focus = event.vcpu
        case .poweredOff, .failed:
            endMachine(event, isNews: true)
        case .turnedOff:
            // The thread has ended. When the vCPU is powered on, clients see a new thread, which they regard as
            // running.
            nonStop?.actions[event.vcpu] = .continue
            lastStop.event = event
            report(NonStop.Report(vcpu: nil, reply: Reply(stopReplies.reply(to: lastStop))))
        default:
            // The client knows that one that is held is stopped.
            guard nonStop?.actions[event.vcpu] != .hold else { return }
            stop(StopWithSignal(event))
        }
    }

    /// Takes a stop of one vCPU, and reports it.
    mutating func stop(_ stop: StopWithSignal) {
        nonStop?.actions[stop.event.vcpu] = .hold
        nonStop?.stops[stop.event.vcpu] = stop
        lastStop = stop
        report(NonStop.Report(vcpu: stop.event.vcpu, reply: Reply(stopReplies.reply(to: stop))))
    }

    /// Takes the machine's end, with which all reports about its vCPUs become void.
    mutating func endMachine(_ event: StopEvent, isNews: Bool) {
        lastStop.event = event
        let sent = nonStop?.isReporting == true ? nonStop?.reports.first : nil
        let vcpuCount = target.vcpuCount
        nonStop?.actions = Array(repeating: .hold, count: vcpuCount)
        nonStop?.reports = [sent].compactMap { $0 }
        nonStop?.end = event
        guard isNews else { return }
        report(NonStop.Report(vcpu: nil, reply: Reply(stopReplies.reply(to: lastStop))))
    }

    // MARK: Reporting

    /// Sends a report as a notification, or queues it while an earlier one waits for its `vStopped`.
    private mutating func report(_ report: NonStop.Report) {
        nonStop?.reports.append(report)
        guard nonStop?.isReporting == false else { return }
        nonStop?.isReporting = true
        link.notify(Array("Stop:".utf8) + report.reply.data)
    }

    /// `vStopped`: the next stop, or `OK` when there is none.
    mutating func nextStop() -> Reply {
        guard let before = nonStop else { return .empty }
        if before.isReporting { nonStop?.reports.removeFirst() }
        return firstReport()
    }

    /// `?`: the first of all stopped vCPUs, and the rest by `vStopped`, whatever has been reported before.
    mutating func allStops() -> Reply {
        guard let before = nonStop else { return .empty }
        let reports: [NonStop.Report]
        if before.end != nil {
            reports = [NonStop.Report(vcpu: nil, reply: Reply(stopReplies.reply(to: lastStop)))]
        } else {
            reports = before.actions.indices.filter { before.actions[$0] == .hold }.map { vcpu in
                NonStop.Report(vcpu: vcpu, reply: Reply(stopReplies.reply(to: before.stops[vcpu])))
            }
        }
        nonStop?.reports = reports
        return firstReport()
    }

    private mutating func firstReport() -> Reply {
        let first = nonStop?.reports.first
        nonStop?.isReporting = first != nil
        return first?.reply ?? .ok
    }
}
