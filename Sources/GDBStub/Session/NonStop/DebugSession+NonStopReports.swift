import Execution
import GDBRemote

// Non-stop mode: the driver's reports, and the notifications that report stops to clients (GDB manual, "Notification
// Packets").
extension DebugSession {
    // MARK: Standstill

    /// Returns whether a command must wait until no vCPU runs.
    ///
    /// If so, it is answered at the standstill.
    mutating func waitsForStandstill(_ command: Command) -> Bool {
        guard let nonStop, !nonStop.machine.isStill else { return false }
        demandStandstill(for: command)
        return true
    }

    /// Requests a standstill from the driver, once, and keeps the command or the Ctrl-C that needs it.
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

    /// Resumes the vCPUs that are not held, after the requests that needed a standstill.
    mutating func endStandstill() {
        guard case .attached(.nonStop(let nonStop)) = state, nonStop.machine.isStill, nonStop.isMoving else { return }
        self.nonStop?.machine = .moving
        transfers.machineResumes()
        act(.resume(ResumePlan(actions: nonStop.actions, isNonStop: true)))
    }

    // MARK: Reports

    /// Handles a report of the driver: no vCPU runs now, and zero or more have stopped.
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
            // The thread has ended. When the vCPU is powered on again, clients see a new thread, which they assume is
            // running.
            nonStop?.actions[event.vcpu] = .continue
            lastStop.event = event
            report(NonStop.Report(vcpu: nil, reply: Reply(stopReplies.reply(to: lastStop))))
        default:
            // The client already knows that a held vCPU is stopped.
            guard nonStop?.actions[event.vcpu] != .hold else { return }
            stop(StopWithSignal(event))
        }
    }

    /// Records a stop of one vCPU, and reports it.
    mutating func stop(_ stop: StopWithSignal) {
        nonStop?.actions[stop.event.vcpu] = .hold
        nonStop?.stops[stop.event.vcpu] = stop
        lastStop = stop
        report(NonStop.Report(vcpu: stop.event.vcpu, reply: Reply(stopReplies.reply(to: stop))))
    }

    /// Records the machine's end, and drops all pending reports about its vCPUs.
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

    /// Sends a report as a notification, or queues it until the client has acknowledged earlier ones with `vStopped`.
    private mutating func report(_ report: NonStop.Report) {
        nonStop?.reports.append(report)
        guard nonStop?.isReporting == false else { return }
        nonStop?.isReporting = true
        link.notify(Array("Stop:".utf8) + report.reply.data)
    }

    /// Handles `vStopped`: returns the next stop, or `OK` if there is none.
    mutating func nextStop() -> Reply {
        guard let before = nonStop else { return .empty }
        if before.isReporting { nonStop?.reports.removeFirst() }
        return firstReport()
    }

    /// Handles `?`: returns the first stopped vCPU's stop.
    ///
    /// `vStopped` returns the rest, even if they have been reported before.
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
