import GDBStub
import Machine

/// The thread that runs the vCPUs: it waits for a plan, runs it to its outcome, and waits again.
final class VCPUThread: Sendable {
    private let worker: Worker
    private let thread: HostThread

    /// - Parameters:
    ///   - wakeUp: signalled whenever there is an outcome to take.
    ///   - restart: for the guest that asks for a reset.
    ///   - panic: tells whether the guest has failed.
    init(
        _ accelerator: any Accelerator, _ runner: PlanRunner, wakeUp: WakeUp, restart: Restart, panic: PanicWatch
    ) throws(HostError) {
        let worker = Worker(accelerator, runner, wakeUp: wakeUp, restart: restart, panic: panic)
        self.worker = worker
        thread = try HostThread(named: "vcpus") { worker.loop() }
    }

    deinit {
        worker.end()
        thread.join()
    }

    /// Has the plan run.
    ///
    /// The thread must be waiting.
    func run(_ plan: ResumePlan, passing: [PassedStop]) {
        worker.control.withLock { $0.order = .run(plan, passing: passing) }
    }

    /// The outcome of the last plan, once; nil while it runs.
    ///
    /// Asked for with every packet, while the thread waits for its next plan.
    func takeOutcome() -> RunOutcome? {
        worker.control.withLockUnnoticed { $0.takeOutcome() }
    }

    /// Waits for the outcome.
    func waitForOutcome() -> RunOutcome {
        worker.control.wait { $0.takeOutcome() }
    }

    /// What the thread itself holds on to: it may still be in its loop when its owner goes.
    private final class Worker: @unchecked Sendable {
        // SAFETY: the accelerator is this thread's while it runs a plan, and its owner's while it waits for one.
        private let accelerator: any Accelerator
        private let runner: PlanRunner
        private let wakeUp: WakeUp
        private let restart: Restart
        private let panic: PanicWatch
        let control = Monitor(Control())

        init(
            _ accelerator: any Accelerator, _ runner: PlanRunner, wakeUp: WakeUp, restart: Restart, panic: PanicWatch
        ) {
            self.accelerator = accelerator
            self.runner = runner
            self.wakeUp = wakeUp
            self.restart = restart
            self.panic = panic
        }

        func loop() {
            while case .run(let plan, let passing) = nextOrder() {
                var outcome = runner.run(plan, passing: passing)
                while outcome == .resetRequested { outcome = runAfterReset() }
                // The stop was the watch's, or has come together with it.
                if outcome == .requested, let failure = panic.takeFailure() { outcome = .failed(failure) }
                control.withLock { $0.outcome = outcome }
                wakeUp.signal()
            }
        }

        /// Makes the loop end.
        func end() {
            control.withLock { $0.order = .quit }
            runner.requestStop()
        }

        private func nextOrder() -> Order {
            control.wait { control in
                defer { if control.order != .quit { control.order = nil } }
                return control.order
            }
        }

        private func runAfterReset() -> RunOutcome {
            if let failure = panic.failureOfReset() { return .failed(failure) }
            do throws(MachineError) {
                try restart.perform()
            } catch {
                return .failed("reset: \(error)")
            }
            let count = accelerator.vcpuCount
            return runner.run(
                ResumePlan(motions: Array(repeating: .continue, count: count)),
                passing: Array(repeating: .nothing, count: count))
        }
    }

    private struct Control {
        var order: Order?
        var outcome: RunOutcome?

        mutating func takeOutcome() -> RunOutcome? {
            defer { outcome = nil }
            return outcome
        }
    }

    private enum Order: Equatable {
        case run(ResumePlan, passing: [PassedStop])
        case quit
    }
}
