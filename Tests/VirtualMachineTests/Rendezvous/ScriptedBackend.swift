import Acceleration
import Execution
import KVMAccelerator
import TestSupport

/// vCPUs on one thread that move whenever the rendezvous waits, each time the one that a random number names; they look
/// at the rules of the debug session while they do.
final class ScriptedBackend: RendezvousBackend {
    /// A fault that is planted, to see that it is found.
    enum Fault: CaseIterable {
        /// A vCPU doesn't see kicks any more.
        case lostKicks
        /// A vCPU reports a hit twice.
        case doubledReport
        /// A vCPU continues after its report.
        case leftRunning
        /// A breakpoint in memory stays there when the vCPUs are held.
        case forgottenPatches
    }

    struct VCPU {
        var pc: UInt64 = 0
        var isOff = false
        /// The order it is under way with.
        var order: VCPUOrder?
        var mustStop = false
        /// Instructions executed since the run began.
        var executed = 0
        /// The PC at which a breakpoint has been reported since the last instruction.
        var reportedBreakpoint: UInt64?
        /// The PC at which a stop of another kind, before the instruction, has been reported since the last
        /// instruction.
        var reportedStop: (reason: StopEvent.Reason, pc: UInt64)?
        /// The PC at which the filter has decided since the last instruction that a breakpoint doesn't stop.
        var passedBreakpoint: UInt64?
        /// The PC at which it has decided that one stops, until that is reported.
        var owedBreakpoint: UInt64?
        /// An access that a watchpoint stops after, and that is still to be reported.
        var owedWatchpoint: (kind: StopPoint.Kind, address: UInt64, pc: UInt64)?
    }

    var random: SeededRandom
    let program: ScriptedProgram
    /// Whether watchpoints stop after the access (x86) or before it (Arm).
    let watchpointsStopAfterAccess: Bool
    private let fault: Fault?
    private let isTraced: Bool
    var vcpus: [VCPU]
    var debug = GuestDebug()
    /// The software breakpoints that are instructions in memory.
    var patched: Set<UInt64> = []
    /// The actions of the current run, by which vCPUs may move.
    var plan = ResumePlan(actions: [])
    private var reports: [(vcpu: Int, report: VCPUReport)] = []
    private var patchedMemory: Set<UInt64> = []
    private var isTimeHeld = true
    private(set) var isStopRequested = false
    private var time: UInt64 = 0
    /// The machine's end, once a vCPU has executed it.
    private(set) var ending: VCPUReport?
    private(set) var violations: [String] = []
    /// The last orders, instructions and reports, for the failure's text.
    private(set) var trace: [String] = []
    private var waits = 0

    init(_ random: SeededRandom, fault: Fault? = nil, isTraced: Bool = false) {
        self.isTraced = isTraced
        var random = random
        let count = 1 + random.below(4)
        program = ScriptedProgram(vcpuCount: count, &random)
        watchpointsStopAfterAccess = random.chance(50)
        vcpus = Array(repeating: VCPU(), count: count)
        for vcpu in 1..<max(count, 2) where vcpu < count { vcpus[vcpu].isOff = random.chance(30) }
        self.random = random
        self.fault = fault
    }

    func violation(_ text: String) { violations.append(text) }

    func note(_ text: @autoclosure () -> String) {
        guard isTraced else { return }
        trace.append(text())
    }

    // MARK: Before and after a run

    func beginRun(_ plan: ResumePlan) {
        self.plan = plan
        isStopRequested = false
        ending = nil
        waits = 0
        for vcpu in vcpus.indices {
            vcpus[vcpu].executed = 0
            // Stops reported at another place than where the run begins no longer count.
            if plan.actions[vcpu] != .hold {
                if vcpus[vcpu].reportedBreakpoint != vcpus[vcpu].pc { vcpus[vcpu].reportedBreakpoint = nil }
                if vcpus[vcpu].reportedStop?.pc != vcpus[vcpu].pc { vcpus[vcpu].reportedStop = nil }
            }
            // A hit is dropped when its stop point is gone, or the client has put the vCPU elsewhere.
            if vcpus[vcpu].owedBreakpoint != vcpus[vcpu].pc || !hasBreakpoint(at: vcpus[vcpu].pc) {
                vcpus[vcpu].owedBreakpoint = nil
            }
            if let owed = vcpus[vcpu].owedWatchpoint, !isSet(owed.kind, owed.address) || owed.pc != vcpus[vcpu].pc {
                vcpus[vcpu].owedWatchpoint = nil
            }
        }
    }

    func endRun() {
        for vcpu in vcpus.indices where vcpus[vcpu].order != nil { violation("vCPU \(vcpu) is under way at the end") }
        if !reports.isEmpty { violation("a report was not taken: \(reports)") }
        if !patchedMemory.isEmpty { violation("patches are left in memory") }
        if !isTimeHeld { violation("the guest's time runs while its vCPUs are held") }
        guard ending != nil else { return }
        for vcpu in vcpus.indices { (vcpus[vcpu].owedWatchpoint, vcpus[vcpu].owedBreakpoint) = (nil, nil) }
    }

    /// Each look at the clock takes a microsecond.
    var now: UInt64 {
        time += 1000
        return time
    }

    func requestStop() { isStopRequested = true }

    // MARK: Held

    var vcpuCount: Int { vcpus.count }

    private func expectHeld(_ vcpu: Int, _ what: String) {
        if vcpus[vcpu].order != nil { violation("\(what) while vCPU \(vcpu) is under way") }
    }

    private func expectAllHeld(_ what: String) {
        for vcpu in vcpus.indices { expectHeld(vcpu, what) }
    }

    func isOff(_ vcpu: Int) -> Bool {
        expectHeld(vcpu, "power is read")
        return vcpus[vcpu].isOff
    }

    func programCounter(of vcpu: Int) -> UInt64? {
        expectHeld(vcpu, "PC is read")
        return vcpus[vcpu].pc
    }

    func isAtPatch(_ vcpu: Int) -> Bool {
        expectHeld(vcpu, "PC is compared")
        return patchedMemory.contains(ScriptedProgram.physical(vcpus[vcpu].pc))
    }

    func insertPatches() {
        expectAllHeld("patches are inserted")
        patchedMemory = Set(patched.map(ScriptedProgram.physical))
    }

    func removePatches() {
        expectAllHeld("patches are removed")
        if fault == .forgottenPatches, random.chance(20) { return }
        patchedMemory = []
    }

    func releaseTime() {
        expectAllHeld("time is released")
        isTimeHeld = false
    }

    func holdTime() {
        expectAllHeld("time is held")
        isTimeHeld = true
    }

    func holdTime(afterStepOf vcpu: Int) { holdTime() }

    // MARK: Moving

    func give(_ order: VCPUOrder, to vcpu: Int) {
        note("vCPU \(vcpu) at \(vcpus[vcpu].pc): \(order)")
        expectHeld(vcpu, "an order is given")
        if plan.actions[vcpu] == .hold { violation("vCPU \(vcpu) moves although the plan holds it") }
        if isTimeHeld { violation("vCPU \(vcpu) moves while time is held") }
        if order != .run, vcpus[vcpu].isOff { violation("vCPU \(vcpu) is to step although it is off") }
        vcpus[vcpu].order = order
        vcpus[vcpu].mustStop = false
    }

    func kick(_ vcpu: Int, stopping: Bool) {
        // One kick in eight is lost, and some come twice or after the report.
        guard stopping, vcpus[vcpu].order != nil, random.below(8) > 0 else { return }
        if fault != .lostKicks || vcpu > 0 { vcpus[vcpu].mustStop = true }
    }

    func poll() -> UInt64 { random.chance(50) ? 1_000_000 : 3_600_000_000_000 }

    func nextEvent(nanoseconds: UInt64, reportsStopRequests: Bool) -> RendezvousEvent {
        waits += 1
        guard waits < 20_000 else {
            violation("the rendezvous waits for ever")
            for vcpu in vcpus.indices where vcpus[vcpu].order != nil { put(.interrupted, vcpu) }
            return takeReport() ?? .stopRequested
        }
        let deadline = time &+ min(nanoseconds, 1 << 50)
        while time < deadline {
            if random.chance(40), let report = takeReport() { return report }
            if random.below(200) == 0 { isStopRequested = true }
            if reportsStopRequests && isStopRequested { return .stopRequested }
            if random.below(50) == 0 { return .kicked }
            time += UInt64(random.below(1_000_000))
            let underWay = vcpus.indices.filter { vcpus[$0].order != nil }
            let able = underWay.filter { !vcpus[$0].isOff || vcpus[$0].mustStop }
            if able.isEmpty {
                if let report = takeReport() { return report }
                // Only the outside can end this wait.
                if random.chance(50) { isStopRequested = true } else { time = deadline }
                continue
            }
            move(random.pick(able))
        }
        return .timeout
    }

    private func takeReport() -> RendezvousEvent? {
        guard !reports.isEmpty else { return nil }
        // Reports of several vCPUs come in any order.
        let next = reports.remove(at: random.below(reports.count))
        return .report(vcpu: next.vcpu, next.report)
    }

    private func put(_ report: VCPUReport, _ vcpu: Int) {
        note("vCPU \(vcpu) at \(vcpus[vcpu].pc) reports \(report)")
        reports.append((vcpu, report))
        if fault == .doubledReport, report != .interrupted, random.chance(20) { reports.append((vcpu, report)) }
        if fault == .leftRunning, random.chance(20) { return }
        vcpus[vcpu].order = nil
    }

    // MARK: Executing

    private func move(_ vcpu: Int) {
        switch vcpus[vcpu].order {
        case .run:
            if vcpus[vcpu].mustStop, vcpus[vcpu].isOff || random.chance(50) { return put(.interrupted, vcpu) }
            runOn(vcpu)
        case .step(let reportedStops): step(vcpu, reportedStops)
        case nil: violation("vCPU \(vcpu) moves without an order")
        }
    }

    private func runOn(_ vcpu: Int) {
        let pc = vcpus[vcpu].pc
        let isBreakpoint = hasBreakpoint(at: pc)
        if isBreakpoint && !patched.contains(pc) { return put(.breakpoint, vcpu) }
        if patchedMemory.contains(ScriptedProgram.physical(pc)) {
            return put(isBreakpoint ? .breakpoint : .mustPassPatch, vcpu)
        }
        if isBreakpoint { violation("vCPU \(vcpu) runs past the breakpoint at \(pc)") }
        if program[pc] == .guestBreakpoint, !debug.catches.isEmpty { return put(.caughtException, vcpu) }
        if let report = execute(vcpu, ignoringWatchpoints: false) { put(report, vcpu) }
    }

    private func step(_ vcpu: Int, _ reportedStops: ReportedStops) {
        let pc = vcpus[vcpu].pc
        let isBreakpoint = hasBreakpoint(at: pc)
        if isBreakpoint, plan.actions[vcpu] == .continue, vcpus[vcpu].reportedBreakpoint != pc,
            vcpus[vcpu].passedBreakpoint != pc
        {
            violation("vCPU \(vcpu) passes the breakpoint at \(pc), which was not reported")
        }
        if patchedMemory.contains(ScriptedProgram.physical(pc)) {
            violation("vCPU \(vcpu) steps at \(pc), where there is a patch")
        }
        if program[pc] == .guestBreakpoint, !debug.catches.isEmpty, !reportedStops.contains(.caughtException) {
            return put(.caughtException, vcpu)
        }
        put(execute(vcpu, ignoringWatchpoints: reportedStops.contains(.watchpoint)) ?? .stepped, vcpu)
    }

    /// Executes one instruction; what it has to report.
    private func execute(_ vcpu: Int, ignoringWatchpoints: Bool) -> VCPUReport? {
        let pc = vcpus[vcpu].pc
        if let owed = vcpus[vcpu].owedWatchpoint, isSet(owed.kind, owed.address) {
            violation("vCPU \(vcpu) moves although its watchpoint at \(owed.address) was not reported")
        }
        vcpus[vcpu].owedWatchpoint = nil
        var report: VCPUReport?
        var owed: (kind: StopPoint.Kind, address: UInt64)?
        switch program[pc] {
        case .store(let address):
            let point = debug.watchpoints.first { address &- $0.address < $0.length }
            if let point, watchpointsStopAfterAccess {
                report = .watchpoint(point.kind, address: address)
                owed = (point.kind, address)
            } else if let point, !ignoringWatchpoints {
                return .watchpoint(point.kind, address: address)
            }
        case .turnOff: vcpus[vcpu].isOff = vcpu > 0
        case .turnOn(let other):
            if vcpus[other].order == nil || vcpus[other].order == .run { vcpus[other].isOff = false }
        case .powerOff: report = .poweredOff
        case .reset: report = .resetRequested
        case .plain, .guestBreakpoint: break
        }
        if let report, report == .poweredOff || report == .resetRequested { ending = report }
        vcpus[vcpu].pc = program.next(after: pc, &random)
        if let owed { vcpus[vcpu].owedWatchpoint = (owed.kind, owed.address, vcpus[vcpu].pc) }
        vcpus[vcpu].executed += 1
        note("vCPU \(vcpu) executes \(program[pc]) at \(pc)")
        vcpus[vcpu].reportedBreakpoint = nil
        vcpus[vcpu].reportedStop = nil
        vcpus[vcpu].passedBreakpoint = nil
        vcpus[vcpu].owedBreakpoint = nil
        return report
    }

    func hasBreakpoint(at address: UInt64) -> Bool {
        debug.softwareBreakpoints.contains(address) || debug.hardwareBreakpoints.contains(address)
    }

    func isSet(_ kind: StopPoint.Kind, _ address: UInt64) -> Bool {
        debug.watchpoints.contains { $0.kind == kind && address &- $0.address < $0.length }
    }
}
