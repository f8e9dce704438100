import AArch64
import Acceleration
import Execution
import KVMAccelerator
import Machine
import SoftwareAccelerator

/// The software CPU's vCPUs moved by a rendezvous, as KVM's are: breakpoints are decided about between two moves.
final class RendezvousAccelerator: AArch64Accelerator {
    private let inner: SoftwareAccelerator
    private let backend: Backend
    private let rendezvous: Rendezvous<Backend>

    init(_ inner: SoftwareAccelerator) {
        self.inner = inner
        inner.setStopFilter(StopAlways.only)
        backend = Backend(inner)
        rendezvous = Rendezvous(backend)
    }

    func run(_ plan: ResumePlan, reportedStops: [ReportedStops]) -> RunReport {
        rendezvous.run(plan, reportedStops: reportedStops)
    }
    func setStopFilter(_ filter: any StopFilter) { rendezvous.filter = filter }

    func requestStop() {
        backend.isStopRequested = true
        inner.requestStop()
    }

    func clearStopRequest() {
        backend.isStopRequested = false
        inner.clearStopRequest()
    }

    func setGuestDebug(_ debug: GuestDebug) throws(TargetError) { try inner.setGuestDebug(debug) }

    var name: String { inner.name }
    var vcpuCount: Int { inner.vcpuCount }
    var features: ArchitectureFeatures { inner.features }
    var systemRegisters: [SystemRegister] { inner.systemRegisters }
    var physicalAddressBits: Int { inner.physicalAddressBits }
    func kick() { inner.kick() }
    func reset() { inner.reset() }
    func read(_ register: GuestRegister, vcpu: Int) throws(TargetError) -> UInt64 {
        try inner.read(register, vcpu: vcpu)
    }
    func write(_ register: GuestRegister, _ value: UInt64, vcpu: Int) throws(TargetError) {
        try inner.write(register, value, vcpu: vcpu)
    }
    func readVector(_ index: Int, vcpu: Int) throws(TargetError) -> VectorValue {
        try inner.readVector(index, vcpu: vcpu)
    }
    func writeVector(_ index: Int, _ value: VectorValue, vcpu: Int) throws(TargetError) {
        try inner.writeVector(index, value, vcpu: vcpu)
    }
    func activity(vcpu: Int) -> VCPUActivity { inner.activity(vcpu: vcpu) }
    func earlierTTBR1(vcpu: Int) -> UInt64? { inner.earlierTTBR1(vcpu: vcpu) }
}

/// Runs the vCPUs that are under way, on the caller's thread, whenever the rendezvous waits.
private final class Backend: RendezvousBackend {
    private let inner: SoftwareAccelerator
    var debug: GuestDebug { inner.debug }
    nonisolated(unsafe) var isStopRequested = false
    private var orders: [VCPUOrder?]
    private var reports: [(vcpu: Int, report: VCPUReport)] = []

    init(_ inner: SoftwareAccelerator) {
        self.inner = inner
        orders = Array(repeating: nil, count: inner.vcpuCount)
    }

    var vcpuCount: Int { inner.vcpuCount }
    let watchpointsStopAfterAccess = false
    func isOff(_ vcpu: Int) -> Bool { inner.activity(vcpu: vcpu) == .off }
    func programCounter(of vcpu: Int) -> UInt64? { try? inner.programCounter(vcpu: vcpu) }
    func isAtPatch(_ vcpu: Int) -> Bool { false }
    func insertPatches() {}
    func removePatches() {}
    func releaseTime() {}
    func holdTime() {}
    func holdTime(afterStepOf vcpu: Int) {}
    func poll() -> UInt64 { .max }
    private var time: UInt64 = 0
    /// Each look at the clock takes a millisecond.
    var now: UInt64 {
        time += 1_000_000
        return time
    }

    func give(_ order: VCPUOrder, to vcpu: Int) { orders[vcpu] = order }

    /// A vCPU that runs beside a step gets one instruction.
    func kick(_ vcpu: Int, stopping: Bool) {
        guard stopping, orders[vcpu] != nil else { return }
        let pc = programCounter(of: vcpu) ?? 0
        if debug.softwareBreakpoints.contains(pc) || debug.hardwareBreakpoints.contains(pc) {
            put(.breakpoint, vcpu)
        } else {
            let report = isOff(vcpu) ? .interrupted : run([vcpu], .step, [])
            put(report == .stepped ? .interrupted : report, vcpu)
        }
    }

    private func put(_ report: VCPUReport, _ vcpu: Int) {
        orders[vcpu] = nil
        reports.append((vcpu, report))
    }

    func nextEvent(nanoseconds: UInt64, reportsStopRequests: Bool) -> RendezvousEvent {
        if let report = take() { return report }
        if reportsStopRequests && isStopRequested { return .stopRequested }
        for vcpu in orders.indices {
            if case .step(let passed) = orders[vcpu] { put(run([vcpu], .step, passed), vcpu) }
        }
        if let report = take() { return report }
        let runners = orders.indices.filter { orders[$0] == .run }
        let report = run(runners, .continue, [])
        guard report != .interrupted else { return reportsStopRequests ? .stopRequested : .kicked }
        put(report, stopped)
        return take() ?? .kicked
    }

    /// The vCPU that reported last.
    private var stopped = 0

    private func run(_ vcpus: [Int], _ action: ResumeAction, _ passed: ReportedStops) -> VCPUReport {
        let actions: [ResumeAction] = orders.indices.map { vcpus.contains($0) ? action : .hold }
        stopped = vcpus.first ?? 0
        switch inner.run(ResumePlan(actions: actions), reportedStops: orders.map { _ in passed }).outcome {
        case .stopped(let event):
            stopped = event.vcpu
            return report(event)
        case .requested: return .interrupted
        case .poweredOff: return .poweredOff
        case .resetRequested: return .resetRequested
        case .failed(let text): return .failed(text)
        }
    }

    private func take() -> RendezvousEvent? {
        guard !reports.isEmpty else { return nil }
        let next = reports.removeFirst()
        return .report(vcpu: next.vcpu, next.report)
    }

    private func report(_ event: StopEvent) -> VCPUReport {
        switch event.reason {
        case .stepped: .stepped
        case .softwareBreakpoint, .hardwareBreakpoint: .breakpoint
        case .watchpoint(let kind, let address): .watchpoint(kind, address: address)
        case .caughtException: .caughtException
        default: .failed("\(event.reason)")
        }
    }
}

private final class StopAlways: StopFilter {
    var decidesByPrograms: Bool { false }
    static let only = StopAlways()

    func stopReason(atBreakpointOf vcpu: Int) -> StopEvent.Reason? { .softwareBreakpoint }
    func removeUnneededBreakpoints() {}
    func stopReason(afterStepOf vcpu: Int) -> StopEvent.Reason? { nil }
    func followsSteps(of vcpu: Int) -> Bool { false }
    func stepped(_ vcpu: Int) {}
    func endSteps(of vcpu: Int) {}
}
