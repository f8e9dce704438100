import AArch64
import Acceleration
import Execution
import GDBStub
import Machine
import VirtualMachine

/// The software CPU as an accelerator that reports every breakpoint and leaves it to its caller to decide.
final class ReportingAccelerator: AArch64Accelerator {
    private let inner: any AArch64Accelerator

    init(_ inner: any AArch64Accelerator) {
        self.inner = inner
        _ = inner.setStopFilter(StopAlways.only)
    }

    var name: String { inner.name }
    var vcpuCount: Int { inner.vcpuCount }
    var features: ArchitectureFeatures { inner.features }
    var systemRegisters: [SystemRegister] { inner.systemRegisters }
    var physicalAddressBits: Int { inner.physicalAddressBits }
    func run(_ plan: ResumePlan, passing: [ReportedStops]) -> RunOutcome { inner.run(plan, passing: passing) }
    func requestStop() { inner.requestStop() }
    func clearStopRequest() { inner.clearStopRequest() }
    func kick() { inner.kick() }
    func reset(_ boot: BootState) { inner.reset(boot) }
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
    func setGuestDebug(_ debug: GuestDebug) throws(TargetError) { try inner.setGuestDebug(debug) }
    func activity(vcpu: Int) -> VCPUActivity { inner.activity(vcpu: vcpu) }
    func earlierTTBR1(vcpu: Int) -> UInt64? { inner.earlierTTBR1(vcpu: vcpu) }
}

private final class StopAlways: StopFilter {
    var decidesByPrograms: Bool { false }
    static let only = StopAlways()

    func stopReason(atBreakpointOf vcpu: Int) -> StopEvent.Reason? { .softwareBreakpoint }
    func settle() {}
    func stopReason(afterStepOf vcpu: Int) -> StopEvent.Reason? { nil }
    func followsSteps(of vcpu: Int) -> Bool { false }
    func stepped(_ vcpu: Int) {}
    func endSteps(of vcpu: Int) {}
}
