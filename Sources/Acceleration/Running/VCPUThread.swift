import Execution
import GuestMemory
import HostIO
import Machine
import Synchronization

/// The thread that runs the vCPUs.
///
/// The thread waits for a plan, runs it to its end, and waits again.
final class VCPUThread: Sendable {
    private let worker: Worker
    private let thread: HostThread

    /// Starts the thread, which waits for a plan.
    ///
    /// - Parameters:
    ///   - wakeUp: signaled whenever there is a report to take.
    ///   - machineReset: performs a reset that the guest requests.
    ///   - panic: reports the guest's panic, if any.
    init(
        _ accelerator: any Accelerator, _ executor: PlanExecutor, wakeUp: WakeUp, machineReset: MachineReset,
        panic: PanicWatch
    ) throws(HostError) {
        let worker = Worker(accelerator, executor, wakeUp: wakeUp, machineReset: machineReset, panic: panic)
        self.worker = worker
        thread = try HostThread(named: "vcpus") { worker.loop() }
    }

    deinit {
        worker.end()
        thread.join()
    }

    /// Runs a plan, first briefly on the calling thread.
    ///
    /// Returns the report if the plan has ended there, and nil if the vCPU thread continues it.
    ///
    /// Steps, and many runs to a breakpoint, end in less time than waking another thread takes. The vCPU thread must be
    /// waiting.
    func run(_ plan: ResumePlan, reportedStops: [ReportedStops]) -> RunReport? {
        var reportedStops = reportedStops
        let report = worker.reportSoon(of: plan, reportedStops: &reportedStops)
        switch report?.outcome {
        case nil: worker.control.withLock { $0.order = .run(plan, reportedStops: reportedStops) }
        case .resetRequested: worker.control.withLock { $0.order = .reset(plan) }
        default: return report
        }
        return nil
    }

    /// Whether `takeReport` would return a report.
    ///
    /// Costs one load, so a caller may poll it.
    var hasReport: Bool { worker.hasReport.load(ordering: .acquiring) }

    /// Returns the report of the last plan, once; nil while the plan runs.
    ///
    /// Called after every poll, even while the thread waits for its next plan.
    func takeReport() -> RunReport? {
        guard hasReport else { return nil }
        return worker.control.withLockWithoutWaking { worker.takeReport(&$0) }
    }

    /// Waits for the report for at most `nanoseconds`, without taking it.
    ///
    /// Returns false if the time has elapsed.
    func waitForReport(nanoseconds: UInt64) -> Bool {
        worker.control.wait(nanoseconds: nanoseconds) { $0.report.map { _ in true } } ?? false
    }

    /// Waits for the report and returns it.
    func waitForReport() -> RunReport {
        worker.control.wait { worker.takeReport(&$0) }
    }

    /// The state that the thread retains, because its loop may outlive the owner's last reference.
    private final class Worker: @unchecked Sendable {
        // SAFETY: the vCPU thread uses the accelerator, the executor and the watch while it runs a plan, and the owner
        // uses them while the thread waits for one; exceptions are calls that any thread may make.
        private let accelerator: any Accelerator
        private let executor: PlanExecutor
        private let wakeUp: WakeUp
        private let machineReset: MachineReset
        private let panic: PanicWatch
        let control = LockedValue(Control())
        /// Whether `control` has a report.
        ///
        /// Changes only under its lock.
        let hasReport = Atomic<Bool>(false)

        init(
            _ accelerator: any Accelerator, _ executor: PlanExecutor, wakeUp: WakeUp, machineReset: MachineReset,
            panic: PanicWatch
        ) {
            self.accelerator = accelerator
            self.executor = executor
            self.wakeUp = wakeUp
            self.machineReset = machineReset
            self.panic = panic
        }

        func loop() {
            while true {
                var report: RunReport
                let plan: ResumePlan
                switch nextOrder() {
                case .run(let ordered, let reportedStops):
                    plan = ordered
                    report = self.report(of: plan, reportedStops: reportedStops)
                case .reset(let interrupted):
                    plan = interrupted
                    report = RunReport(.resetRequested)
                case .quit:
                    return
                }
                while report.outcome == .resetRequested { report = runAfterReset(plan) }
                control.withLock {
                    $0.report = report
                    hasReport.store(true, ordering: .releasing)
                }
                wakeUp.signal()
            }
        }

        /// Returns the report, once.
        ///
        /// Must be called under the lock.
        func takeReport(_ control: inout Control) -> RunReport? {
            guard let report = control.report else { return nil }
            control.report = nil
            hasReport.store(false, ordering: .relaxed)
            return report
        }

        /// Runs a plan on the vCPU thread and returns its report.
        func report(of plan: ResumePlan, reportedStops: [ReportedStops]) -> RunReport {
            withFailure(executor.run(plan, reportedStops: reportedStops))
        }

        /// Runs a plan for a short time and returns its report; nil if the plan has not ended and must continue.
        func reportSoon(of plan: ResumePlan, reportedStops: inout [ReportedStops]) -> RunReport? {
            executor.runBriefly(plan, reportedStops: &reportedStops).map { withFailure($0) }
        }

        /// Replaces a requested stop by the guest's panic, if there was one: the panic itself requests a stop.
        private func withFailure(_ report: RunReport) -> RunReport {
            if report.outcome == .requested, let failure = panic.takeFailure() { return RunReport(.failed(failure)) }
            return report
        }

        /// Ends the loop.
        func end() {
            control.withLock { $0.order = .quit }
            executor.requestStop()
        }

        private func nextOrder() -> Order {
            control.wait { control in
                defer { if control.order != .quit { control.order = nil } }
                return control.order
            }
        }

        /// Resets the machine and resumes all vCPUs, except those that the debugger holds in non-stop mode.
        private func runAfterReset(_ plan: ResumePlan) -> RunReport {
            if let failure = panic.failureOfReset() { return RunReport(.failed(failure)) }
            do throws(MemoryError) {
                try machineReset.perform()
            } catch {
                return RunReport(.failed("reset: \(error)"))
            }
            let count = accelerator.vcpuCount
            return report(
                of: plan.isNonStop ? plan : ResumePlan(actions: Array(repeating: .continue, count: count)),
                reportedStops: Array(repeating: [], count: count))
        }
    }

    private struct Control {
        var order: Order?
        var report: RunReport?
    }

    private enum Order: Equatable {
        case run(ResumePlan, reportedStops: [ReportedStops])
        /// The plan has ended because the guest requested a reset, which must be performed first.
        case reset(ResumePlan)
        case quit
    }
}
