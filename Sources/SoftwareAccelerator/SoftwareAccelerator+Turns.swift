import AArch64CPU
import Acceleration
package import Execution
import HostIO
import Machine

// Turns of the vCPUs.
//
// A turn neither allocates memory nor checks for requests, because vCPUs that spin yield after a few instructions.
extension SoftwareAccelerator {
    /// The instructions in a turn if another vCPU is on.
    private static let sharedSlice: UInt64 = 20_000
    /// The instructions in a turn if no other vCPU is on.
    ///
    /// The number affects only how often devices are polled.
    private static let soleSlice: UInt64 = 1_000_000
    /// The most instructions in a brief run.
    private static let briefLength: UInt64 = 20_000
    /// The most vCPUs for a brief run.
    ///
    /// With more, a step takes too long, because every other vCPU executes an instruction too.
    private static let maximumInBrief = 4

    /// Runs the plan until an outcome, a stop request or ``pauseTime``.
    package func run(_ plan: ResumePlan, reportedStops: [ReportedStops]) -> RunReport {
        defer { clearStopRequest() }
        let outcome = advance(plan, reportedStops: reportedStops, until: .max) ?? .requested
        return report(outcome, plan, passed: passedBreakpoints(outcome))
    }

    /// Runs a step, or at most 20,000 instructions.
    ///
    /// A run ends earlier at a write to a device or at long output, because a stop request cannot be made from the
    /// calling thread meanwhile.
    package func runBriefly(_ plan: ResumePlan, reportedStops: inout [ReportedStops]) -> RunReport? {
        guard vcpuCount <= Self.maximumInBrief else { return nil }
        let hasSteps = plan.actions.contains(.step)
        guard !hasSteps || plan.actions.indices.contains(where: { plan.actions[$0] == .step && isOn($0) }) else {
            return nil
        }
        setBrief(!hasSteps)
        let outcome = advance(plan, reportedStops: reportedStops, until: cluster.timeBase &+ Self.briefLength)
        setBrief(false)
        for vcpu in reportedStops.indices where hasMoved[vcpu] { reportedStops[vcpu] = ReportedStops() }
        let passed = passedBreakpoints(outcome)
        for vcpu in passed { reportedStops[vcpu].insert(.breakpoint) }
        // Without an outcome, a stop request is still pending.
        if outcome != nil { clearStopRequest() }
        return outcome.map { report($0, plan, passed: passed) }
    }

    private func setBrief(_ isBrief: Bool) {
        self.isBrief = isBrief
        cluster.endsAtDeviceWrites = isBrief
    }

    private func report(_ outcome: RunOutcome, _ plan: ResumePlan, passed: Set<Int>) -> RunReport {
        var report = RunReport(outcome)
        for vcpu in plan.actions.indices where plan.actions[vcpu] != .hold && !hasMoved[vcpu] {
            report.unmoved.insert(vcpu)
        }
        report.passed = passed
        return report
    }

    /// The vCPUs that have passed the breakpoint at their PC without completing the instruction there: a watchpoint
    /// stopped its access, its exception was caught, or it is an unfinished semihosting call.
    private func passedBreakpoints(_ outcome: RunOutcome?) -> Set<Int> {
        guard !cluster.breakpoints.isEmpty else { return [] }
        var vcpus: Set<Int> = []
        // Nearly every step ends here without a set to build.
        if turns.wantsInput.contains(true) {
            vcpus = Set(turns.wantsInput.indices.filter { turns.wantsInput[$0] })
        }
        if let paused = semihosting.paused?.call, cluster.vcpus[paused.vcpu].pc &+ 4 == paused.pc {
            vcpus.insert(paused.vcpu)
        }
        if case .stopped(let event) = outcome, event.reason != .stepped,
            ReportedStops(event.reason).isWithinInstruction, !isAtInterrupt(event.vcpu, ReportedStops(event.reason))
        {
            vcpus.insert(event.vcpu)
        }
        return vcpus.isEmpty ? [] : vcpus.filter { cluster.breakpoints.contains(cluster.vcpus[$0].pc) }
    }

    /// Runs the vCPUs by the plan until an outcome.
    ///
    /// Returns nil at the virtual time `limit`, and from a brief run that has nothing left to do.
    ///
    /// Every return pauses the turn, and the next call continues with the rest of it. A vCPU that the plan holds loses
    /// its turn when others continue without it.
    private func advance(_ plan: ResumePlan, reportedStops: [ReportedStops], until limit: UInt64) -> RunOutcome? {
        hostProcessor.note()
        for vcpu in hasMoved.indices { hasMoved[vcpu] = false }
        cluster.yieldEndsRun = turns.yieldEndsRun
        defer { turns.yieldEndsRun = cluster.yieldEndsRun }
        // The first instruction must be completed, even if it is a semihosting call that would pause in a brief run.
        let isBrief = self.isBrief
        setBrief(false)
        if let outcome = moveOff(plan, reportedStops) { return outcome }
        setBrief(isBrief)
        let hasSteps = plan.actions.contains(.step)
        if hasSteps, let outcome = step(plan, reportedStops) { return outcome }
        if let outcome = answerRequests() { return outcome }
        let continues = plan.actions.map { $0 == .continue }
        let end = min(limit, pauseTime)
        while cluster.timeBase < end {
            if turns.left == 0 || !continues[turns.vcpu] {
                // A vCPU that was off when it should have stepped does so once another one has turned it on.
                if hasSteps, let outcome = step(plan, reportedStops) { return outcome }
                guard beginTurn(among: continues) else {
                    if isBrief { return nil }
                    idle(continues)
                    if let outcome = answerRequests() { return outcome }
                    continue
                }
            }
            let vcpu = turns.vcpu
            let exit = run(vcpu, budget: Int(min(turns.left, end &- cluster.timeBase)))
            if let outcome = finish(exit, of: vcpu) { return outcome }
            if exit == .requested, let outcome = answerRequests() { return outcome }
            if isBrief, exit == .requested || exit == .semihosting { return nil }
        }
        return nil
    }

    /// Begins the turn of the next vCPU that may run; false if none may.
    private func beginTurn(among continues: [Bool]) -> Bool {
        pollIfDue()
        var vcpu = turns.vcpu
        for _ in continues.indices {
            vcpu = vcpu + 1 < continues.count ? vcpu + 1 : 0
            guard continues[vcpu], mayRun(vcpu) else { continue }
            let length = turnLength(of: vcpu, among: continues)
            turns.beginTurn(of: vcpu, length: length)
            return true
        }
        return false
    }

    func pollIfDue() {
        guard cluster.timeBase >= turns.nextPoll else { return }
        hostProcessor.note()
        poll()
        turns.recordPoll(next: cluster.timeBase &+ Self.sharedSlice &* UInt64(vcpuCount))
    }

    /// Returns the number of instructions in a vCPU's turn, and sets whether its YIELD ends the turn.
    private func turnLength(of vcpu: Int, among continues: [Bool]) -> UInt64 {
        var isShared = false
        var yieldEndsRun = false
        for other in continues.indices where other != vcpu && continues[other] && turns.power[other] != .off {
            isShared = true
            if turns.wantsInput[other] { continue }
            // A plain store may wake a vCPU that waits with its exclusive monitor set, which is checked between turns
            // only.
            guard turns.isWaiting[other], !cluster.vcpus[other].waitsForStore else {
                yieldEndsRun = true
                break
            }
        }
        cluster.yieldEndsRun = yieldEndsRun
        return isShared || machine.hasWorkLeft ? Self.sharedSlice : Self.soleSlice
    }

    /// Returns whether the vCPU is on.
    ///
    /// Completes a pending CPU_ON.
    func isOn(_ vcpu: Int) -> Bool {
        if turns.power[vcpu] == .onPending { turns.power[vcpu] = .on }
        return turns.power[vcpu] == .on
    }

    func mayRun(_ vcpu: Int) -> Bool {
        guard isOn(vcpu) else { return false }
        if turns.wantsInput[vcpu], !semihosting.hasInput() { return false }
        if turns.isWaiting[vcpu] {
            guard cluster.vcpus[vcpu].endWait() else { return false }
            turns.isWaiting[vcpu] = false
        }
        return true
    }

    /// Runs a vCPU in its turn.
    ///
    /// A vCPU that waited for console input makes its semihosting call again, past the breakpoint there.
    func run(_ vcpu: Int, budget: Int) -> CPUExit {
        guard turns.wantsInput[vcpu] else { return cluster.run(vcpu, budget: budget) }
        turns.wantsInput[vcpu] = false
        return cluster.step(vcpu, passingBreakpoint: true)
    }

    /// Advances guest time and the schedule by the instructions that a vCPU has executed, and handles its exit.
    ///
    /// Returns nil if the run continues.
    ///
    /// The counter must never appear to go backwards from one vCPU to another (Arm ARM, "The system counter"): Linux
    /// would treat the difference as a huge interval.
    func finish(_ exit: CPUExit, of vcpu: Int) -> RunOutcome? {
        let executed = cluster.vcpus[vcpu].executedInRun
        let hadMoved = hasMoved[vcpu]
        if executed > 0, !hadMoved { hasMoved[vcpu] = true }
        cluster.timeBase &+= executed
        turns.charge(executed, to: vcpu)
        exits.count(exit, vcpu: vcpu)
        switch exit {
        case .budget, .stepped, .requested:
            return nil
        case .yield:
            turns.endTurn(of: vcpu)
            return nil
        case .waitForInterrupt, .waitForEvent:
            turns.isWaiting[vcpu] = true
            turns.endTurn(of: vcpu)
            return nil
        case .hypercall:
            turns.endTurn(of: vcpu)
            return callFirmware(vcpu)
        case .semihosting:
            return callSemihosting(vcpu, hadMoved: hadMoved || executed > 1)
        case .breakpoint:
            let isHardware = !debug.softwareBreakpoints.contains(cluster.vcpus[vcpu].pc)
            let reason = breakpoints?.reason ?? (isHardware ? .hardwareBreakpoint : .softwareBreakpoint)
            return .stopped(StopEvent(reason, vcpu: vcpu))
        case .watchpoint(let point, let address):
            return .stopped(StopEvent(.watchpoint(debug.watchpoints[point].kind, address: address), vcpu: vcpu))
        case .guestBreakpoint, .caughtException:
            return .stopped(StopEvent(.caughtException, vcpu: vcpu))
        }
    }
}
