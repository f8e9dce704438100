import Execution
import GDBRemote
import TargetDescription

// `monitor cont`: the machine runs although the client shows it as stopped.
//
// No stop reply is due. A packet that needs the machine stopped halts it until the reply is sent, so the client sees
// memory and registers at that moment. The release ends at the client's next resume, a reset, `monitor stop`, or any
// stop of the machine's own, which `?` then reports.
extension DebugSession {
    /// Resumes the machine once the current packet is answered.
    ///
    /// Throws if there is no process: a killed machine must be reset before it runs again.
    mutating func release() throws(TargetError) {
        guard case .attached(.allStop) = state else { throw .noProcess }
        state = .attached(.allStop(.stopped(isReleased: true)))
    }

    /// Ends the release.
    ///
    /// The machine stays stopped until the client resumes it.
    mutating func holdReleased() {
        if case .attached(.allStop(.stopped)) = state { state = .attached(.allStop(.stopped(isReleased: false))) }
    }

    /// Keeps a command until the machine has stopped, and asks the driver to stop it.
    mutating func haltForCommand(_ command: Command) {
        state = .attached(.allStop(.released(waiting: command)))
        act(.interrupt)
    }

    /// Reports that the released machine has stopped.
    ///
    /// The machine stays released only after a pause.
    mutating func endRelease(_ event: StopEvent, waiting: Command?) {
        state = .attached(.allStop(.stopped(isReleased: event.reason == .paused)))
        lastStop = StopWithSignal(clamped(event))
        try? agentChanged()
        if let waiting { answer(waiting) }
    }

    /// Resumes all vCPUs of a released machine.
    ///
    /// Only all-stop mode has the state.
    mutating func resumeReleased() {
        guard case .attached(.allStop(.stopped(isReleased: true))) = state else { return }
        state = .attached(.allStop(.released(waiting: nil)))
        client.hasResumed = true
        transfers.machineResumes()
        selectedFrame = nil
        act(.resume(ResumePlan(actions: Array(repeating: .continue, count: target.vcpuCount))))
    }
}
