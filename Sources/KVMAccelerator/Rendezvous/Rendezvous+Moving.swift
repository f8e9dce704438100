import Acceleration
import Execution

// Orders to the vCPUs, and the wait for their reports.
extension Rendezvous {
    /// The time of a step after which its vCPU must check whether it is still on, in nanoseconds.
    private static var stepPatience: UInt64 { 20_000_000 }
    /// The shortest time for which vCPUs run during another's step, in nanoseconds.
    private static var leastMoveTime: UInt64 { 100_000 }
    /// The interval of checks whether a vCPU that must step has been turned on, in nanoseconds.
    private static var powerPatience: UInt64 { 10_000_000 }

    private typealias Report = (vcpu: Int, report: VCPUReport)

    /// Gives an order.
    ///
    /// The result restores the stops reported at the vCPU's next instruction, for a vCPU that has not executed it.
    @discardableResult
    private func give(_ order: VCPUOrder, to vcpu: Int) -> () -> Void {
        let restore = forgetInstruction(of: vcpu)
        backend.give(order, to: vcpu)
        return restore
    }

    /// Executes one instruction of a vCPU while the others are held.
    func moveAlone(_ vcpu: Int, _ passed: ReportedStops) -> VCPUReport {
        backend.releaseTime()
        let restore = give(.step(reportedStops: passed), to: vcpu)
        var reports: [Report] = []
        collect(until: vcpu, &reports)
        backend.holdTime(afterStepOf: vcpu)
        let report = reports[0].report
        if stopsBeforeInstruction(report) { restore() } else { forgetPlace(of: vcpu) }
        return report
    }

    /// Whether a vCPU has reported before it executed the instruction of its step.
    func stopsBeforeInstruction(_ report: VCPUReport) -> Bool {
        switch report {
        case .watchpoint: !backend.watchpointsStopAfterAccess
        case .caughtException, .breakpoint: true
        case .interrupted, .stepped, .mustPassPatch, .poweredOff, .resetRequested, .failed: false
        }
    }

    /// Waits until a vCPU that steps has reported.
    private func collect(until stepper: Int, _ reports: inout [Report]) {
        var lastKick = backend.now
        while !reports.contains(where: { $0.vcpu == stepper }) {
            switch backend.nextEvent(nanoseconds: Self.stepPatience, reportsStopRequests: false) {
            case .report(let vcpu, let report): reports.append((vcpu, report))
            case .kicked: _ = backend.poll()
            case .timeout, .stopRequested: break
            }
            // The vCPU may have turned itself off: it must check, whatever else happens.
            let now = backend.now
            guard now &- lastKick >= Self.stepPatience else { continue }
            lastKick = now
            backend.kick(stepper, stopping: false)
        }
    }

    /// Executes one instruction on each vCPU that steps, while the others run.
    func step(_ plan: ResumePlan, _ reportedStops: [ReportedStops]) -> RunOutcome {
        let steppers = plan.actions.indices.filter { plan.actions[$0] == .step }
        let others = plan.actions.indices.filter { plan.actions[$0] == .continue }
        guard let first = steppers.first(where: { !backend.isOff($0) }) else {
            // Only vCPUs that are off must step: they do so when they are turned on.
            return waitForPower(plan, reportedStops)
        }
        for vcpu in steppers where vcpu != first && !backend.isOff(vcpu) {
            let report = moveAlone(vcpu, reportedStops[vcpu])
            if report != .stepped, let outcome = choose([(vcpu, report)]) { return outcome }
        }
        return step(first, reportedStops[first], beside: others.filter { !waitsForReport($0) })
    }

    private func step(_ vcpu: Int, _ passed: ReportedStops, beside others: [Int]) -> RunOutcome {
        let stepped = RunOutcome.stopped(StopEvent(.stepped, vcpu: vcpu))
        guard !others.isEmpty else { return choose([(vcpu, moveAlone(vcpu, passed))]) ?? stepped }
        backend.insertPatches()
        // If a patch replaces the instruction, the others must be held.
        guard !backend.isAtPatch(vcpu) else {
            backend.removePatches()
            return choose([(vcpu, moveAlone(vcpu, passed))]) ?? stepped
        }
        backend.releaseTime()
        for other in others { give(.run, to: other) }
        let restore = give(.step(reportedStops: passed), to: vcpu)
        let before = backend.now
        var reports: [Report] = []
        collect(until: vcpu, &reports)
        // The others run at least long enough to have started.
        while backend.now &- before < Self.leastMoveTime {}
        reports += gather(others.filter { other in !reports.contains { $0.vcpu == other } })
        backend.holdTime()
        backend.removePatches()
        // The step is reported first.
        reports.sort { vcpu == $0.vcpu && vcpu != $1.vcpu }
        if stopsBeforeInstruction(reports[0].report) { restore() }
        recordUnmoved(reports)
        if !reports.contains(where: { $0.report.endsMachine }) { passPatches(&reports) }
        return choose(reports) ?? stepped
    }

    private func waitForPower(_ plan: ResumePlan, _ reportedStops: [ReportedStops]) -> RunOutcome {
        let steppers = plan.actions.indices.filter { plan.actions[$0] == .step }
        let others = plan.actions.indices.filter { plan.actions[$0] == .continue }
        while true {
            if backend.isStopRequested { return .requested }
            // A vCPU with a pending stop isn't resumed, and may be the one that must step.
            if let outcome = takePending(plan) { return outcome }
            if let outcome = runTogether(others, nanoseconds: Self.powerPatience) { return outcome }
            if let on = steppers.first(where: { !backend.isOff($0) }) {
                return choose([(on, moveAlone(on, reportedStops[on]))]) ?? .stopped(StopEvent(.stepped, vcpu: on))
            }
        }
    }

    /// Runs vCPUs freely until one of them has something to report; nil if they must continue.
    ///
    /// - Parameter nanoseconds: the longest that this may take.
    func runTogether(_ vcpus: [Int], nanoseconds: UInt64 = .max) -> RunOutcome? {
        let runners = vcpus.filter { !waitsForReport($0) }
        backend.insertPatches()
        backend.releaseTime()
        for vcpu in runners { give(.run, to: vcpu) }
        var reports: [Report] = []
        let deadline = nanoseconds == .max ? UInt64.max : backend.now &+ nanoseconds
        var patience = backend.poll()
        waiting: while true {
            let left = deadline == .max ? UInt64.max : deadline &- min(deadline, backend.now)
            switch backend.nextEvent(nanoseconds: min(patience, left), reportsStopRequests: true) {
            case .report(let vcpu, let report):
                reports.append((vcpu, report))
                break waiting
            case .stopRequested: break waiting
            case .kicked, .timeout:
                patience = backend.poll()
                if deadline != .max && backend.now >= deadline { break waiting }
            }
        }
        reports += gather(runners.filter { vcpu in !reports.contains { $0.vcpu == vcpu } })
        backend.holdTime()
        backend.removePatches()
        recordUnmoved(reports)
        if !reports.contains(where: { $0.report.endsMachine }) { passPatches(&reports) }
        return choose(reports)
    }

    /// Executes the instructions in place of patches that were hit and are no breakpoints of the vCPU.
    private func passPatches(_ reports: inout [Report]) {
        for index in reports.indices where reports[index].report == .mustPassPatch {
            let report = moveAlone(reports[index].vcpu, .breakpoint)
            reports[index].report = report == .stepped ? .interrupted : report
        }
    }

    /// Stops running vCPUs and returns their reports: some may have stopped for another reason by then.
    private func gather(_ vcpus: [Int]) -> [(vcpu: Int, report: VCPUReport)] {
        var reports: [Report] = []
        for vcpu in vcpus { backend.kick(vcpu, stopping: true) }
        while reports.count < vcpus.count {
            switch backend.nextEvent(nanoseconds: Self.stepPatience, reportsStopRequests: false) {
            case .report(let vcpu, let report): reports.append((vcpu, report))
            case .kicked: _ = backend.poll()
            case .timeout, .stopRequested:
                // A signal between two checks is lost; repeating one that was not lost is harmless.
                for vcpu in vcpus where !reports.contains(where: { $0.vcpu == vcpu }) {
                    backend.kick(vcpu, stopping: true)
                }
            }
        }
        return reports
    }
}
