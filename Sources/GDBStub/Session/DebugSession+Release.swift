import Execution
import GDBRemote
import TargetDescription

// `monitor cont`: the machine runs although the client's own state says that it is stopped.
//
// There is no stop reply to come. A packet that needs the machine stopped halts it for as long as it takes, so the
// client sees memory and registers as they are then. It ends with the client's own resume, a reset, `monitor stop`, and
// anything that stops the machine by itself, which `?` then reports.
extension DebugSession {
    /// Lets the machine run once the packet at hand is answered.
    ///
    /// Throws without a process: a machine that has been killed is reset before it runs again.
    mutating func release() throws(TargetError) {
        guard case .attached(.allStop) = state else { throw .noProcess }
        state = .attached(.allStop(.stopped(isReleased: true)))
    }

    /// Ends the release: the machine stays stopped until the client resumes it.
    mutating func holdReleased() {
        if case .attached(.allStop(.stopped)) = state { state = .attached(.allStop(.stopped(isReleased: false))) }
    }

    /// Keeps a command until the machine has stopped.
    mutating func haltForCommand(_ command: Command) {
        state = .attached(.allStop(.released(waiting: command)))
        act(.interrupt)
    }

    /// Takes the report that the machine has stopped; only a pause leaves it released.
    mutating func endRelease(_ event: StopEvent, waiting: Command?) {
        state = .attached(.allStop(.stopped(isReleased: event.reason == .paused)))
        lastStop = StopWithSignal(clamped(event))
        try? agentChanged()
        if let waiting { answer(waiting) }
    }

    /// Lets the machine continue in all-stop mode, with every vCPU.
    mutating func resumeReleased() {
        guard case .attached(.allStop(.stopped(isReleased: true))) = state else { return }
        state = .attached(.allStop(.released(waiting: nil)))
        client.hasResumed = true
        transfers.machineResumes()
        selectedFrame = nil
        act(.resume(ResumePlan(actions: Array(repeating: .continue, count: target.vcpuCount))))
    }
}
