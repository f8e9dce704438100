package import AArch64
package import Execution

extension TranslationRegisters {
    /// What a vCPU's registers say, which `read` gives.
    package init<Failure: Error>(
        features: ArchitectureFeatures, physicalAddressBits: Int,
        read: (SystemRegisterEncoding) throws(Failure) -> UInt64
    ) throws(Failure) {
        self.init(
            sctlr: SCTLR(rawValue: try read(.sctlr)), tcr: TCR(rawValue: try read(.tcr)), ttbr0: try read(.ttbr0),
            ttbr1: try read(.ttbr1), mair: try read(.mair), vbar: try read(.vbar), features: features,
            physicalAddressBits: physicalAddressBits)
    }

    /// What a held vCPU's registers say.
    package init(_ accelerator: any AArch64Accelerator, vcpu: Int) throws(TargetError) {
        try self.init(
            features: accelerator.features, physicalAddressBits: accelerator.physicalAddressBits
        ) { (encoding) throws(TargetError) in try accelerator.read(.system(encoding), vcpu: vcpu) }
    }
}

/// The search for the kernel's table on the vCPUs of a machine.
struct KernelTables {
    private let accelerator: any AArch64Accelerator
    private let search: KernelTableSearch
    private let vcpu: Int

    package init(_ accelerator: any AArch64Accelerator, _ registers: TranslationRegisters, vcpu: Int) {
        self.accelerator = accelerator
        self.vcpu = vcpu
        search = KernelTableSearch(registers)
    }

    func find(_ address: UInt64, read: (UInt64) -> UInt64?) -> KernelTableSearch.Found? {
        search.find(address, candidates: candidates, read: read)
    }

    /// The vCPU's own table before this one, then what the others have now; one that is off has nothing that counts.
    private var candidates: [KernelTableSearch.Candidate] {
        var candidates: [KernelTableSearch.Candidate] = []
        if let own = accelerator.earlierTTBR1(vcpu: vcpu) {
            candidates.append(KernelTableSearch.Candidate(ttbr1: own, origin: .lastSeen))
        }
        for other in 0..<accelerator.vcpuCount where other != vcpu && accelerator.activity(vcpu: other) != .off {
            guard let ttbr1 = try? accelerator.read(.system(.ttbr1), vcpu: other) else { continue }
            candidates.append(KernelTableSearch.Candidate(ttbr1: ttbr1, origin: .vcpu(other)))
        }
        return candidates
    }
}
