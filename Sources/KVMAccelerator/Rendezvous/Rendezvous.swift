import Acceleration
package import Execution

/// Resumes vCPUs that run at the same time and waits until all of them have stopped, on the thread of its caller.
///
/// When `run` returns, no vCPU is under way. One vCPU's stop is the outcome; stops of other vCPUs of the same moment
/// are kept, hold their vCPU where it is, and are reported when its turn comes, unless the stop point is gone by then.
package final class Rendezvous<Backend: RendezvousBackend> {
    package let backend: Backend
    /// Decides whether a breakpoint stops; nil: each does.
    package var filter: (any StopFilter)?
    /// Stops that were not reported because another vCPU's was.
    private var pending: [Int: PendingStop] = [:]
    /// How many steps in a row have been made while a stop was pending.
    private var deferrals = 0
    /// The vCPUs that are to move in the current run and have not got to.
    private var unmoved: Set<Int> = []
    /// The vCPUs whose breakpoint at PC is passed, and whose instruction there has not been executed.
    private var passed: Set<Int> = []
    /// By vCPU, the stops at its PC that had been reported when the run began.
    private var reported: [ReportedStops] = []
    /// The PCs of vCPUs that have a breakpoint there which was not reported, although another stop was: as long as they
    /// are there, they have executed nothing.
    private var placesOfUnreported: [Int: UInt64] = [:]

    private struct PendingStop {
        var event: StopEvent
        var pc: UInt64
    }

    /// How many steps may be made before a pending stop.
    ///
    /// A step waits for what other vCPUs do, and one of them may be held by its pending stop.
    private static var maximumDeferrals: Int { 200 }

    package init(_ backend: Backend) {
        self.backend = backend
    }

    /// Forgets pending stops: the vCPUs have been reset.
    package func reset() {
        pending = [:]
        deferrals = 0
    }

    /// Moves the vCPUs as planned until there is something to report.
    ///
    /// - Parameter reportedStops: the stops at each vCPU's PC that have been reported and don't stop it again.
    package func run(_ plan: ResumePlan, reportedStops: [ReportedStops]) -> RunReport {
        _ = backend.poll()
        unmoved = Set(plan.actions.indices.filter { plan.actions[$0] != .hold })
        passed = []
        reported = reportedStops
        placesOfUnreported = [:]
        dropUnwanted()
        var report = RunReport(outcome(of: plan, reportedStops))
        report.unmoved = unmoved
        report.passed = passed
        return report
    }

    private func outcome(of plan: ResumePlan, _ reportedStops: [ReportedStops]) -> RunOutcome {
        // A vCPU whose breakpoint has been reported moves off it while the others are held.
        for vcpu in plan.actions.indices
        where plan.actions[vcpu] == .continue && pending[vcpu] == nil && !reportedStops[vcpu].isEmpty
            && !backend.isOff(vcpu)
        {
            guard reportedStops[vcpu].movesOff(breakpointAtPC: hasBreakpointAtPC(vcpu)) else {
                placesOfUnreported[vcpu] = backend.programCounter(of: vcpu)
                continue
            }
            let report = moveAlone(vcpu, reportedStops[vcpu])
            if report != .stepped, let outcome = choose([(vcpu, report)]) { return outcome }
        }
        if plan.actions.contains(.step) {
            if let outcome = takeWatchpoint(ofSteppers: plan) { return outcome }
            let outcome = step(plan, reportedStops)
            guard case .stopped(let event) = outcome, event.reason == .stepped, hasPendingStop(plan) else {
                return outcome
            }
            deferrals += 1
            return deferrals < Self.maximumDeferrals ? outcome : takePending(plan) ?? outcome
        }
        if let outcome = takePending(plan) { return outcome }
        let runners = plan.actions.indices.filter { plan.actions[$0] == .continue }
        while true {
            if backend.isStopRequested { return .requested }
            if let outcome = runTogether(runners) { return outcome }
        }
    }

    private func hasBreakpointAtPC(_ vcpu: Int) -> Bool {
        guard let pc = backend.programCounter(of: vcpu) else { return false }
        return backend.debug.hasBreakpoint(at: pc)
    }

    // MARK: Pending stops

    /// Whether a vCPU waits for its stop to be reported: it doesn't move before.
    func waitsForReport(_ vcpu: Int) -> Bool { pending[vcpu] != nil }

    /// Drops the stops reported at a vCPU's next instruction, because it is executed now; the result restores them.
    func forgetInstruction(of vcpu: Int) -> () -> Void {
        let stop = pending.removeValue(forKey: vcpu)
        let isUnmoved = unmoved.remove(vcpu) != nil
        let isPassed = passed.remove(vcpu) != nil
        return { [self] in
            pending[vcpu] = stop
            if isUnmoved { unmoved.insert(vcpu) }
            if isPassed { passed.insert(vcpu) }
        }
    }

    /// Drops the pending stops whose stop point is gone, or whose vCPU the debugger has put elsewhere.
    private func dropUnwanted() {
        for (vcpu, stop) in pending where backend.programCounter(of: vcpu) != stop.pc || !isWanted(stop) {
            pending[vcpu] = nil
        }
    }

    private func isWanted(_ stop: PendingStop) -> Bool {
        switch stop.event.reason {
        case .softwareBreakpoint, .hardwareBreakpoint: backend.debug.hasBreakpoint(at: stop.pc)
        case .watchpoint(let kind, let address):
            backend.debug.watchpoints.contains { $0.kind == kind && address &- $0.address < $0.length }
        case .caughtException: !backend.debug.catches.isEmpty
        default: false
        }
    }

    private func hasPendingStop(_ plan: ResumePlan) -> Bool {
        pending.keys.contains { plan.actions[$0] == .continue }
    }

    /// The first pending stop of the vCPUs that are to continue.
    func takePending(_ plan: ResumePlan) -> RunOutcome? {
        deferrals = 0
        guard let vcpu = pending.keys.filter({ plan.actions[$0] == .continue }).min() else { return nil }
        return take(vcpu)
    }

    /// The pending watchpoint of a vCPU that is to step: the access has been made where the processor stops after it
    /// (SDM volume 3B, "Data Memory and I/O Breakpoint Exception Conditions"), so the watchpoint would not be hit
    /// again.
    private func takeWatchpoint(ofSteppers plan: ResumePlan) -> RunOutcome? {
        for vcpu in pending.keys.sorted() where plan.actions[vcpu] == .step {
            if case .watchpoint = pending[vcpu]?.event.reason { return take(vcpu) }
        }
        return nil
    }

    private func take(_ vcpu: Int) -> RunOutcome? { pending.removeValue(forKey: vcpu).map { .stopped($0.event) } }

    // MARK: Reports

    /// Notes the vCPUs that still are at the breakpoint at which their run began.
    func recordUnmoved(_ reports: [(vcpu: Int, report: VCPUReport)]) {
        for (vcpu, report) in reports where report == .breakpoint || report == .interrupted {
            guard let place = placesOfUnreported[vcpu] else { continue }
            if place == backend.programCounter(of: vcpu) { unmoved.insert(vcpu) } else { forgetPlace(of: vcpu) }
        }
    }

    /// Forgets that a vCPU was at a breakpoint that was not reported: it has executed the instruction there.
    func forgetPlace(of vcpu: Int) { placesOfUnreported[vcpu] = nil }

    /// Decides about each report; the outcome is the first that counts, and stops that came second are kept.
    func choose(_ reports: [(vcpu: Int, report: VCPUReport)]) -> RunOutcome? {
        if let ending = reports.first(where: { $0.report.endsMachine }) { return outcome(ending.report, ending.vcpu) }
        var chosen: RunOutcome?
        for (vcpu, report) in reports {
            guard let outcome = decide(report, vcpu) else { continue }
            switch (chosen, outcome) {
            case (nil, .stopped(let event)):
                chosen = outcome
                if pending[vcpu]?.event == event { pending[vcpu] = nil }
            case (nil, _): chosen = outcome
            case (_, .stopped(let event)):
                if let pc = backend.programCounter(of: vcpu) { pending[vcpu] = PendingStop(event: event, pc: pc) }
            case (_, .requested): break
            // The machine ended while a breakpoint was passed.
            case (_, .poweredOff), (_, .resetRequested), (_, .failed): return outcome
            }
        }
        return chosen
    }

    /// The outcome of a report; nil if the vCPU is to continue, and a breakpoint that doesn't stop has been passed.
    private func decide(_ report: VCPUReport, _ vcpu: Int) -> RunOutcome? {
        guard report == .breakpoint, let filter else { return outcome(report, vcpu) }
        if let reason = filter.stopReason(atBreakpointOf: vcpu) { return .stopped(StopEvent(reason, vcpu: vcpu)) }
        filter.removeUnneededBreakpoints()
        return pass(vcpu, filter)
    }

    /// Executes the instruction at a breakpoint that doesn't stop, and those that follow it as long as something is
    /// collected after each of them; nil if the vCPU is to continue.
    private func pass(_ vcpu: Int, _ filter: any StopFilter) -> RunOutcome? {
        var isFollowed = filter.followsSteps(of: vcpu)
        defer { if isFollowed { filter.endSteps(of: vcpu) } }
        while true {
            // Other stops reported at this instruction do not stop the vCPU again either.
            let report = moveAlone(vcpu, unmoved.contains(vcpu) ? reported[vcpu].union(.breakpoint) : .breakpoint)
            if stopsBeforeInstruction(report) && hasBreakpointAtPC(vcpu) { passed.insert(vcpu) }
            guard report == .stepped else { return outcome(report, vcpu) }
            guard isFollowed else { return nil }
            filter.stepped(vcpu)
            // The vCPU may have turned itself off.
            guard !backend.isOff(vcpu) else { return nil }
            // After the last one the vCPU continues as usual, and finds the next breakpoint itself.
            isFollowed = filter.followsSteps(of: vcpu)
            guard isFollowed else { return nil }
            if let reason = filter.stopReason(afterStepOf: vcpu) { return .stopped(StopEvent(reason, vcpu: vcpu)) }
            if backend.isStopRequested {
                // The breakpoint there has been decided about, if there is one.
                if hasBreakpointAtPC(vcpu) { passed.insert(vcpu) }
                return .requested
            }
        }
    }

    private func outcome(_ report: VCPUReport, _ vcpu: Int) -> RunOutcome? {
        switch report {
        case .interrupted, .mustPassPatch: return nil
        case .stepped: return .stopped(StopEvent(.stepped, vcpu: vcpu))
        case .breakpoint:
            let pc = backend.programCounter(of: vcpu)
            let isSoftware = pc.map(backend.debug.softwareBreakpoints.contains) ?? false
            return .stopped(StopEvent(isSoftware ? .softwareBreakpoint : .hardwareBreakpoint, vcpu: vcpu))
        case .watchpoint(let kind, let address):
            return .stopped(StopEvent(.watchpoint(kind, address: address), vcpu: vcpu))
        case .caughtException: return .stopped(StopEvent(.caughtException, vcpu: vcpu))
        case .poweredOff: return .poweredOff(status: 0)
        case .resetRequested: return .resetRequested
        case .failed(let text): return .failed(text)
        }
    }
}

extension GuestDebug {
    fileprivate func hasBreakpoint(at address: UInt64) -> Bool {
        softwareBreakpoints.contains(address) || hardwareBreakpoints.contains(address)
    }
}
