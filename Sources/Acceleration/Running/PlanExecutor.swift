package import Execution
import HostIO
import Synchronization

/// The execution of a plan up to an outcome to report, in one or more runs of the accelerator.
///
/// Range steps are repeated here, without the serving thread and without packets.
package final class PlanExecutor: @unchecked Sendable {
    // SAFETY: only the thread that controls the vCPUs uses `run`, `runBriefly` and what they access (`VCPUThread`
    // defines which thread that is); `stopRequest` is atomic.
    let accelerator: any Accelerator
    let filter: any StopFilter
    let stopRequest = Atomic<Bool>(false)

    /// An executor of plans on the accelerator, whose breakpoints the filter decides about.
    package init(_ accelerator: any Accelerator, filter: any StopFilter) {
        self.accelerator = accelerator
        self.filter = filter
        accelerator.setStopFilter(filter)
    }

    /// Makes `run` return `.requested` soon, even between two runs of the accelerator.
    ///
    /// May be called on any thread.
    package func requestStop() {
        stopRequest.store(true, ordering: .releasing)
        accelerator.requestStop()
    }

    /// Withdraws a request that came too late.
    package func clearStopRequest() {
        stopRequest.store(false, ordering: .releasing)
        accelerator.clearStopRequest()
    }

    /// Runs the plan briefly if the accelerator can.
    ///
    /// Returns nil if there is nothing to report yet; `run` must then continue the plan with the remaining
    /// `reportedStops`.
    package func runBriefly(_ plan: ResumePlan, reportedStops: inout [ReportedStops]) -> RunReport? {
        guard !plan.isNonStop, !filter.decidesByPrograms else { return nil }
        let simple = plan.withoutRanges
        let start = HostClock.now()
        var unmoved = unmoved(plan, reportedStops)
        for _ in 0..<Self.briefSteps {
            guard var report = accelerator.runBriefly(simple, reportedStops: &reportedStops) else { return nil }
            unmoved.formIntersection(report.unmoved)
            report.unmoved = unmoved
            guard case .stopped(let event) = report.outcome, event.reason == .stepped else { return report }
            if let ended = outcomeOfStep(plan, event) {
                report.outcome = ended
                return report
            }
            if HostClock.now() &- start > Self.briefTime { return nil }
        }
        return nil
    }

    /// The most range steps in a brief run.
    private static let briefSteps = 100
    /// The time limit of a brief run, in nanoseconds.
    ///
    /// A step may write to a slow device.
    private static let briefTime: UInt64 = 2_000_000

    /// Runs the plan to its outcome.
    package func run(_ plan: ResumePlan, reportedStops: [ReportedStops]) -> RunReport {
        var report = RunReport(.requested)
        report.unmoved = unmoved(plan, reportedStops)
        report.outcome = outcome(of: plan, reportedStops: reportedStops, &report)
        return report
    }

    /// The resumed vCPUs with reported stops, before any of them has executed an instruction.
    ///
    /// The other vCPUs have no reported stops that could remain valid.
    private func unmoved(_ plan: ResumePlan, _ reportedStops: [ReportedStops]) -> Set<Int> {
        Set(plan.actions.indices.filter { plan.actions[$0] != .hold && !reportedStops[$0].isEmpty })
    }

    /// Returns the outcome of the plan, and records the rest in the report.
    private func outcome(
        of plan: ResumePlan, reportedStops: [ReportedStops], _ report: inout RunReport
    ) -> RunOutcome {
        // The accelerator drops a stop request that arrives while a run ends with a reset, so the flag is checked here.
        if stopRequest.load(ordering: .acquiring) { return .requested }
        var reportedStops = reportedStops
        var begun: Set<Int> = []
        let simple = plan.withoutRanges
        while true {
            var places: [Int: UInt64] = [:]
            if plan.isNonStop {
                if let outcome = stepAlone(plan, &reportedStops, &begun, &report) { return outcome }
                places = self.places(of: begun)
            }
            let outcome = run(simple, &reportedStops, &report)
            guard case .stopped(let event) = outcome, event.reason == .stepped else {
                report.otherStops = stops(in: plan, awayFrom: places)
                return outcome
            }
            let ended =
                plan.isNonStop ? outcomeOfRanges(plan, begun, event, &report) : outcomeOfStep(plan, event)
            if let ended { return ended }
        }
    }

    /// Runs a plan once on the accelerator, and adds the result to the report.
    func run(_ plan: ResumePlan, _ reportedStops: inout [ReportedStops], _ report: inout RunReport) -> RunOutcome {
        let part = accelerator.run(plan, reportedStops: reportedStops)
        for vcpu in plan.actions.indices where plan.actions[vcpu] != .hold && !part.unmoved.contains(vcpu) {
            reportedStops[vcpu] = ReportedStops()
            report.unmoved.remove(vcpu)
        }
        // The filter must not decide about a passed breakpoint again in the accelerator's next run.
        for vcpu in part.passed { reportedStops[vcpu].insert(.breakpoint) }
        report.passed = part.passed
        return part.outcome
    }

    /// The outcome of a step; nil if it was one of several within a range (GDB manual, the `r` action of `vCont`).
    ///
    /// Only the PC determines whether a range was left: an exception or a call leaves it, and the client continues from
    /// there.
    private func outcomeOfStep(_ plan: ResumePlan, _ event: StopEvent) -> RunOutcome? {
        guard !plan.actions.contains(.step) else { return .stopped(event) }
        for vcpu in plan.actions.indices {
            guard let range = plan.actions[vcpu].range else { continue }
            guard let pc = try? accelerator.programCounter(vcpu: vcpu), range.contains(pc) else {
                return .stopped(StopEvent(.stepped, vcpu: vcpu))
            }
            if let reason = filter.stopReason(afterStepOf: vcpu) { return .stopped(StopEvent(reason, vcpu: vcpu)) }
        }
        return stopRequest.load(ordering: .acquiring) ? .requested : nil
    }
}

extension ResumePlan {
    /// The plan with a single step in place of each range step.
    fileprivate var withoutRanges: ResumePlan { ResumePlan(actions: actions.map { $0.range == nil ? $0 : .step }) }
}

extension ResumeAction {
    /// The range of addresses within which the vCPU continues to step; nil for other actions.
    var range: Range<UInt64>? {
        if case .stepWithin(let range) = self { range } else { nil }
    }

    var isStep: Bool { self == .step || range != nil }
}
