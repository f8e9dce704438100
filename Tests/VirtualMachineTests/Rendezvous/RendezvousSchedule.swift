import Acceleration
import Execution
import KVMAccelerator
import TestSupport

/// A random session with scripted vCPUs: stop points come and go, and runs of random plans are compared with the rules.
struct RendezvousSchedule {
    private let backend: ScriptedBackend
    private let rendezvous: Rendezvous<ScriptedBackend>
    private var history: StopHistory
    private var random: SeededRandom
    private(set) var stops = 0

    init(_ random: SeededRandom, fault: ScriptedBackend.Fault? = nil, isTraced: Bool = false) {
        backend = ScriptedBackend(random, fault: fault, isTraced: isTraced)
        rendezvous = Rendezvous(backend)
        history = StopHistory(
            vcpuCount: backend.vcpuCount, watchpointsStopAfterAccess: backend.watchpointsStopAfterAccess)
        self.random = SeededRandom(seed: ~random.seed)
        if self.random.chance(50) { rendezvous.filter = ScriptedFilter(backend, random) }
    }

    var violations: [String] { backend.violations }
    var trace: [String] { backend.trace }

    /// Makes some runs; ends with the first violation.
    mutating func perform(runs: Int) {
        for _ in 0..<runs where violations.isEmpty {
            if random.chance(50) { changeStopPoints() }
            if random.chance(5) { moveVCPU() }
            run()
        }
    }

    private mutating func changeStopPoints() {
        var debug = GuestDebug()
        backend.patched = []
        for index in 0..<ScriptedProgram.count where random.chance(15) {
            let address = ScriptedProgram.address(index, isAlias: random.chance(30))
            if random.chance(70) {
                debug.softwareBreakpoints.insert(address)
                if random.chance(50) { backend.patched.insert(address) }
            } else {
                debug.hardwareBreakpoints.insert(address)
            }
        }
        for address in ScriptedProgram.data where random.chance(25) {
            debug.watchpoints.append(StopPoint(kind: .writeWatchpoint, address: address, length: 1))
        }
        if random.chance(30) { debug.catches = .int3 }
        backend.debug = debug
        backend.note("breakpoints \(debug.softwareBreakpoints), \(debug.hardwareBreakpoints); \(debug.watchpoints)")
    }

    /// The client writes a PC.
    private mutating func moveVCPU() {
        let vcpu = random.below(backend.vcpuCount)
        backend.note("the client writes PC of vCPU \(vcpu)")
        backend.vcpus[vcpu].pc = ScriptedProgram.address(random.below(ScriptedProgram.count), isAlias: false)
    }

    private mutating func randomPlan() -> ResumePlan {
        let percent = random.pick([0, 10, 60])
        var actions: [ResumeAction] = backend.vcpus.map { _ in
            random.chance(percent) ? .hold : random.chance(20) ? .step : .continue
        }
        if random.chance(40) { actions = actions.map { $0 == .step ? .continue : $0 } }
        if !actions.contains(where: { $0 != .hold }) { actions[0] = .continue }
        return ResumePlan(actions: actions)
    }

    private mutating func run() {
        let plan = randomPlan()
        let places = backend.vcpus.map(\.pc)
        backend.beginRun(plan)
        let reportedStops = history.begin(plan) { places[$0] }
        backend.note("run \(plan.actions), reported stops \(reportedStops.map(\.rawValue))")
        if random.chance(5) { backend.requestStop() }
        let report = rendezvous.run(plan, reportedStops: reportedStops)
        backend.note("\(report)")
        backend.endRun()
        compare(report, plan, places)
        history.end(report) { backend.vcpus[$0].pc }
        if backend.ending != nil { rendezvous.reset() }
    }

    /// Compares a report with what the vCPUs did.
    private mutating func compare(_ report: RunReport, _ plan: ResumePlan, _ places: [UInt64]) {
        for (vcpu, state) in backend.vcpus.enumerated() {
            if plan.actions[vcpu] == .step && state.executed > 1 {
                backend.violation("vCPU \(vcpu) stepped \(state.executed) instructions")
            }
            if report.unmoved.contains(vcpu) && state.executed > 0 {
                backend.violation("vCPU \(vcpu) is said not to have moved")
            }
        }
        switch report.outcome {
        case .requested:
            if !backend.isStopRequested { backend.violation("a stop is reported that nobody requested") }
        case .poweredOff, .resetRequested, .failed: break
        case .stopped(let event): compare(event, plan)
        }
        let isEnd =
            switch report.outcome {
            case .poweredOff, .resetRequested, .failed: true
            case .stopped, .requested: false
            }
        if isEnd != (backend.ending != nil) { backend.violation("\(report.outcome), but \(backend.ending as Any)") }
    }

    private mutating func compare(_ event: StopEvent, _ plan: ResumePlan) {
        stops += 1
        let vcpu = event.vcpu
        let pc = backend.vcpus[vcpu].pc
        if let (reason, place) = backend.vcpus[vcpu].reportedStop, place == pc, reason == event.reason {
            backend.violation("\(reason) of vCPU \(vcpu) is reported twice")
        }
        if plan.actions[vcpu] == .hold { backend.violation("the stop is of vCPU \(vcpu), which the plan holds") }
        switch event.reason {
        case .softwareBreakpoint, .hardwareBreakpoint:
            if !backend.hasBreakpoint(at: pc) { backend.violation("no breakpoint is at \(pc) of vCPU \(vcpu)") }
            if backend.vcpus[vcpu].reportedBreakpoint == pc { backend.violation("a breakpoint is reported twice") }
            backend.vcpus[vcpu].reportedBreakpoint = pc
            backend.vcpus[vcpu].owedBreakpoint = nil
        case .watchpoint(let kind, let address):
            if !backend.isSet(kind, address) { backend.violation("no watchpoint is at \(address)") }
            if backend.watchpointsStopAfterAccess {
                if backend.vcpus[vcpu].owedWatchpoint == nil { backend.violation("a watchpoint is reported twice") }
                backend.vcpus[vcpu].owedWatchpoint = nil
            } else {
                if backend.program[pc] != .store(address) {
                    backend.violation("no store to \(address) is at PC of vCPU \(vcpu)")
                }
                backend.vcpus[vcpu].reportedStop = (event.reason, pc)
            }
        case .caughtException:
            if backend.program[pc] != .guestBreakpoint { backend.violation("the guest has no breakpoint at \(pc)") }
            backend.vcpus[vcpu].reportedStop = (event.reason, pc)
        case .stepped:
            if plan.actions[vcpu] != .step || backend.vcpus[vcpu].executed != 1 {
                backend.violation("vCPU \(vcpu) is said to have stepped")
            }
        default: backend.violation("a rendezvous doesn't report \(event.reason)")
        }
    }
}
