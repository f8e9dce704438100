import AArch64
import Acceleration
import Execution
import GDBStub
import Machine
import VirtualMachine

/// The software CPU as an accelerator whose guest has SVE, as far as a debugger sees: registers that nothing computes
/// with.
final class ScalableAccelerator: AArch64Accelerator {
    private let inner: any AArch64Accelerator
    let vectorLengths: VectorLengths?
    private(set) var contents: [ScalableRegister: [UInt8]] = [:]
    private(set) var zcr: UInt64 = 0

    init(_ inner: any AArch64Accelerator, _ lengths: VectorLengths) {
        self.inner = inner
        vectorLengths = lengths
    }

    func readBytes(of register: ScalableRegister, vcpu: Int) throws(TargetError) -> [UInt8] {
        let count = register.byteCount(quadwords: vectorLengths?.maximum ?? 0)
        return contents[register] ?? Array(repeating: 0, count: count)
    }

    func writeBytes(of register: ScalableRegister, _ bytes: [UInt8], vcpu: Int) throws(TargetError) {
        contents[register] = bytes
    }

    func read(_ register: GuestRegister, vcpu: Int) throws(TargetError) -> UInt64 {
        register == .system(.zcr) ? zcr : try inner.read(register, vcpu: vcpu)
    }

    func write(_ register: GuestRegister, _ value: UInt64, vcpu: Int) throws(TargetError) {
        if register == .system(.zcr) { zcr = value } else { try inner.write(register, value, vcpu: vcpu) }
    }

    var name: String { inner.name }
    var vcpuCount: Int { inner.vcpuCount }
    var features: ArchitectureFeatures { inner.features.union(.sve) }
    var systemRegisters: [SystemRegister] {
        inner.systemRegisters + SystemRegisterTable.rows.filter { $0.encoding == .zcr }
    }
    var physicalAddressBits: Int { inner.physicalAddressBits }
    func run(_ plan: ResumePlan, reportedStops: [ReportedStops]) -> RunReport {
        inner.run(plan, reportedStops: reportedStops)
    }
    func setStopFilter(_ filter: any StopFilter) { inner.setStopFilter(filter) }
    func requestStop() { inner.requestStop() }
    func clearStopRequest() { inner.clearStopRequest() }
    func kick() { inner.kick() }
    func reset() { inner.reset() }
    func readVector(_ index: Int, vcpu: Int) throws(TargetError) -> VectorValue {
        throw .invalid("GDB has no numbers for these")
    }
    func writeVector(_ index: Int, _ value: VectorValue, vcpu: Int) throws(TargetError) {
        throw .invalid("GDB has no numbers for these")
    }
    func setGuestDebug(_ debug: GuestDebug) throws(TargetError) { try inner.setGuestDebug(debug) }
    func activity(vcpu: Int) -> VCPUActivity { inner.activity(vcpu: vcpu) }
    func earlierTTBR1(vcpu: Int) -> UInt64? { inner.earlierTTBR1(vcpu: vcpu) }
}
