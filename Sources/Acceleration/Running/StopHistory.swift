package import Execution

/// The stops that have been reported for each vCPU at its PC, which do not stop it again when it continues from there.
package struct StopHistory {
    private typealias Entry = (stops: ReportedStops, pc: UInt64)
    private var reported: [Entry?]
    /// Copy of the valid entries of `reported`, taken when the run started; restored for vCPUs that did not move.
    private var before: [Entry?] = []
    private let watchpointsStopAfterAccess: Bool

    /// An empty history.
    ///
    /// `watchpointsStopAfterAccess` is true if a watchpoint stops at the instruction after the access.
    package init(vcpuCount: Int, watchpointsStopAfterAccess: Bool) {
        self.watchpointsStopAfterAccess = watchpointsStopAfterAccess
        reported = Array(repeating: nil, count: vcpuCount)
    }

    /// Begins a run, and returns the stops that each vCPU passes.
    package mutating func begin(_ plan: ResumePlan, programCounter: (Int) -> UInt64?) -> [ReportedStops] {
        before = reported.enumerated().map { vcpu, entry in
            guard let entry, programCounter(vcpu) == entry.pc else { return nil }
            return entry
        }
        let reportedStops = before.map { $0?.stops ?? [] }
        for vcpu in plan.actions.indices where plan.actions[vcpu] != .hold { reported[vcpu] = nil }
        return reportedStops
    }

    /// Ends the run that began last, and records its stops.
    package mutating func end(_ report: RunReport, programCounter: (Int) -> UInt64?) {
        for vcpu in report.unmoved { reported[vcpu] = before[vcpu] }
        // The filter must not decide about a passed breakpoint again.
        for vcpu in report.passed { add(.breakpoint, vcpu, programCounter(vcpu)) }
        for event in report.otherStops { record(event, programCounter(event.vcpu)) }
        if case .stopped(let event) = report.outcome { record(event, programCounter(event.vcpu)) }
    }

    /// Records a stop, together with earlier ones that were reported at the same instruction.
    private mutating func record(_ event: StopEvent, _ pc: UInt64?) {
        // After the access the vCPU is at another instruction, at which nothing has been reported.
        if watchpointsStopAfterAccess, case .watchpoint = event.reason {
            reported[event.vcpu] = nil
        } else {
            add(ReportedStops(event.reason), event.vcpu, pc)
        }
    }

    private mutating func add(_ stops: ReportedStops, _ vcpu: Int, _ pc: UInt64?) {
        guard let pc else { return }
        let earlier = reported[vcpu].map { $0.pc == pc ? $0.stops : [] } ?? []
        let all = earlier.union(stops)
        reported[vcpu] = all.isEmpty ? nil : (all, pc)
    }
}
