import Execution
import Synchronization

// Steps in non-stop mode: each alone first, then together within their ranges.
extension PlanExecutor {
    /// Steps one vCPU while the others are held, as non-stop mode requires.
    ///
    /// A stop of another vCPU would hide the report of this step, and the step may remove a breakpoint that the others
    /// must not miss.
    ///
    /// For a range this is the first step.
    func stepAlone(
        _ plan: ResumePlan, _ reportedStops: inout [ReportedStops], _ begun: inout Set<Int>, _ report: inout RunReport
    ) -> RunOutcome? {
        for vcpu in plan.actions.indices where plan.actions[vcpu].isStep && !begun.contains(vcpu) {
            guard accelerator.activity(vcpu: vcpu) != .off else { continue }
            let alone = ResumePlan(actions: plan.actions.indices.map { $0 == vcpu ? .step : .hold })
            let outcome = run(alone, &reportedStops, &report)
            guard outcome == .stopped(StopEvent(.stepped, vcpu: vcpu)) else { return outcome }
            if let stop = stopAfterStep(of: vcpu, plan.actions[vcpu]) { return .stopped(stop) }
            begun.insert(vcpu)
            if stopRequest.load(ordering: .acquiring) { return .requested }
        }
        return nil
    }

    private func stopAfterStep(of vcpu: Int, _ action: ResumeAction) -> StopEvent? {
        guard let range = action.range, let pc = try? accelerator.programCounter(vcpu: vcpu), range.contains(pc) else {
            return StopEvent(.stepped, vcpu: vcpu)
        }
        return filter.stopReason(afterStepOf: vcpu).map { StopEvent($0, vcpu: vcpu) }
    }

    func places(of vcpus: Set<Int>) -> [Int: UInt64] {
        var places: [Int: UInt64] = [:]
        for vcpu in vcpus { places[vcpu] = try? accelerator.programCounter(vcpu: vcpu) }
        return places
    }

    /// The stops of vCPUs that were stepping through a range when something else was reported.
    ///
    /// A vCPU at its old place has not stepped, or will stop there later.
    func stops(in plan: ResumePlan, awayFrom places: [Int: UInt64]) -> [StopEvent] {
        guard !places.isEmpty else { return [] }
        return places.keys.sorted().compactMap { vcpu in
            guard (try? accelerator.programCounter(vcpu: vcpu)) != places[vcpu] else { return nil }
            return stopAfterStep(of: vcpu, plan.actions[vcpu])
        }
    }

    /// The outcome of range steps in non-stop mode: each vCPU at the end of its range stops.
    ///
    /// A vCPU that was powered off until now has stepped only if the accelerator says so.
    func outcomeOfRanges(
        _ plan: ResumePlan, _ begun: Set<Int>, _ event: StopEvent, _ report: inout RunReport
    ) -> RunOutcome? {
        let ends = begun.union([event.vcpu]).sorted().compactMap { stopAfterStep(of: $0, plan.actions[$0]) }
        if let first = ends.first {
            report.otherStops = Array(ends.dropFirst())
            return .stopped(first)
        }
        return stopRequest.load(ordering: .acquiring) ? .requested : nil
    }
}
