package import GDBStub
import Machine

/// The thread that runs the vCPUs, driven from the thread that serves the debugger and the console.
///
/// It is either held (no vCPU runs, everything may be read and changed) or running under one plan until an outcome.
/// All calls come from the serving thread.
package final class RunControl: @unchecked Sendable {
    // SAFETY: `accelerator` is used by the serving thread only while the vCPU thread is held; `control` has the lock.
    private let accelerator: any Accelerator
    private let control = Monitor(Control())
    private let wakeUp: WakeUp
    /// For the guest that asks for a reset.
    private let restart: Restart
    private var thread: HostThread?
    package private(set) var isRunning = false
    /// Each vCPU's last reported stop, and where it was: going on from there passes what stopped it.
    private var reported: [(stop: PassedStop, pc: UInt64)?]

    private struct Control {
        var order: Order?
        var outcome: RunOutcome?

        mutating func takeOutcome() -> RunOutcome? {
            defer { outcome = nil }
            return outcome
        }
    }

    private enum Order {
        case run(ResumePlan, passing: [PassedStop])
        case quit
    }

    init(_ accelerator: any Accelerator, wakeUp: WakeUp, restart: Restart) throws(HostError) {
        self.accelerator = accelerator
        self.wakeUp = wakeUp
        self.restart = restart
        reported = Array(repeating: nil, count: accelerator.vcpuCount)
        thread = try HostThread { [unowned self] in self.runVCPUs() }
    }

    /// Lets the vCPUs go. Their next outcome comes through `takeOutcome`, announced by the wake-up.
    package func resume(_ plan: ResumePlan) {
        guard !isRunning else { return }
        isRunning = true
        accelerator.clearStopRequest()
        let passing = reported.indices.map { vcpu in
            guard let (stop, pc) = reported[vcpu], (try? accelerator.read(.pc, vcpu: vcpu)) == pc else {
                return PassedStop.nothing
            }
            return stop
        }
        for vcpu in plan.motions.indices where plan.motions[vcpu] != .hold { reported[vcpu] = nil }
        control.withLock { $0.order = .run(plan, passing: passing) }
    }

    /// Lets all vCPUs continue.
    package func resumeAll() {
        resume(ResumePlan(motions: Array(repeating: .continue, count: accelerator.vcpuCount)))
    }

    /// Asks the vCPUs to stop; the outcome comes later, and may be another one that was quicker.
    package func requestStop() {
        accelerator.requestStop()
    }

    /// The outcome of the last resume, once.
    package func takeOutcome() -> RunOutcome? {
        guard let outcome = control.withLock({ $0.takeOutcome() }) else { return nil }
        return noted(outcome)
    }

    /// Stops the vCPUs and waits until they have.
    package func stopAndWait() -> RunOutcome {
        requestStop()
        return noted(control.wait { $0.takeOutcome() })
    }

    /// Stops the vCPUs for good and ends their thread.
    package func shutDown() {
        accelerator.requestStop()
        control.withLock { $0.order = .quit }
        thread?.join()
        thread = nil
        isRunning = false
    }

    private func noted(_ outcome: RunOutcome) -> RunOutcome {
        isRunning = false
        if case .stopped(let event) = outcome, let pc = try? accelerator.read(.pc, vcpu: event.vcpu) {
            reported[event.vcpu] = (PassedStop(event.reason), pc)
        }
        return outcome
    }

    /// The vCPU thread.
    private func runVCPUs() {
        while true {
            let order = control.wait { control -> Order? in
                defer { control.order = nil }
                return control.order
            }
            guard case .run(let plan, let passing) = order else { return }
            var outcome = accelerator.run(plan, passing: passing)
            while outcome == .resetRequested { outcome = runAfterReset() }
            control.withLock { $0.outcome = outcome }
            wakeUp.signal()
        }
    }

    private func runAfterReset() -> RunOutcome {
        do throws(MachineError) {
            try restart.perform()
        } catch {
            return .failed("reset: \(error)")
        }
        let count = accelerator.vcpuCount
        return accelerator.run(
            ResumePlan(motions: Array(repeating: .continue, count: count)),
            passing: Array(repeating: .nothing, count: count))
    }
}
