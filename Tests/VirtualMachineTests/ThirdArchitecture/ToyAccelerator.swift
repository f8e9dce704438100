import Execution
import GuestAddresses
import GuestMemory
import Machine
import Synchronization

/// A processor of four instructions, which an accelerator of its own executes.
final class ToyAccelerator: Accelerator {
    /// An instruction: the operation in the top byte of a little-endian word, and a number in the others.
    enum Operation: UInt32 {
        /// Adds the number to r0.
        case add = 0
        /// Stores r0, 8 bytes, at the number from the start of RAM.
        case store = 1
        /// Continues at the number from the start of RAM.
        case branch = 2
        /// Turns the machine off.
        case off = 3

        func callAsFunction(_ number: UInt32 = 0) -> UInt32 { rawValue << 24 | number }
    }

    let name = "toy"
    let vcpuCount: Int
    /// By vCPU: r0 and the PC.
    var registers: [(r0: UInt64, pc: UInt64)] = []
    private let machine: Machine
    private var debug = GuestDebug()
    private var filter: (any StopFilter)?
    private let stopRequest = Atomic<Bool>(false)

    init(_ machine: Machine) {
        self.machine = machine
        vcpuCount = machine.vcpuCount
        reset()
    }

    func reset() { registers = Array(repeating: (0, machine.bootState.pc.rawValue), count: vcpuCount) }
    func setStopFilter(_ filter: any StopFilter) { self.filter = filter }
    func requestStop() { stopRequest.store(true, ordering: .releasing) }
    func clearStopRequest() { stopRequest.store(false, ordering: .releasing) }
    func kick() {}
    func programCounter(vcpu: Int) throws(TargetError) -> UInt64 { registers[vcpu].pc }
    func setGuestDebug(_ debug: GuestDebug) throws(TargetError) { self.debug = debug }
    func activity(vcpu: Int) -> VCPUActivity { .running }

    func run(_ plan: ResumePlan, reportedStops: [ReportedStops]) -> RunReport {
        defer { clearStopRequest() }
        var reportedStops = reportedStops
        let movers = plan.actions.indices.filter { plan.actions[$0] != .hold }
        var report = RunReport(.requested)
        report.unmoved = Set(movers)
        while !stopRequest.load(ordering: .acquiring) {
            for vcpu in movers {
                if let outcome = stop(vcpu, reportedStops[vcpu], steps: plan.actions[vcpu] == .step)
                    ?? execute(vcpu, &report)
                {
                    report.outcome = outcome
                    return report
                }
                reportedStops[vcpu] = []
            }
            if let stepper = plan.actions.firstIndex(of: .step) {
                report.outcome = .stopped(StopEvent(.stepped, vcpu: stepper))
                return report
            }
        }
        return report
    }

    /// The stop before a vCPU's next instruction.
    private func stop(_ vcpu: Int, _ passed: ReportedStops, steps: Bool) -> RunOutcome? {
        let pc = registers[vcpu].pc
        if !steps, !passed.contains(.breakpoint), debug.softwareBreakpoints.contains(pc) {
            guard let filter else { return .stopped(StopEvent(.softwareBreakpoint, vcpu: vcpu)) }
            if let reason = filter.stopReason(atBreakpointOf: vcpu) { return .stopped(StopEvent(reason, vcpu: vcpu)) }
        }
        guard !passed.contains(.watchpoint), case (.store, let number)? = instruction(at: pc) else { return nil }
        let address = (ToyBoard.ramBase + UInt64(number)).rawValue
        guard let point = debug.watchpoints.first(where: { address &- $0.address < $0.length }) else { return nil }
        return .stopped(StopEvent(.watchpoint(point.kind, address: address), vcpu: vcpu))
    }

    private func execute(_ vcpu: Int, _ report: inout RunReport) -> RunOutcome? {
        guard let (operation, number) = instruction(at: registers[vcpu].pc) else {
            return .failed("no instruction of this processor is at its PC")
        }
        report.unmoved.remove(vcpu)
        registers[vcpu].pc += 4
        switch operation {
        case .add: registers[vcpu].r0 += UInt64(number)
        case .store:
            _ = machine.memory.store(registers[vcpu].r0, at: ToyBoard.ramBase + UInt64(number), by: .host)
        case .branch: registers[vcpu].pc = (ToyBoard.ramBase + UInt64(number)).rawValue
        case .off: return .poweredOff(status: 0)
        }
        return nil
    }

    private func instruction(at pc: UInt64) -> (Operation, UInt32)? {
        guard let word: UInt32 = machine.memory.load(PhysicalAddress(pc)),
            let operation = Operation(rawValue: word >> 24)
        else { return nil }
        return (operation, word & 0xff_ffff)
    }
}
