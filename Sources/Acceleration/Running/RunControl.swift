package import Execution
package import HostIO

/// The serving thread's control of the vCPUs: resumes and stops them.
///
/// The vCPUs are either held (none runs, and their state may be read and changed), or they run one plan until an
/// outcome. All calls must come from the serving thread.
package final class RunControl {
    private let accelerator: any Accelerator
    private let executor: PlanExecutor
    private var thread: VCPUThread?
    /// Whether the vCPUs run a plan whose report has not been taken.
    package private(set) var isRunning = false
    /// The plan in which every vCPU continues.
    package let continueAll: ResumePlan
    private var plan: ResumePlan
    /// The report of a plan that ended in a brief run on the serving thread.
    private var reportAtOnce: RunReport?
    private var history: StopHistory

    /// The control of an accelerator's vCPUs, all held.
    ///
    /// Starts the vCPU thread; `wakeUp` is signaled for each of its reports.
    package init(
        _ accelerator: any Accelerator, filter: any StopFilter, wakeUp: WakeUp, machineReset: MachineReset,
        panic: PanicWatch
    ) throws(HostError) {
        self.accelerator = accelerator
        executor = PlanExecutor(accelerator, filter: filter)
        continueAll = ResumePlan(actions: Array(repeating: .continue, count: accelerator.vcpuCount))
        plan = continueAll
        history = StopHistory(
            vcpuCount: accelerator.vcpuCount,
            watchpointsStopAfterAccess: accelerator.watchpointsStopAfterAccess)
        thread = try VCPUThread(accelerator, executor, wakeUp: wakeUp, machineReset: machineReset, panic: panic)
    }

    /// Resumes the vCPUs.
    ///
    /// Afterwards `takeReport` returns the report. The wake-up announces it, unless `hasReport` is true at once.
    package func resume(_ plan: ResumePlan) {
        guard !isRunning, let thread else { return }
        isRunning = true
        self.plan = plan
        executor.clearStopRequest()
        let reportedStops = history.begin(plan) { try? accelerator.programCounter(vcpu: $0) }
        reportAtOnce = thread.run(plan, reportedStops: reportedStops)
    }

    /// Whether there is a report that no wake-up announces.
    package var hasReport: Bool { reportAtOnce != nil }

    /// Waits some microseconds for the report of a requested stop, and returns whether it can be taken.
    ///
    /// Spins if the vCPU thread runs on another processor; sleeps if the calling thread occupies the processor that it
    /// needs.
    package func reportComesSoon() -> Bool {
        guard let thread, !hasReport, !thread.hasReport else { return true }
        guard accelerator.isHeldUpByCaller else { return SpinWait.spin(until: { thread.hasReport }) }
        return thread.waitForReport(nanoseconds: Self.shortWait)
    }

    /// The longest wait of ``reportComesSoon()``, in nanoseconds.
    ///
    /// Nothing else is served meanwhile.
    private static let shortWait: UInt64 = 200_000

    /// Requests that the vCPUs stop.
    ///
    /// The report comes later, and may be about another stop that came first.
    package func requestStop() {
        executor.requestStop()
    }

    /// Returns the report of the last resume, once; nil before it is available.
    package func takeReport() -> RunReport? {
        guard let report = reportAtOnce ?? thread?.takeReport() else { return nil }
        return finishRun(report)
    }

    /// Stops the vCPUs and waits until none runs.
    ///
    /// Returns nil if they are already held.
    package func stopAndWait() -> RunReport? {
        guard isRunning, let thread else { return nil }
        if let reportAtOnce { return finishRun(reportAtOnce) }
        requestStop()
        return finishRun(thread.waitForReport())
    }

    /// Ends the vCPU thread.
    ///
    /// No vCPU runs afterwards.
    package func shutDown() {
        thread = nil
        isRunning = false
    }

    /// The vCPU on which a pause is reported: a resumed vCPU, preferably one that is executing instructions.
    package var vcpuInFocus: Int {
        let moved = plan.actions.indices.filter { plan.actions[$0] != .hold }
        return moved.first { accelerator.activity(vcpu: $0) == .running } ?? moved.first ?? 0
    }

    /// Marks the vCPUs as held, and records the stops of the report for the next run.
    private func finishRun(_ report: RunReport) -> RunReport {
        isRunning = false
        reportAtOnce = nil
        history.end(report) { try? accelerator.programCounter(vcpu: $0) }
        return report
    }
}
