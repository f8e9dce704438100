import AArch64
import AArch64CPU
import Acceleration
import Execution

// Single instructions that vCPUs execute because of the debugger: steps, and the first instruction after a reported
// stop.
extension SoftwareAccelerator {
    /// Moves continuing vCPUs off the stops that have been reported at their PCs.
    ///
    /// Returns an outcome if an instruction executed here causes a new stop.
    ///
    /// For the vCPU that has the turn, usually the one that stopped, this instruction is the next one in the schedule.
    func moveOff(_ plan: ResumePlan, _ reportedStops: [ReportedStops]) -> RunOutcome? {
        // A breakpoint inserted after the vCPU began to wait for input is hit before the call is made again.
        for vcpu in plan.actions.indices
        where plan.actions[vcpu] == .continue && turns.wantsInput[vcpu] && !reportedStops[vcpu].contains(.breakpoint) {
            if cluster.breakpoints.contains(cluster.vcpus[vcpu].pc) { turns.wantsInput[vcpu] = false }
        }
        // Only vCPUs with reported stops are checked here, because `isOn` completes a pending CPU_ON, which must happen
        // in the vCPU's turn.
        for vcpu in plan.actions.indices
        where plan.actions[vcpu] == .continue && !reportedStops[vcpu].isEmpty && isOn(vcpu) {
            let stops = reportedStops[vcpu]
            // A caught interrupt precedes the instruction and its breakpoint.
            guard
                isAtInterrupt(vcpu, stops)
                    || stops.movesOff(breakpointAtPC: cluster.breakpoints.contains(cluster.vcpus[vcpu].pc))
            else { continue }
            if let outcome = finish(pass(vcpu, stops), of: vcpu) { return outcome }
        }
        return nil
    }

    /// Executes one instruction on each vCPU that steps, and one on each that continues.
    ///
    /// Returns nil if all that step are off.
    ///
    /// A step is outside the schedule: the vCPU that has the turn keeps it, minus the instructions it executes here.
    func step(_ plan: ResumePlan, _ reportedStops: [ReportedStops]) -> RunOutcome? {
        let steppers = plan.actions.indices.filter { plan.actions[$0] == .step && isOn($0) }
        guard let first = steppers.first else { return nil }
        takeInputIfAny()
        // During a turn, devices are polled after it, unless the vCPU that has it is held.
        if turns.left == 0 || plan.actions[turns.vcpu] == .hold { pollIfDue() }
        for vcpu in steppers {
            if let outcome = finish(stepOver(vcpu, reportedStops[vcpu]), of: vcpu) { return outcome }
        }
        for vcpu in plan.actions.indices where plan.actions[vcpu] == .continue && mayRun(vcpu) {
            if let outcome = finish(run(vcpu, budget: 1), of: vcpu) { return outcome }
        }
        return .stopped(StopEvent(.stepped, vcpu: first))
    }

    /// Executes the instruction at the PC of a stopped vCPU, with interrupts masked, or takes the interrupt that was
    /// caught there.
    private func pass(_ vcpu: Int, _ passed: ReportedStops) -> CPUExit {
        (turns.isWaiting[vcpu], turns.wantsInput[vcpu]) = (false, false)
        guard passed.contains(.caughtException) else {
            return cluster.step(
                vcpu, ignoringWatchpoints: passed.contains(.watchpoint),
                passingBreakpoint: passed.contains(.breakpoint), beginningWaits: true)
        }
        cluster.catches = ExceptionCatches()
        defer { cluster.catches = debug.exceptionCatches }
        guard !isAtInterrupt(vcpu, passed) else {
            cluster.vcpus[vcpu].takeInterrupt()
            return .stepped
        }
        return cluster.step(vcpu, beginningWaits: true)
    }

    /// Executes one instruction, even with a breakpoint at the PC.
    ///
    /// An interrupt that was caught before it remains masked.
    private func stepOver(_ vcpu: Int, _ passed: ReportedStops) -> CPUExit {
        if passed.contains(.caughtException) && !isAtInterrupt(vcpu, passed) { return pass(vcpu, passed) }
        (turns.isWaiting[vcpu], turns.wantsInput[vcpu]) = (false, false)
        return cluster.step(
            vcpu, ignoringWatchpoints: passed.contains(.watchpoint), takingInterrupts: debug.interrupts == .never,
            passingBreakpoint: passed.contains(.breakpoint))
    }

    /// Whether the exception that was caught at the vCPU's PC is an interrupt.
    ///
    /// If so, no part of the instruction there has been executed.
    func isAtInterrupt(_ vcpu: Int, _ stops: ReportedStops) -> Bool {
        stops.contains(.caughtException) && caughtException(vcpu: vcpu)?.exception.isInterrupt == true
    }
}
