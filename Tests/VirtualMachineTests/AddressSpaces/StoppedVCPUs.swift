import AArch64
import Acceleration
import Execution

/// vCPUs that never run: the registers of translation, and nothing else.
final class StoppedVCPUs: AArch64TranslationState {
    /// For each vCPU.
    var registers: [TranslationRegisters]
    /// The value of TTBR1_EL1 of vCPU 0 before its current table.
    var earlierTTBR1: UInt64?
    /// The vCPUs that are powered off.
    var off: Set<Int> = []

    init(_ registers: [TranslationRegisters]) {
        self.registers = registers
    }

    var vcpuCount: Int { registers.count }
    let features = ArchitectureFeatures.armv8_0
    let physicalAddressBits = 48

    func read(_ register: GuestRegister, vcpu: Int) throws(TargetError) -> UInt64 {
        switch register {
        case .system(.sctlr): registers[vcpu].sctlr.rawValue
        case .system(.tcr): registers[vcpu].tcr.rawValue
        case .system(.ttbr0): registers[vcpu].ttbr0
        case .system(.ttbr1): registers[vcpu].ttbr1
        case .system(.mair): registers[vcpu].mair
        case .system(.vbar): registers[vcpu].vbar
        default: throw .invalid("only translation registers can be read")
        }
    }

    func earlierTTBR1(vcpu: Int) -> UInt64? { vcpu == 0 ? earlierTTBR1 : nil }
    func activity(vcpu: Int) -> VCPUActivity { off.contains(vcpu) ? .off : .running }
}
