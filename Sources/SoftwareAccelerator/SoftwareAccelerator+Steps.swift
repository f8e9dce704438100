import AArch64
import AArch64CPU
import Acceleration
import Execution

// Single instructions that vCPUs execute because of the debugger: steps, and the first one after a reported stop.
extension SoftwareAccelerator {
    /// Moves vCPUs that continue off what has been reported at their PC; an outcome if that is a stop of its own.
    ///
    /// For the vCPU that has the turn, which is the one that stopped unless others were held, this is what it would
    /// have executed next without the debugger.
    func moveOff(_ plan: ResumePlan, _ reportedStops: [ReportedStops]) -> RunOutcome? {
        // A breakpoint inserted since the vCPU began to wait for input is hit before the call is made again.
        for vcpu in plan.actions.indices
        where plan.actions[vcpu] == .continue && turns.wantsInput[vcpu] && !reportedStops[vcpu].contains(.breakpoint) {
            if cluster.breakpoints.contains(cluster.vcpus[vcpu].pc) { turns.wantsInput[vcpu] = false }
        }
        // Nothing else is asked of the other vCPUs here: one that CPU_ON has been called for is on from its turn on.
        for vcpu in plan.actions.indices
        where plan.actions[vcpu] == .continue && !reportedStops[vcpu].isEmpty && isOn(vcpu) {
            let stops = reportedStops[vcpu]
            // An interrupt that was caught comes before the instruction and its breakpoint.
            guard
                isAtInterrupt(vcpu, stops)
                    || stops.movesOff(breakpointAtPC: cluster.breakpoints.contains(cluster.vcpus[vcpu].pc))
            else { continue }
            if let outcome = finish(pass(vcpu, stops), of: vcpu) { return outcome }
        }
        return nil
    }

    /// Moves the vCPUs that step by one instruction, and lets the others do as much; nil if all that step are off.
    ///
    /// A step is outside of the order of turns: the vCPU that has the turn keeps it, less what it executes here.
    func step(_ plan: ResumePlan, _ reportedStops: [ReportedStops]) -> RunOutcome? {
        let steppers = plan.actions.indices.filter { plan.actions[$0] == .step && isOn($0) }
        guard let first = steppers.first else { return nil }
        takeInputIfAny()
        // A turn that is under way is polled after, unless the vCPU that has it is held.
        if turns.left == 0 || plan.actions[turns.vcpu] == .hold { pollIfDue() }
        for vcpu in steppers {
            if let outcome = finish(stepOver(vcpu, reportedStops[vcpu]), of: vcpu) { return outcome }
        }
        for vcpu in plan.actions.indices where plan.actions[vcpu] == .continue && mayRun(vcpu) {
            if let outcome = finish(run(vcpu, budget: 1), of: vcpu) { return outcome }
        }
        return .stopped(StopEvent(.stepped, vcpu: first))
    }

    /// Executes the instruction in front of which a vCPU stopped, with interrupts held off, or takes the interrupt that
    /// was caught there.
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

    /// Executes one instruction whatever breakpoint is there.
    ///
    /// An interrupt that was caught in front of it is held off like any other.
    private func stepOver(_ vcpu: Int, _ passed: ReportedStops) -> CPUExit {
        if passed.contains(.caughtException) && !isAtInterrupt(vcpu, passed) { return pass(vcpu, passed) }
        (turns.isWaiting[vcpu], turns.wantsInput[vcpu]) = (false, false)
        return cluster.step(
            vcpu, ignoringWatchpoints: passed.contains(.watchpoint), takingInterrupts: debug.interrupts == .never,
            passingBreakpoint: passed.contains(.breakpoint))
    }

    /// Whether the exception that was caught at a vCPU's PC is an interrupt: nothing of the instruction there has
    /// happened.
    func isAtInterrupt(_ vcpu: Int, _ stops: ReportedStops) -> Bool {
        stops.contains(.caughtException) && caughtException(vcpu: vcpu)?.exception.isInterrupt == true
    }
}
