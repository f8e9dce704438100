package import GDBStub
import KVM
package import Machine

/// The host's KVM as an accelerator: a thread for each vCPU, and this object, on the thread of whoever calls `run`, as
/// the one that lets them go and gathers them.
///
/// What registers there are, and how stop points are put into them, is the architecture's: see the subclasses.
package class KVMAccelerator: Accelerator {
    package let name = "kvm"

    let guest: KVMGuest
    let processors: [KVMProcessor]
    private let host: any KVMHost
    private let board = KVMBoard()
    private var plan = KVMDebugPlan()
    private var patches: KVMCodePatches
    /// Stops that were not reported because another vCPU's was: they are when their turn comes.
    private var pending: [Int: Pending] = [:]
    /// Why the machine can't run, if it can't.
    private var failure: String?
    /// Breakpoints go into memory although registers are free: for what has to be told apart from them.
    package var prefersPatches = false

    /// How many steps in a row have gone before such a stop.
    private var deferrals = 0
    private static let mostDeferrals = 200

    private struct Pending {
        var report: KVMReport
        var pc: UInt64
    }

    /// Makes the vCPUs of a host's virtual machine.
    ///
    /// - Parameters:
    ///   - interrupts: deliver the machine's; by the host from now on.
    ///   - breakpoint: the instruction that is put into memory.
    init(
        _ host: any KVMHost, guest: KVMGuest, processors: [KVMProcessor], interrupts: KVMInterrupts, breakpoint: [UInt8]
    ) throws(StartError) {
        self.host = host
        self.guest = guest
        self.processors = processors
        patches = KVMCodePatches(breakpoint)
        do throws(KVMError) {
            try Self.rebuild(host, processors, isFirst: true)
        } catch {
            throw StartError("--accel kvm", error)
        }
        interrupts.host = host
        guest.machine.memory.onChange = { [unowned host] in try? host.mapMemory() }
    }

    /// Starts the vCPUs' threads: the last thing before the machine is ready.
    func startThreads() throws(StartError) {
        do throws(HostError) {
            for processor in processors { try processor.start(board) }
        } catch {
            throw StartError(description: error.description)
        }
    }

    deinit {
        for processor in processors { processor.end() }
    }

    package var vcpuCount: Int { processors.count }

    // MARK: Running

    package func run(_ plan: ResumePlan, passing: [PassedStop]) -> RunOutcome {
        if let failure { return .failed(failure) }
        defer { for processor in processors { processor.noteKernelTable() } }
        _ = guest.poll()
        // Where something has been reported already, these vCPUs alone move off it.
        let passers = plan.motions.indices.filter {
            passing[$0] != .nothing && plan.motions[$0] == .continue && !processors[$0].isOff
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

    /// A stop of a vCPU that came second, if it may go on now and would stop there again.
    private func takePending(_ plan: ResumePlan, _ passing: [PassedStop]) -> RunOutcome? {
        deferrals = 0
        for vcpu in pending.keys.sorted() where plan.motions[vcpu] == .continue {
            guard let stop = pending.removeValue(forKey: vcpu), passing[vcpu] == .nothing,
                (try? processors[vcpu].programCounter()) == stop.pc, isStillWanted(stop)
            else { continue }
            return outcome(stop.report, vcpu)
        }
        return nil
    }

    private func isStillWanted(_ stop: Pending) -> Bool {
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
    private func moveAlone(_ vcpu: Int, _ passed: PassedStop) -> RunOutcome? {
        processors[vcpu].debug = self.plan
        processors[vcpu].give(.step(passing: passed))
        let report = wait(for: vcpu)
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
    private func step(_ plan: ResumePlan, _ passing: [PassedStop]) -> RunOutcome {
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
        // Where a BRK lies in the way, the others have to wait.
        let isInTheWay = processors[first].isAtPatch(patches.addresses)
        if isInTheWay {
            removePatches()
            if let outcome = moveAlone(first, passing[first]) { return outcome }
            return .stopped(StopEvent(.stepped, vcpu: first))
        }
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
        removePatches()
        // The step first: what the others met they meet again.
        reports.sort { first == $0.vcpu && first != $1.vcpu }
        return choose(reports) ?? .stopped(StopEvent(.stepped, vcpu: first))
    }

    /// What vCPUs that run beside a step get at least, in nanoseconds.
    private static let leastMoveTime: UInt64 = 100_000

    private func waitForPower(_ steppers: [Int], _ others: [Int], _ passing: [PassedStop]) -> RunOutcome {
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
                pending[vcpu] = Pending(report: report, pc: pc)
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

    // MARK: From other threads

    package func requestStop() { board.requestStop() }
    package func clearStopRequest() { board.clearStopRequest() }
    package func kick() { board.kick() }

    // MARK: State

    package func reset(_ boot: BootState) {
        pending = [:]
        for processor in processors { processor.uninstall() }
        do throws(KVMError) {
            try Self.rebuild(host, processors, isFirst: false)
            try begin(boot)
        } catch {
            failure = "the host's KVM can't make the machine anew: \(HostError(error.operation, errno: error.errno))"
        }
    }

    /// Puts the first vCPU into the state in which the machine starts.
    func begin(_ boot: BootState) throws(KVMError) {}

    private static func rebuild(
        _ host: any KVMHost, _ processors: [KVMProcessor], isFirst: Bool
    ) throws(KVMError) {
        try host.rebuild(isFirst: isFirst) { number, vcpu in processors[number].install(vcpu) }
    }

    package func setGuestDebug(_ debug: GuestDebug) throws(TargetError) {
        plan = try makePlan(debug)
    }

    /// Where the stop points go.
    func makePlan(_ debug: GuestDebug) throws(TargetError) -> KVMDebugPlan { KVMDebugPlan() }

    package func programCounter(vcpu: Int) throws(TargetError) -> UInt64 {
        do throws(KVMError) {
            return try processors[vcpu].programCounter()
        } catch {
            throw .invalid("the program counter of vCPU \(vcpu): \(HostError(error.operation, errno: error.errno))")
        }
    }

    /// How many watchpoints there can be; nil if that can't be said.
    package var watchpointCount: Int? { nil }

    package func memoryChanged(_ range: Range<UInt64>) {
        guard let region = guest.machine.memory.region(at: range.lowerBound) else { return }
        let count = min(range.upperBound, region.end) - range.lowerBound
        synchronizeCode(region.host + Int(range.lowerBound - region.base), count: Int(count))
    }

    package func activity(vcpu: Int) -> VCPUActivity {
        let processor = processors[vcpu]
        if processor.isOff { return .off }
        return processor.isAfterWait ? .waiting : .running
    }

    // MARK: Patches

    /// A vCPU's memory as the debugger sees it; nil if it has no registers to tell.
    func memory(of vcpu: Int) -> (any AddressSpace)? { nil }

    /// The RAM behind a virtual address, by the tables of the first vCPU that has it.
    func physical(_ address: UInt64) -> UInt64? {
        for vcpu in processors.indices where !processors[vcpu].isOff {
            if let physical = try? memory(of: vcpu)?.translate(address).physical,
                guest.machine.memory.region(at: physical)?.kind == .ram
            {
                return physical
            }
        }
        return nil
    }

    private func insertPatches() {
        guard !plan.patched.isEmpty else { return }
        patches.insert(Set(plan.patched.compactMap { physical($0) }), into: guest.machine.memory)
        plan.patchedMemory = patches.addresses
    }

    private func removePatches() {
        patches.remove(from: guest.machine.memory)
        plan.patchedMemory = []
    }
}

/// How the machine's devices reach KVM's interrupt controller, which is made after them.
package final class KVMInterrupts {
    fileprivate(set) var host: (any KVMHost)?

    package init() {}

    /// By the number that the machine's devices know the line by.
    package func setSPI(_ spi: Int, level: Bool) {
        host?.setInterrupt(spi, level: level)
    }
}
