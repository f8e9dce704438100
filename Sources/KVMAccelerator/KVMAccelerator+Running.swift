package import Acceleration
package import Execution
import HostIO
import KVM
import Machine

/// A stop that was not reported because another vCPU's was.
struct KVMPendingStop {
    var report: KVMReport
    var pc: UInt64
}

// Letting the vCPUs go, and gathering them: everything here is on the thread of whoever calls `run`.
extension KVMAccelerator {
    /// How many steps may go before a stop that was put off.
    private static let mostDeferrals = 200

    /// Moves the vCPUs as planned, one outcome at a time.
    package func run(_ plan: ResumePlan, passing: [ReportedStops]) -> RunOutcome {
        if let failure { return .failed(failure) }
        defer { for processor in processors { processor.noteKernelTable() } }
        _ = guest.poll()
        // Where something has been reported already, these vCPUs alone move off it.
        let passers = plan.motions.indices.filter {
            plan.motions[$0] == .continue && !processors[$0].isOff
                && passing[$0].movesOff(breakpointAtPC: hasBreakpointAtPC($0))
        }
        for vcpu in passers {
            if let outcome = moveAlone(vcpu, passing[vcpu]) { return outcome }
        }
        if plan.motions.contains(.step) {
            let outcome = step(plan, passing)
            // A step goes first, but not for ever: what it waits for may be the vCPU whose stop was put off.
            guard case .stopped(let event) = outcome, event.reason == .stepped, !pending.isEmpty else { return outcome }
            deferrals += 1
            return deferrals < Self.mostDeferrals ? outcome : takePending(plan, passing) ?? outcome
        }
        if let outcome = takePending(plan, passing) { return outcome }
        let runners = plan.motions.indices.filter { plan.motions[$0] == .continue }
        while true {
            if board.isStopRequested { return .requested }
            if let outcome = runTogether(runners) { return outcome }
        }
    }

    private func hasBreakpointAtPC(_ vcpu: Int) -> Bool {
        guard let pc = try? processors[vcpu].programCounter() else { return false }
        return self.plan.debug.softwareBreakpoints.contains(pc) || self.plan.debug.hardwareBreakpoints.contains(pc)
    }

    /// A stop of a vCPU that came second, if it may go on now and would stop there again.
    private func takePending(_ plan: ResumePlan, _ passing: [ReportedStops]) -> RunOutcome? {
        deferrals = 0
        for vcpu in pending.keys.sorted() where plan.motions[vcpu] == .continue {
            guard let stop = pending.removeValue(forKey: vcpu), passing[vcpu].isEmpty,
                (try? processors[vcpu].programCounter()) == stop.pc, isStillWanted(stop)
            else { continue }
            return outcome(stop.report, vcpu)
        }
        return nil
    }

    private func isStillWanted(_ stop: KVMPendingStop) -> Bool {
        switch stop.report {
        case .breakpoint:
            plan.debug.softwareBreakpoints.contains(stop.pc) || plan.debug.hardwareBreakpoints.contains(stop.pc)
        case .watchpoint(let kind, let address):
            plan.debug.watchpoints.contains { $0.kind == kind && address &- $0.address < $0.length }
        case .guestTrap: plan.debug.catchesGuestBreakpoints
        default: false
        }
    }

    /// Executes one instruction of a vCPU while the others are held; nil if that went well.
    private func moveAlone(_ vcpu: Int, _ passed: ReportedStops) -> RunOutcome? {
        processors[vcpu].debug = self.plan
        releaseTime()
        processors[vcpu].give(.step(passing: passed))
        let report = wait(for: vcpu)
        holdTime(afterStepOf: vcpu)
        return report == .stepped ? nil : outcome(report, vcpu)
    }

    /// The report of the one vCPU that moves.
    private func wait(for vcpu: Int) -> KVMReport {
        while true {
            switch board.next(nanoseconds: Self.stepPatience, mindingStops: false) {
            case .report(_, let report): return report
            case .kicked: _ = guest.poll()
            // It may have turned itself off: it has to look.
            case .timeout, .stopRequested: processors[vcpu].kick(stopping: false)
            }
        }
    }

    /// How long a step may take before its vCPU is asked whether it still is on.
    private static let stepPatience: UInt64 = 20_000_000

    /// Moves the vCPUs that step by one instruction; the others run meanwhile.
    private func step(_ plan: ResumePlan, _ passing: [ReportedStops]) -> RunOutcome {
        let steppers = plan.motions.indices.filter { plan.motions[$0] == .step }
        let others = plan.motions.indices.filter { plan.motions[$0] == .continue }
        guard let first = steppers.first(where: { !processors[$0].isOff }) else {
            // Only a vCPU that is off was to step: it does when it has been turned on.
            return waitForPower(steppers, others, passing)
        }
        for vcpu in steppers where vcpu != first && !processors[vcpu].isOff {
            if let outcome = moveAlone(vcpu, passing[vcpu]) { return outcome }
        }
        guard !others.isEmpty else {
            return moveAlone(first, passing[first]) ?? .stopped(StopEvent(.stepped, vcpu: first))
        }
        insertPatches()
        // Where a patch lies in the way, the others have to wait.
        if processors[first].isAtPatch(patches.addresses) {
            removePatches()
            if let outcome = moveAlone(first, passing[first]) { return outcome }
            return .stopped(StopEvent(.stepped, vcpu: first))
        }
        releaseTime()
        start(others)
        processors[first].debug = self.plan
        processors[first].give(.step(passing: passing[first]))
        let before = HostClock.now()
        var reports: [(vcpu: Int, report: KVMReport)] = []
        while !reports.contains(where: { $0.vcpu == first }) {
            switch board.next(nanoseconds: Self.stepPatience, mindingStops: false) {
            case .report(let vcpu, let report): reports.append((vcpu, report))
            case .kicked: _ = guest.poll()
            case .timeout, .stopRequested: processors[first].kick(stopping: false)
            }
        }
        // The others had the step's time; give them the time to have got going at all.
        while HostClock.now() &- before < Self.leastMoveTime {}
        reports += gather(others.filter { vcpu in !reports.contains { $0.vcpu == vcpu } })
        holdTime()
        removePatches()
        // The step first: what the others met they meet again.
        reports.sort { first == $0.vcpu && first != $1.vcpu }
        return choose(reports) ?? .stopped(StopEvent(.stepped, vcpu: first))
    }

    /// What vCPUs that run beside a step get at least, in nanoseconds.
    private static let leastMoveTime: UInt64 = 100_000

    private func waitForPower(_ steppers: [Int], _ others: [Int], _ passing: [ReportedStops]) -> RunOutcome {
        while true {
            if board.isStopRequested { return .requested }
            if let outcome = runTogether(others, nanoseconds: 10_000_000) { return outcome }
            if let on = steppers.first(where: { !processors[$0].isOff }) {
                return moveAlone(on, passing[on]) ?? .stopped(StopEvent(.stepped, vcpu: on))
            }
        }
    }

    /// Lets vCPUs run freely until one of them has something to report; nil if they are to go on.
    ///
    /// - Parameter nanoseconds: the longest that this may take.
    private func runTogether(_ runners: [Int], nanoseconds: UInt64 = .max) -> RunOutcome? {
        insertPatches()
        releaseTime()
        start(runners)
        var reports: [(vcpu: Int, report: KVMReport)] = []
        let deadline = nanoseconds == .max ? UInt64.max : HostClock.now() &+ nanoseconds
        var patience = guest.poll()
        waiting: while true {
            let left = deadline == .max ? UInt64.max : deadline &- min(deadline, HostClock.now())
            switch board.next(nanoseconds: min(patience, left), mindingStops: true) {
            case .report(let vcpu, let report):
                reports.append((vcpu, report))
                break waiting
            case .stopRequested: break waiting
            case .kicked, .timeout:
                patience = guest.poll()
                if deadline != .max && HostClock.now() >= deadline { break waiting }
            }
        }
        reports += gather(runners.filter { vcpu in !reports.contains { $0.vcpu == vcpu } })
        holdTime()
        removePatches()
        for (vcpu, report) in reports where report == .mustPassPatch {
            if let outcome = moveAlone(vcpu, .breakpoint) { return outcome }
        }
        return choose(reports)
    }

    private func start(_ vcpus: [Int]) {
        for vcpu in vcpus {
            processors[vcpu].debug = plan
            processors[vcpu].give(.run)
        }
    }

    /// Stops vCPUs that are under way; their reports, for some may have had one of their own by then.
    private func gather(_ vcpus: [Int]) -> [(vcpu: Int, report: KVMReport)] {
        var reports: [(vcpu: Int, report: KVMReport)] = []
        for vcpu in vcpus { processors[vcpu].kick(stopping: true) }
        while reports.count < vcpus.count {
            switch board.next(nanoseconds: Self.stepPatience, mindingStops: false) {
            case .report(let vcpu, let report): reports.append((vcpu, report))
            case .kicked: _ = guest.poll()
            case .timeout, .stopRequested:
                // A signal that came between two looks is gone; `immediate_exit` is not, but costs nothing to repeat.
                for vcpu in vcpus where !reports.contains(where: { $0.vcpu == vcpu }) {
                    processors[vcpu].kick(stopping: true)
                }
            }
        }
        return reports
    }

    /// The first report that counts; stops that came second are kept.
    private func choose(_ reports: [(vcpu: Int, report: KVMReport)]) -> RunOutcome? {
        // What ends the machine is not to be missed.
        let ending = reports.first {
            switch $0.report {
            case .poweredOff, .resetRequested, .failed: true
            default: false
            }
        }
        if let ending { return outcome(ending.report, ending.vcpu) }
        var chosen: RunOutcome?
        for (vcpu, report) in reports {
            guard let outcome = outcome(report, vcpu) else { continue }
            if chosen == nil {
                chosen = outcome
            } else if let pc = try? processors[vcpu].programCounter() {
                pending[vcpu] = KVMPendingStop(report: report, pc: pc)
            }
        }
        return chosen
    }

    private func outcome(_ report: KVMReport, _ vcpu: Int) -> RunOutcome? {
        switch report {
        case .interrupted, .mustPassPatch: return nil
        case .stepped: return .stopped(StopEvent(.stepped, vcpu: vcpu))
        case .breakpoint:
            let pc = try? processors[vcpu].programCounter()
            let isSoftware = pc.map(plan.debug.softwareBreakpoints.contains) ?? false
            return .stopped(StopEvent(isSoftware ? .softwareBreakpoint : .hardwareBreakpoint, vcpu: vcpu))
        case .watchpoint(let kind, let address):
            return .stopped(StopEvent(.watchpoint(kind, address: address), vcpu: vcpu))
        case .guestTrap: return .stopped(StopEvent(.guestTrap, vcpu: vcpu))
        case .poweredOff: return .poweredOff(status: 0)
        case .resetRequested: return .resetRequested
        case .failed(let text): return .failed(text)
        }
    }
}
