import Execution
import Synchronization

// Steps in non-stop mode: each vCPU steps alone first, then together within their ranges.
extension PlanExecutor {
    /// Steps each vCPU alone while the rest are held, as non-stop mode requires.
    ///
    /// Otherwise a stop of another vCPU would hide the report of this step, and a breakpoint removed for the step could
    /// be missed by the others.
    ///
    /// A range step takes its first step here. `begun` collects the vCPUs that have stepped within their range.
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

    /// Returns the stops of vCPUs that were stepping within a range when another event was reported.
    ///
    /// A vCPU whose PC has not changed has not stepped, or will stop later.
    func stops(in plan: ResumePlan, awayFrom places: [Int: UInt64]) -> [StopEvent] {
        guard !places.isEmpty else { return [] }
        return places.keys.sorted().compactMap { vcpu in
            guard (try? accelerator.programCounter(vcpu: vcpu)) != places[vcpu] else { return nil }
            return stopAfterStep(of: vcpu, plan.actions[vcpu])
        }
    }

    /// The outcome of range steps in non-stop mode: each vCPU whose range ended has stopped.
    ///
    /// A vCPU that was powered off until now has stepped only if `event` reports it.
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
