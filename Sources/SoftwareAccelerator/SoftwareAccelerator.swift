package import AArch64
package import AArch64CPU
import Acceleration
package import Execution
import GuestMemory
import HostIO
package import Machine
import Synchronization

/// The software CPU as an accelerator: the vCPUs take turns on one thread, by instruction count.
///
/// Nothing here depends on the host's time but the length of an idle guest's sleep, so the same input gives the same run.
/// In a round every vCPU that may run gets a slice, which begins at the virtual time at which the one before it ended: what
/// happens later is later on every vCPU's counter. When all are idle, time moves on to the next timer deadline.
package final class SoftwareAccelerator: AArch64Accelerator {
    package let name = "software"
    let cluster: CPUCluster
    let machine: Machine
    let environment: SoftwareEnvironment
    let semihosting: Semihosting
    let idleTime: IdleTime
    let sleep = Monitor(Sleep())
    private let stopRequest = Atomic<Bool>(false)
    /// Where the thread that runs the vCPUs was when input was last looked for.
    let hostProcessor = HostProcessor()
    /// Called on the thread that runs the vCPUs when something outside the vCPUs may have changed.
    let takeInput: () -> Void
    var power: [PSCI.PowerState]
    var isWaiting: [Bool]
    /// Which vCPUs have executed something in the current run.
    private var hasMoved: [Bool]
    /// Waits for console input in a semihosting call.
    var wantsInput: [Bool]
    package internal(set) var debug = GuestDebug()
    /// What each vCPU came back for.
    private var exits: ExitCounter
    /// Whose turn was the last.
    var lastTurn = -1
    /// Whether the current round is a brief one.
    var isBrief = false
    /// The virtual time at which input is checked for next.
    var nextInput: UInt64 = 0
    /// Who decides about breakpoints within a turn.
    private var breakpoints: TurnBreakpoints?
    /// Steps since input was looked for.
    private var stepsWithoutInput = 0

    struct Sleep {
        var isKicked = false
    }

    /// How a guest waits when all its vCPUs are idle.
    package enum IdleTime: Sendable {
        /// As long as the host's clock says.
        case sleeps
        /// Not at all: virtual time jumps to the next deadline.
        case isSkipped
    }

    package init(
        machine: Machine, vcpuCount: Int, model: CPUModel, idleTime: IdleTime, semihosting: Semihosting?,
        takeInput: @escaping () -> Void
    ) {
        self.machine = machine
        self.idleTime = idleTime
        self.takeInput = takeInput
        self.semihosting = semihosting ?? Semihosting(put: { _ in }, get: { nil }, hasInput: { false })
        guard let gic = machine.gic else { preconditionFailure("the software CPU needs the machine's own GIC") }
        environment = SoftwareEnvironment(machine, gic: gic)
        var configuration = CPUConfiguration()
        configuration.model = model
        configuration.semihosting = semihosting != nil
        // SAFETY: the machine keeps its regions, and this object the machine, for as long as the CPUs exist.
        let regions = machine.memory.regions.map {
            unsafe RAMRegion(
                base: $0.base.rawValue, size: $0.size, host: $0.unsafeHostAddress, isReadOnly: $0.isReadOnly)
        }
        cluster = CPUCluster(
            vcpuCount: vcpuCount, regions: regions, environment: environment, configuration: configuration)
        exits = ExitCounter(vcpuCount: vcpuCount)
        power = Array(repeating: .off, count: vcpuCount)
        isWaiting = Array(repeating: false, count: vcpuCount)
        wantsInput = isWaiting
        hasMoved = isWaiting
        environment.attach(cluster)
        machine.memory.onChange = { [unowned self] in self.mapMemory() }
        machine.memory.observeWrites { [weak cluster] range, _ in cluster?.invalidateCode(range.rawValues) }
    }

    /// Sets the function that shows lines to the user while the machine runs.
    package func setNotice(_ notice: @escaping (String) -> Void) { environment.notice = notice }

    package var vcpuCount: Int { cluster.vcpus.count }
    package var features: ArchitectureFeatures { cluster.features }
    package var physicalAddressBits: Int { IdentificationRegisters.physicalAddressBits }

    /// Follows the flash chips, which answer reads themselves while they are not in read-array mode.
    private func mapMemory() {
        for region in machine.memory.regions where region.kind == .flash {
            cluster.setRegion(at: region.base.rawValue, isDirect: region.isDirect)
        }
    }

    // MARK: Running

    private static let stepsBetweenInput = 1000
    /// More vCPUs' turns than these take too long for a brief run.
    private static let mostInBrief = 4

    package func run(_ plan: ResumePlan, passing: [ReportedStops]) -> RunReport {
        beginReport()
        return report(outcome(of: plan, passing), plan)
    }

    /// Begins to watch which vCPUs execute something.
    private func beginReport() {
        for vcpu in hasMoved.indices { hasMoved[vcpu] = false }
    }

    private func report(_ outcome: RunOutcome, _ plan: ResumePlan) -> RunReport {
        var report = RunReport(outcome)
        report.unmoved = Set(plan.motions.indices.filter { plan.motions[$0] != .hold && !hasMoved[$0] })
        return report
    }

    private func outcome(of plan: ResumePlan, _ passing: [ReportedStops]) -> RunOutcome {
        defer { stopRequest.store(false, ordering: .relaxed) }
        if let outcome = moveOff(plan, passing) { return outcome }
        if plan.motions.contains(.step) { return step(plan, passing: passing) }
        let runners = plan.motions.indices.filter { plan.motions[$0] == .continue }
        while true {
            if let outcome = round(runners) { return outcome }
        }
    }

    /// Where something has been reported already, these vCPUs alone move off it.
    private func moveOff(_ plan: ResumePlan, _ passing: [ReportedStops]) -> RunOutcome? {
        let passers = plan.motions.indices.filter {
            plan.motions[$0] == .continue && isOn($0)
                && passing[$0].movesOff(breakpointAtPC: cluster.breakpoints.contains(cluster.vcpus[$0].pc))
        }
        return together(passers) { passOver($0, passing[$0]) }
    }

    /// One step, or one short round.
    package func runBriefly(_ plan: ResumePlan, passing: inout [ReportedStops]) -> RunReport? {
        guard vcpuCount <= Self.mostInBrief else { return nil }
        let steps = plan.motions.contains(.step)
        guard !steps || plan.motions.indices.contains(where: { plan.motions[$0] == .step && isOn($0) }) else {
            return nil
        }
        beginReport()
        var outcome = moveOff(plan, passing)
        if outcome == nil {
            outcome =
                steps
                ? step(plan, passing: passing)
                : round(plan.motions.indices.filter { plan.motions[$0] == .continue }, isBrief: true)
        }
        for vcpu in passing.indices where hasMoved[vcpu] { passing[vcpu] = [] }
        // Without an outcome, a request to stop is still to be met.
        if outcome != nil { stopRequest.store(false, ordering: .relaxed) }
        return outcome.map { report($0, plan) }
    }

    /// Moves the vCPUs that step by one instruction, and lets the others do as much.
    private func step(_ plan: ResumePlan, passing: [ReportedStops]) -> RunOutcome {
        let steppers = plan.motions.indices.filter { plan.motions[$0] == .step && isOn($0) }
        guard let first = steppers.first else {
            // Only a vCPU that is off was to step: it does when it has been turned on.
            return waitForPower(plan, passing: passing)
        }
        // Rarely, for the guest that is stepped while it waits for input.
        stepsWithoutInput += 1
        if stepsWithoutInput == Self.stepsBetweenInput {
            stepsWithoutInput = 0
            takeInput()
        }
        let others = plan.motions.indices.filter { plan.motions[$0] == .continue && mayRun($0) }
        let outcome = together(steppers + others) { vcpu in
            plan.motions[vcpu] == .step ? stepOver(vcpu, passing[vcpu]) : turn(vcpu, budget: 1)
        }
        return outcome ?? .stopped(StopEvent(.stepped, vcpu: first))
    }

    /// Gets a vCPU off the place where it stopped: by one instruction, with interrupts held off, or into the handler of
    /// the interrupt that was caught there.
    private func passOver(_ vcpu: Int, _ passed: ReportedStops) -> RunOutcome? {
        isWaiting[vcpu] = false
        guard passed.contains(.guestTrap) else {
            let exit = cluster.step(
                vcpu, ignoringWatchpoints: passed.contains(.watchpoint), passingBreakpoint: passed.contains(.breakpoint)
            )
            return handle(exit, vcpu: vcpu)
        }
        cluster.catches = ExceptionCatches()
        defer { cluster.catches = debug.exceptionCatches }
        guard caughtException(vcpu: vcpu)?.exception.isInterrupt != true else {
            cluster.vcpus[vcpu].takeInterrupt()
            return nil
        }
        return handle(cluster.step(vcpu), vcpu: vcpu)
    }

    /// Executes one instruction whatever breakpoint is there.
    ///
    /// An interrupt that was caught in front of it is held off like any other.
    private func stepOver(_ vcpu: Int, _ passed: ReportedStops) -> RunOutcome? {
        let isAtInterrupt =
            passed.contains(.guestTrap) && caughtException(vcpu: vcpu)?.exception.isInterrupt == true
        if passed.contains(.guestTrap) && !isAtInterrupt { return passOver(vcpu, passed) }
        isWaiting[vcpu] = false
        let exit = cluster.step(
            vcpu, ignoringWatchpoints: passed.contains(.watchpoint), takingInterrupts: debug.interrupts == .never,
            passingBreakpoint: passed.contains(.breakpoint))
        return handle(exit, vcpu: vcpu)
    }

    /// Moves vCPUs one after the other, and virtual time with each of them.
    ///
    /// A counter must never be behind what another vCPU has read before (Arm ARM, "The system counter"): Linux takes the
    /// difference for an age.
    private func together(_ vcpus: [Int], _ move: (Int) -> RunOutcome?) -> RunOutcome? {
        for vcpu in vcpus {
            let outcome = move(vcpu)
            noteTime(of: vcpu)
            if let outcome { return outcome }
        }
        return nil
    }

    /// Takes the time that a vCPU's turn took.
    func noteTime(of vcpu: Int) {
        let executed = cluster.vcpus[vcpu].executedInRun
        if executed > 0 { hasMoved[vcpu] = true }
        cluster.timeBase &+= executed
    }

    /// Has breakpoints decided about within the turn: one that is passed is nothing the guest could tell.
    package func setStopFilter(_ filter: any StopFilter) {
        let breakpoints = TurnBreakpoints(filter)
        self.breakpoints = breakpoints
        cluster.breakpointFilter = breakpoints
    }

    func turn(_ vcpu: Int, budget: Int) -> RunOutcome? {
        handle(cluster.run(vcpu, budget: budget), vcpu: vcpu)
    }

    /// Deals with what ended a vCPU's turn; nil if the others may go on.
    func handle(_ exit: CPUExit, vcpu: Int) -> RunOutcome? {
        exits.count(exit, vcpu: vcpu)
        switch exit {
        case .budget, .yield, .stepped, .requested:
            return nil
        case .waitForInterrupt, .waitForEvent:
            isWaiting[vcpu] = true
            return nil
        case .hypercall:
            return callFirmware(vcpu)
        case .semihosting:
            return callSemihosting(vcpu)
        case .breakpoint:
            let isHardware = !debug.softwareBreakpoints.contains(cluster.vcpus[vcpu].pc)
            let reason = breakpoints?.reason ?? (isHardware ? .hardwareBreakpoint : .softwareBreakpoint)
            return .stopped(StopEvent(reason, vcpu: vcpu))
        case .watchpoint(let point, let address):
            return .stopped(StopEvent(.watchpoint(debug.watchpoints[point].kind, address: address), vcpu: vcpu))
        case .guestBreakpoint, .caughtException:
            return .stopped(StopEvent(.guestTrap, vcpu: vcpu))
        }
    }

    /// A plan in which nothing can move: it lasts until it is interrupted.
    private func waitForPower(_ plan: ResumePlan, passing: [ReportedStops]) -> RunOutcome {
        let runners = plan.motions.indices.filter { plan.motions[$0] != .hold }
        while true {
            if let outcome = round(runners.filter { plan.motions[$0] == .continue }) { return outcome }
            if runners.contains(where: { plan.motions[$0] == .step && power[$0] != .off }) {
                return step(plan, passing: passing)
            }
        }
    }

    // MARK: From other threads

    package func requestStop() {
        stopRequest.store(true, ordering: .releasing)
        kick()
    }

    package var isHeldUpByCaller: Bool { hostProcessor.isThisOne }

    var isStopRequested: Bool { stopRequest.load(ordering: .acquiring) }

    package func clearStopRequest() {
        stopRequest.store(false, ordering: .releasing)
    }

    package func kick() {
        cluster.requestExit()
        sleep.withLock { $0.isKicked = true }
    }

    // MARK: State

    package func reset() {
        for cpu in cluster.vcpus { cpu.reset() }
        cluster.invalidateAllCode()
        cluster.forgetPassedBreakpoints()
        power = power.indices.map { $0 == 0 ? .on : .off }
        isWaiting = Array(repeating: false, count: vcpuCount)
        wantsInput = isWaiting
        lastTurn = -1
        nextInput = 0
        machine.bootState.apply(to: cluster.vcpus[0])
    }

    package func setGuestDebug(_ debug: GuestDebug) throws(TargetError) {
        self.debug = debug
        cluster.setBreakpoints(debug.softwareBreakpoints.union(debug.hardwareBreakpoints))
        cluster.breakpointBindings = debug.bindings.mapValues { AddressSpaceBinding($0) }
        cluster.catches = debug.exceptionCatches
        cluster.holdsInterrupts = debug.interrupts == .always
        cluster.setWatchpoints(debug.watchpoints.map { Watchpoint($0) })
    }

    package var exitCounts: [ExitCount]? {
        exits.rows
            + [
                ExitCount(reason: "device read", counts: environment.deviceReads),
                ExitCount(reason: "device write", counts: environment.deviceWrites),
            ]
    }

    package func activity(vcpu: Int) -> VCPUActivity {
        if power[vcpu] == .off { return .off }
        guard isWaiting[vcpu] else { return .running }
        return cluster.vcpus[vcpu].waitBackstop == .max ? .waiting : .waitingForEvent
    }
}

extension Watchpoint {
    fileprivate init(_ point: StopPoint) {
        let kinds: Kinds =
            switch point.kind {
            case .readWatchpoint: .read
            case .accessWatchpoint: [.read, .write]
            default: .write
            }
        self.init(address: point.address, length: point.length, kinds: kinds)
    }
}

extension BootState {
    /// Puts the vCPU where the machine starts.
    fileprivate func apply(to cpu: VCPU) {
        cpu.pc = pc
        cpu.setX(0, x0)
    }
}
