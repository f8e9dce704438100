package import Execution
import HostIO
import Synchronization

/// Runs a plan to an outcome that is worth telling, in as many runs of the accelerator as it takes.
///
/// A range is stepped through here, and here breakpoints are passed that turn out to be none to stop for, if the
/// accelerator doesn't do that by itself: neither takes the serving thread's time, nor a byte on the connection.
package final class PlanRunner: @unchecked Sendable {
    // SAFETY: `run`, `runBriefly` and what they use are the thread's that has the vCPUs (VCPUThread says which that
    // is); `stopRequest` is any thread's.
    let accelerator: any Accelerator
    /// Nil if the accelerator asks it.
    private let filter: (any StopFilter)?
    let steps: any StopFilter
    let stopRequest = Atomic<Bool>(false)

    package init(_ accelerator: any Accelerator, filter: any StopFilter) {
        self.accelerator = accelerator
        self.filter = accelerator.setStopFilter(filter) ? nil : filter
        steps = filter
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

    /// Runs the plan for a moment, if the accelerator can; nil if there is nothing to report so far, and `run` is to go
    /// on with the plan and what is left to pass.
    package func runBriefly(_ plan: ResumePlan, passing: inout [ReportedStops]) -> RunReport? {
        guard !plan.isNonStop, !steps.decidesByPrograms else { return nil }
        let simple = plan.withoutRanges
        let start = HostClock.now()
        for _ in 0..<Self.briefSteps {
            guard let outcome = accelerator.runBriefly(simple, passing: &passing) else { return nil }
            guard case .stopped(let event) = outcome, event.reason == .stepped else { return RunReport(outcome) }
            if let ended = outcomeOfStep(plan, event) { return RunReport(ended) }
            if HostClock.now() &- start > Self.briefTime { return nil }
        }
        return nil
    }

    /// Steps within a range that take but a moment.
    private static let briefSteps = 100
    /// In nanoseconds: one of them may write to a device that takes its time.
    private static let briefTime: UInt64 = 2_000_000

    package func run(_ plan: ResumePlan, passing: [ReportedStops]) -> RunReport {
        var report = RunReport(.requested)
        if plan.isNonStop { report.unmoved = Set(plan.motions.indices.filter { plan.motions[$0] != .hold }) }
        report.outcome = outcome(of: plan, passing: passing, &report)
        return report
    }

    /// The outcome of the plan; everything else is put into the report.
    private func outcome(
        of plan: ResumePlan, passing: [ReportedStops], _ report: inout RunReport
    ) -> RunOutcome {
        // What came while a run ended with a reset, the accelerator has forgotten.
        if stopRequest.load(ordering: .acquiring) { return .requested }
        var passing = passing
        var begun: Set<Int> = []
        let simple = plan.withoutRanges
        while true {
            var places: [Int: UInt64] = [:]
            if plan.isNonStop {
                if let outcome = stepAlone(plan, &passing, &begun, &report) { return outcome }
                places = self.places(of: begun)
            }
            for vcpu in report.passed { passing[vcpu] = .breakpoint }
            report.passed = []
            var outcome = accelerator.run(simple, passing: passing)
            report.unmoved = []
            passing = passing.map { _ in [] }
            if let filter, case .stopped(let event) = outcome, event.reason.isBreakpoint {
                if let reason = filter.stopReason(atBreakpointOf: event.vcpu) {
                    report.otherStops = stops(in: plan, awayFrom: places)
                    return .stopped(StopEvent(reason, vcpu: event.vcpu))
                }
                filter.settle()
                // One that is off has nothing to step, and waits for others to turn it on.
                let stepper = simple.motions.indices.first {
                    simple.motions[$0] == .step && accelerator.activity(vcpu: $0) != .off
                }
                guard let stepper else {
                    if stopRequest.load(ordering: .acquiring) {
                        filter.endSteps(of: event.vcpu)
                        report.passed.insert(event.vcpu)
                        return .requested
                    }
                    passing[event.vcpu] = .breakpoint
                    guard filter.followsSteps(of: event.vcpu) else { continue }
                    if let outcome = follow(event.vcpu, passing) { return outcome }
                    passing[event.vcpu] = []
                    continue
                }
                // Who steps has done so before another vCPU's stop is reported (``Accelerator/run(_:passing:)``).
                report.passed.insert(event.vcpu)
                outcome = .stopped(StopEvent(.stepped, vcpu: stepper))
            }
            guard case .stopped(let event) = outcome, event.reason == .stepped else {
                report.otherStops = stops(in: plan, awayFrom: places)
                return outcome
            }
            let ended =
                plan.isNonStop ? outcomeOfRanges(plan, begun, event, &report) : outcomeOfStep(plan, event)
            if let ended { return ended }
        }
    }

    /// Moves one vCPU alone, instruction by instruction, as long as something is collected behind each of them.
    private func follow(_ vcpu: Int, _ passing: [ReportedStops]) -> RunOutcome? {
        let alone = ResumePlan(motions: passing.indices.map { $0 == vcpu ? .step : .hold })
        defer { steps.endSteps(of: vcpu) }
        while true {
            let outcome = accelerator.run(alone, passing: passing)
            guard outcome == .stopped(StopEvent(.stepped, vcpu: vcpu)) else { return outcome }
            steps.stepped(vcpu)
            // Behind the last one everything goes on as usual, and finds the next breakpoint itself.
            guard steps.followsSteps(of: vcpu) else { return nil }
            if let reason = steps.stopReason(afterStepOf: vcpu) { return .stopped(StopEvent(reason, vcpu: vcpu)) }
            if stopRequest.load(ordering: .acquiring) { return .requested }
        }
    }

    /// What a step came to; nil if it was one of several (GDB manual, the `r` action of `vCont`).
    ///
    /// A range is left by PC alone: an exception or a call leads out of it, and is where the client takes over.
    private func outcomeOfStep(_ plan: ResumePlan, _ event: StopEvent) -> RunOutcome? {
        guard !plan.motions.contains(.step) else { return .stopped(event) }
        for vcpu in plan.motions.indices {
            guard let range = plan.motions[vcpu].range else { continue }
            guard let pc = try? accelerator.programCounter(vcpu: vcpu), range.contains(pc) else {
                return .stopped(StopEvent(.stepped, vcpu: vcpu))
            }
            if let reason = steps.stopReason(afterStepOf: vcpu) { return .stopped(StopEvent(reason, vcpu: vcpu)) }
        }
        return stopRequest.load(ordering: .acquiring) ? .requested : nil
    }
}

extension ResumePlan {
    /// The plan of one step of those who are to step through ranges.
    fileprivate var withoutRanges: ResumePlan { ResumePlan(motions: motions.map { $0.range == nil ? $0 : .step }) }
}

extension ResumePlan.Motion {
    /// Where the vCPU goes on stepping.
    var range: Range<UInt64>? {
        if case .stepWithin(let range) = self { range } else { nil }
    }

    var isStep: Bool { self == .step || range != nil }
}

extension StopEvent.Reason {
    var isBreakpoint: Bool { self == .softwareBreakpoint || self == .hardwareBreakpoint }
}
