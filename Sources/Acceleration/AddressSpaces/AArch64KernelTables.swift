package import AArch64
package import Execution
import GuestAddresses

extension TranslationRegisters {
    /// Makes the state from a vCPU's registers, which `read` returns.
    package init<Failure: Error>(
        features: ArchitectureFeatures, physicalAddressBits: Int,
        read: (SystemRegisterEncoding) throws(Failure) -> UInt64
    ) throws(Failure) {
        self.init(
            sctlr: SCTLR(rawValue: try read(.sctlr)), tcr: TCR(rawValue: try read(.tcr)), ttbr0: try read(.ttbr0),
            ttbr1: try read(.ttbr1), mair: try read(.mair), vbar: try read(.vbar), features: features,
            physicalAddressBits: physicalAddressBits)
    }

    /// Makes the state from the registers of a held vCPU.
    package init(_ state: any AArch64TranslationState, vcpu: Int) throws(TargetError) {
        try self.init(
            features: state.features, physicalAddressBits: state.physicalAddressBits
        ) { (encoding) throws(TargetError) in try state.read(.system(encoding), vcpu: vcpu) }
    }
}

/// The search for the kernel's table on the vCPUs of a machine.
struct AArch64KernelTables {
    private let state: any AArch64TranslationState
    private let search: KernelTableSearch
    private let vcpu: Int

    package init(_ state: any AArch64TranslationState, _ registers: TranslationRegisters, vcpu: Int) {
        self.state = state
        self.vcpu = vcpu
        search = KernelTableSearch(registers)
    }

    func find(_ address: VirtualAddress, read: (PhysicalAddress) -> UInt64?) -> KernelTableSearch.Found? {
        search.find(address, candidates: candidates, read: read)
    }

    /// The vCPU's own table before this one, then what the others have now; one that is off has nothing that counts.
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
