package import AArch64
package import Execution
import GuestAddresses

extension TranslationRegisters {
    /// The translation registers of a vCPU; `read` returns the value of each.
    package init<Failure: Error>(
        features: ArchitectureFeatures, physicalAddressBits: Int,
        read: (SystemRegisterEncoding) throws(Failure) -> UInt64
    ) throws(Failure) {
        self.init(
            sctlr: SCTLR(rawValue: try read(.sctlr)), tcr: TCR(rawValue: try read(.tcr)), ttbr0: try read(.ttbr0),
            ttbr1: try read(.ttbr1), mair: try read(.mair), vbar: try read(.vbar), features: features,
            physicalAddressBits: physicalAddressBits)
    }

    /// The translation registers of a held vCPU.
    package init(_ state: any AArch64TranslationState, vcpu: Int) throws(TargetError) {
        try self.init(
            features: state.features, physicalAddressBits: state.physicalAddressBits
        ) { (encoding) throws(TargetError) in try state.read(.system(encoding), vcpu: vcpu) }
    }
}

/// The search for the kernel's translation table among the vCPUs of a machine.
struct AArch64KernelTables {
    private let state: any AArch64TranslationState
    private let search: KernelTableSearch
    private let vcpu: Int

    /// A search on behalf of one vCPU, whose translation registers are given.
    package init(_ state: any AArch64TranslationState, _ registers: TranslationRegisters, vcpu: Int) {
        self.state = state
        self.vcpu = vcpu
        search = KernelTableSearch(registers)
    }

    func find(_ address: VirtualAddress, read: (PhysicalAddress) -> UInt64?) -> KernelTableSearch.Found? {
        search.find(address, candidates: candidates, read: read)
    }

    /// The candidate tables: the vCPU's own previous table, then the current ones of the others, except powered-off
    /// vCPUs.
    private var candidates: [KernelTableSearch.Candidate] {
        var candidates: [KernelTableSearch.Candidate] = []
        if let own = state.earlierTTBR1(vcpu: vcpu) {
            candidates.append(KernelTableSearch.Candidate(ttbr1: own, origin: .lastSeen))
        }
        for other in 0..<state.vcpuCount where other != vcpu && state.activity(vcpu: other) != .off {
            guard let ttbr1 = try? state.read(.system(.ttbr1), vcpu: other) else { continue }
            candidates.append(KernelTableSearch.Candidate(ttbr1: ttbr1, origin: .vcpu(other)))
        }
        return candidates
    }
}
