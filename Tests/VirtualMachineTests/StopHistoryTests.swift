import Acceleration
import Execution
import Testing

/// Which stops a vCPU passes when it continues from where they were reported.
@Suite struct StopHistoryTests {
    /// One vCPU that is at `pc` when each of the runs begins and at `next` when it ends.
    private struct Run {
        var action: ResumeAction = .continue
        var pc: UInt64 = 0x1000
        var next: UInt64 = 0x1000
        var reason: StopEvent.Reason?
        var isUnmoved = false
        var isPassed = false
    }

    /// The stops that are passed at the beginning of a last run, from where the one before it ended.
    private func reportedStops(after runs: [Run], watchpointsStopAfterAccess: Bool = false) -> ReportedStops {
        var history = StopHistory(vcpuCount: 1, watchpointsStopAfterAccess: watchpointsStopAfterAccess)
        for run in runs {
            _ = history.begin(ResumePlan(actions: [run.action])) { _ in run.pc }
            var report = RunReport(run.reason.map { .stopped(StopEvent($0, vcpu: 0)) } ?? .requested)
            if run.isUnmoved { report.unmoved = [0] }
            if run.isPassed { report.passed = [0] }
            history.end(report) { _ in run.next }
        }
        let pc = runs.last?.next ?? 0
        return history.begin(ResumePlan(actions: [.continue])) { _ in pc }[0]
    }

    private static let watchpoint = StopEvent.Reason.watchpoint(.writeWatchpoint, address: 0x8000)
    private static let hit = Run(reason: .softwareBreakpoint)

    @Test("a reported breakpoint is passed once")
    func once() {
        #expect(reportedStops(after: [Self.hit]) == .breakpoint)
        #expect(reportedStops(after: [Self.hit, Run(next: 0x1004)]) == [])
        #expect(reportedStops(after: [Self.hit, Run(reason: nil)]) == [])
    }

    @Test("a step that comes back to the same PC has executed the instruction there")
    func stepToItself() {
        #expect(reportedStops(after: [Self.hit, Run(action: .step, reason: .stepped)]) == [])
    }

    @Test("a stop that comes before the instruction is passed together with those reported there")
    func secondStopAtOneInstruction() {
        let second = Run(reason: Self.watchpoint, isUnmoved: true)
        #expect(reportedStops(after: [Self.hit, second]) == [.breakpoint, .watchpoint])
    }

    @Test("a stop at the same PC after a turn of a loop is passed alone")
    func turnOfALoop() {
        #expect(reportedStops(after: [Self.hit, Run(reason: Self.watchpoint)]) == .watchpoint)
    }

    @Test("a run that begins elsewhere ends what was reported, also if it does not move the vCPU")
    func unmovedElsewhere() {
        #expect(reportedStops(after: [Self.hit, Run(pc: 0x2000, next: 0x1000, isUnmoved: true)]) == [])
    }

    @Test("a watchpoint that stops after the access says nothing of the instruction it stops at")
    func afterAccess() {
        let runs = [Self.hit, Run(reason: Self.watchpoint)]
        #expect(reportedStops(after: runs, watchpointsStopAfterAccess: true) == [])
    }

    @Test("a vCPU that did not get to move still passes what was reported, and one that is held too")
    func unmoved() {
        #expect(reportedStops(after: [Self.hit, Run(isUnmoved: true)]) == .breakpoint)
        #expect(reportedStops(after: [Self.hit, Run(action: .hold)]) == .breakpoint)
    }

    @Test("a breakpoint that was decided about, and whose instruction is still to come, is passed")
    func decided() {
        #expect(reportedStops(after: [Run(isPassed: true)]) == .breakpoint)
        #expect(
            reportedStops(after: [Run(reason: .caughtException, isUnmoved: true, isPassed: true)]) == [
                .breakpoint, .caughtException,
            ])
    }

    @Test("what was reported at an earlier place is not passed at another one")
    func elsewhere() {
        let elsewhere = Run(action: .step, pc: 0x0FFC, next: 0x1000, reason: .stepped)
        #expect(reportedStops(after: [Self.hit, elsewhere]) == [])
    }
}
