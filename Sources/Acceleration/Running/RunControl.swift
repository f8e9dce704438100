package import Execution
package import HostIO

/// Control of the vCPUs for the thread that serves the debugger and the console: resumes and stops them.
///
/// The vCPUs are either held (none runs, everything may be read and changed) or running under one plan until an
/// outcome. All calls come from the serving thread.
package final class RunControl {
    private let accelerator: any Accelerator
    private let executor: PlanExecutor
    private var thread: VCPUThread?
    package private(set) var isRunning = false
    /// The plan in which every vCPU continues.
    package let continueAll: ResumePlan
    private var plan: ResumePlan
    /// The report of a plan that ended on this thread, in a brief run.
    private var reportAtOnce: RunReport?
    private var history: StopHistory

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
    /// The report is taken by `takeReport`; the wake-up announces it, unless `hasReport` is true at once.
    package func resume(_ plan: ResumePlan) {
        guard !isRunning, let thread else { return }
        isRunning = true
        self.plan = plan
        executor.clearStopRequest()
        let reportedStops = history.begin(plan) { try? accelerator.programCounter(vcpu: $0) }
        reportAtOnce = thread.run(plan, reportedStops: reportedStops)
    }

    /// Whether a report can be taken that no wake-up announces.
    package var hasReport: Bool { reportAtOnce != nil }

    /// Waits some microseconds for the report of a requested stop, and returns whether the report can be taken.
    ///
    /// Spins if the vCPU thread runs on another processor; sleeps if this thread occupies the processor that it needs.
    package func reportComesSoon() -> Bool {
        guard let thread, !hasReport, !thread.hasReport else { return true }
        guard accelerator.isHeldUpByCaller else { return SpinWait.spin(until: { thread.hasReport }) }
        return thread.waitForReport(nanoseconds: Self.shortWait)
    }

    /// The longest wait of ``reportComesSoon()``, in which nothing else is served, in nanoseconds.
    private static let shortWait: UInt64 = 200_000

    /// Asks the vCPUs to stop.
    ///
    /// The report comes later, and may be about another stop that came first.
    package func requestStop() {
        executor.requestStop()
    }

    /// The report of the last resume, once.
    package func takeReport() -> RunReport? {
        guard let report = reportAtOnce ?? thread?.takeReport() else { return nil }
        return finishRun(report)
    }

    /// Stops the vCPUs and waits until they have; nil if they are held already.
    package func stopAndWait() -> RunReport? {
        guard isRunning, let thread else { return nil }
        if let reportAtOnce { return finishRun(reportAtOnce) }
        requestStop()
        return finishRun(thread.waitForReport())
    }

    /// Stops the vCPUs for good and ends their thread.
    package func shutDown() {
        thread = nil
        isRunning = false
    }

    /// The vCPU on which a pause is reported: one that was resumed and is running, if there is one.
    package var vcpuInFocus: Int {
        let moved = plan.actions.indices.filter { plan.actions[$0] != .hold }
        return moved.first { accelerator.activity(vcpu: $0) == .running } ?? moved.first ?? 0
    }

    /// Marks the vCPUs as held, and keeps the stops of the report for the next run.
    private func finishRun(_ report: RunReport) -> RunReport {
        isRunning = false
        reportAtOnce = nil
        history.end(report) { try? accelerator.programCounter(vcpu: $0) }
        return report
    }
}
