import Execution
import HostIO
import Machine
import Synchronization

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

    /// Has the plan run, first for a moment on the calling thread.
    ///
    /// The outcome, if that was enough: steps, and many runs to a breakpoint, are over before another thread has woken.
    /// The thread must be waiting.
    func run(_ plan: ResumePlan, passing: [ReportedStops]) -> RunOutcome? {
        var passing = passing
        let outcome = worker.outcomeSoon(of: plan, passing: &passing)
        switch outcome {
        case nil: worker.control.withLock { $0.order = .run(plan, passing: passing) }
        case .resetRequested: worker.control.withLock { $0.order = .restart(plan) }
        default: return outcome
        }
        return nil
    }

    /// Whether `takeOutcome` has an outcome to give: one load, for a caller that asks over and over.
    var hasOutcome: Bool { worker.hasOutcome.load(ordering: .acquiring) }

    /// The outcome of the last plan, once; nil while it runs.
    ///
    /// Asked for with every packet, while the thread waits for its next plan.
    func takeOutcome() -> RunOutcome? {
        guard hasOutcome else { return nil }
        return worker.control.withLockUnnoticed { worker.takeOutcome(&$0) }
    }

    /// Waits for the outcome, without taking it, for at most `nanoseconds`; false after the time.
    func waitForOutcome(nanoseconds: UInt64) -> Bool {
        worker.control.wait(nanoseconds: nanoseconds) { $0.outcome.map { _ in true } } ?? false
    }

    /// Waits for the outcome.
    func waitForOutcome() -> RunOutcome {
        worker.control.wait { worker.takeOutcome(&$0) }
    }

    /// What the thread itself holds on to: it may still be in its loop when its owner goes.
    private final class Worker: @unchecked Sendable {
        // SAFETY: the accelerator is this thread's while it runs a plan, and its owner's while it waits for one; so are
        // the runner and the watch, but for what any thread may call.
        private let accelerator: any Accelerator
        private let runner: PlanRunner
        private let wakeUp: WakeUp
        private let restart: Restart
        private let panic: PanicWatch
        let control = Monitor(Control())
        /// Whether `control` has an outcome; changes only under its lock.
        let hasOutcome = Atomic<Bool>(false)

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
            while true {
                var outcome: RunOutcome
                let plan: ResumePlan
                switch nextOrder() {
                case .run(let ordered, let passing):
                    plan = ordered
                    outcome = self.outcome(of: plan, passing: passing)
                case .restart(let interrupted):
                    plan = interrupted
                    outcome = .resetRequested
                case .quit:
                    return
                }
                while outcome == .resetRequested { outcome = runAfterReset(plan) }
                control.withLock {
                    $0.outcome = outcome
                    hasOutcome.store(true, ordering: .releasing)
                }
                wakeUp.signal()
            }
        }

        /// The outcome, once; called under the lock.
        func takeOutcome(_ control: inout Control) -> RunOutcome? {
            guard let outcome = control.outcome else { return nil }
            control.outcome = nil
            hasOutcome.store(false, ordering: .relaxed)
            return outcome
        }

        /// What the plan comes to, on the thread that has the accelerator.
        func outcome(of plan: ResumePlan, passing: [ReportedStops]) -> RunOutcome {
            told(runner.run(plan, passing: passing))
        }

        /// The same if it takes but a moment; nil if it doesn't, and the plan is to go on.
        func outcomeSoon(of plan: ResumePlan, passing: inout [ReportedStops]) -> RunOutcome? {
            runner.runBriefly(plan, passing: &passing).map { told($0) }
        }

        /// The stop may be the watch's, or have come together with it.
        private func told(_ outcome: RunOutcome) -> RunOutcome {
            if outcome == .requested, let failure = panic.takeFailure() { return .failed(failure) }
            return outcome
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

        /// Everybody goes on, but whom the debugger holds in non-stop mode.
        private func runAfterReset(_ plan: ResumePlan) -> RunOutcome {
            if let failure = panic.failureOfReset() { return .failed(failure) }
            do throws(MachineError) {
                try restart.perform()
            } catch {
                return .failed("reset: \(error)")
            }
            let count = accelerator.vcpuCount
            return outcome(
                of: plan.isNonStop ? plan : ResumePlan(motions: Array(repeating: .continue, count: count)),
                passing: Array(repeating: [], count: count))
        }
    }

    private struct Control {
        var order: Order?
        var outcome: RunOutcome?
    }

    private enum Order: Equatable {
        case run(ResumePlan, passing: [ReportedStops])
        /// The plan ended with the guest's wish for a reset.
        case restart(ResumePlan)
        case quit
    }
}
