package import Execution
import HostIO
import Synchronization

/// The execution of a plan up to an outcome that must be reported, in as many runs of the accelerator as it takes.
///
/// Range steps are made here, without the serving thread and without a packet.
package final class PlanExecutor: @unchecked Sendable {
    // SAFETY: `run`, `runBriefly` and what they use are the thread's that has the vCPUs (VCPUThread says which that
    // is); `stopRequest` is any thread's.
    let accelerator: any Accelerator
    let filter: any StopFilter
    let stopRequest = Atomic<Bool>(false)

    package init(_ accelerator: any Accelerator, filter: any StopFilter) {
        self.accelerator = accelerator
        self.filter = filter
        accelerator.setStopFilter(filter)
    }

    /// Makes `run` return `.requested` soon, also between two of the accelerator's runs.
    package func requestStop() {
        stopRequest.store(true, ordering: .releasing)
        accelerator.requestStop()
    }

    /// Takes back a request that came too late.
    package func clearStopRequest() {
        stopRequest.store(false, ordering: .releasing)
        accelerator.clearStopRequest()
    }

    /// Runs the plan briefly, if the accelerator can; nil if there is nothing to report yet, and `run` must continue
    /// the plan with the rest of `reportedStops`.
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

    /// The most steps within a range that a brief run makes.
    private static let briefSteps = 100
    /// The time limit of a brief run, in nanoseconds, because a step may write to a slow device.
    private static let briefTime: UInt64 = 2_000_000

    /// Runs the plan to its outcome.
    package func run(_ plan: ResumePlan, reportedStops: [ReportedStops]) -> RunReport {
        var report = RunReport(.requested)
        report.unmoved = unmoved(plan, reportedStops)
        report.outcome = outcome(of: plan, reportedStops: reportedStops, &report)
        return report
    }

    /// The resumed vCPUs with reported stops, before any of them has executed anything.
    ///
    /// The other vCPUs have no reported stops that could still hold.
    private func unmoved(_ plan: ResumePlan, _ reportedStops: [ReportedStops]) -> Set<Int> {
        Set(plan.actions.indices.filter { plan.actions[$0] != .hold && !reportedStops[$0].isEmpty })
    }

    /// The outcome of the plan; everything else is put into the report.
    private func outcome(
        of plan: ResumePlan, reportedStops: [ReportedStops], _ report: inout RunReport
    ) -> RunOutcome {
        // The accelerator loses a stop request that comes while a run ends with a reset.
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
        // A breakpoint that was decided about is not decided about again in the accelerator's next run.
        for vcpu in part.passed { reportedStops[vcpu].insert(.breakpoint) }
        report.passed = part.passed
        return part.outcome
    }

    /// The outcome of a step; nil if it was one of several within a range (GDB manual, the `r` action of `vCont`).
    ///
    /// Only PC decides whether a range was left: an exception or a call leaves it, and the client continues from there.
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
    /// The range of addresses in which the vCPU continues to step.
    var range: Range<UInt64>? {
        if case .stepWithin(let range) = self { range } else { nil }
    }

    var isStep: Bool { self == .step || range != nil }
}
