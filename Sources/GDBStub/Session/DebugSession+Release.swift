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
        guard !isAbsent else { throw .noProcess }
        isReleased = true
    }

    /// Keeps a command until the machine has stopped.
    mutating func haltForCommand(_ command: Command) {
        guard case .released(let isInterrupted) = state else { return }
        waitingCommand = command
        guard !isInterrupted else { return }
        state = .released(isInterrupted: true)
        act(.interrupt)
    }

    /// Takes the report that the machine has stopped.
    mutating func endRelease(_ event: StopEvent) {
        state = .stopped
        if event.reason != .paused { isReleased = false }
        lastStop = event
        lastStop.vcpu = min(max(event.vcpu, 0), target.vcpuCount - 1)
        lastSignal = event.signal
        try? agentChanged()
        guard let command = waitingCommand else { return }
        waitingCommand = nil
        answer(command)
    }

    /// Lets the machine continue in all-stop mode, with every vCPU.
    mutating func resumeReleased() {
        guard isReleased, nonStop == nil, case .stopped = state else { return }
        state = .released(isInterrupted: false)
        hasResumed = true
        threadsXML = nil
        systemXML = nil
        selectedFrame = nil
        act(.resume(ResumePlan(motions: Array(repeating: .continue, count: target.vcpuCount))))
    }
}
