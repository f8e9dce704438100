import Acceleration
import Execution
import GDBStub
import HostIO
import MachineDebugger

// Outcomes of the machine, and resuming and stopping its vCPUs.
extension EventLoop {
    mutating func handle(_ run: RunReport) {
        console.flush()
        allowWaiting(true)
        switch run.outcome {
        case .stopped(let event): report(event, and: run.otherStops)
        case .requested: report(StopEvent(.paused, vcpu: control.vcpuInFocus))
        case .resetRequested: resumeAll()
        case .poweredOff(let status):
            endWithGuest(.finished(status: status), StopEvent(.poweredOff(status: status), vcpu: 0))
        case .failed(let text):
            endWithGuest(.failed(text), StopEvent(.failed, vcpu: 0))
        }
    }

    mutating func endWithGuest(_ end: End) {
        self.end = end
        guestHasEnded = true
    }

    /// Ends the run before it reports the end, so that no vCPU runs after the guest's end, whatever the session
    /// requests.
    private mutating func endWithGuest(_ end: End, _ event: StopEvent) {
        endWithGuest(end)
        report(event)
        client?.reportEnd()
    }

    /// Reports a stop to the session.
    ///
    /// Without a session, the machine continues.
    private mutating func report(_ event: StopEvent, and others: [StopEvent] = []) {
        guard client != nil else {
            if event.reason.isResumable { resumeAll() }
            return
        }
        client?.session.stopped(event, and: others)
        if !converse() { closeClient() }
    }

    func resume(_ plan: ResumePlan) {
        // The plan begins on this thread, which must not wait for output that only it removes from the queues.
        allowWaiting(false)
        control.resume(plan)
        allowWaiting(true)
    }

    func resumeAll() { resume(control.continueAll) }

    /// Stops the vCPUs if they run.
    ///
    /// A stalled reader of the console cannot prevent this.
    func stopAndWait() -> RunReport? {
        allowWaiting(false)
        defer { allowWaiting(true) }
        return control.stopAndWait()
    }

    /// Sets whether the thread that runs the vCPUs may wait until its output is read.
    func allowWaiting(_ mayWait: Bool) {
        console.allowWaiting(mayWait)
        machine.agentText.allowWaiting(mayWait)
    }
}

extension StopEvent.Reason {
    fileprivate var isResumable: Bool {
        switch self {
        case .poweredOff, .failed: false
        default: true
        }
    }
}
