package import AArch64
package import Execution
package import GuestAddresses
package import GuestMemory
import Machine
import NumberText

/// Guest memory by virtual address, in the translation regime of one held vCPU.
package struct AArch64AddressSpace: AddressSpace {
    /// The guest's physical memory.
    package let memory: GuestMemory
    /// The translation regime; nil if addresses are physical.
    package let regime: TranslationRegime?
    /// The search for the kernel's table, used if the current table maps only a trampoline to the kernel; nil disables
    /// it.
    let kernelTables: AArch64KernelTables?

    /// Guest memory by physical address.
    package init(physical memory: GuestMemory) {
        self.memory = memory
        regime = nil
        kernelTables = nil
    }

    /// Guest memory through a translation regime that is not necessarily a vCPU's.
    package init(memory: GuestMemory, regime: TranslationRegime) {
        self.memory = memory
        self.regime = regime
        kernelTables = nil
    }

    /// Guest memory in the current translation regime of a held vCPU.
    ///
    /// - Parameter findsKernel: whether kernel addresses are translated even if the current table does not map the
    ///   kernel. Useful for a debugger; wrong for accesses by the guest.
    package init(
        _ state: any AArch64TranslationState, memory: GuestMemory, vcpu: Int, findsKernel: Bool = false
    ) throws(TargetError) {
        self.memory = memory
        let registers = try TranslationRegisters(state, vcpu: vcpu)
        regime = registers.regime
        kernelTables = findsKernel ? AArch64KernelTables(state, registers, vcpu: vcpu) : nil
    }

    package var isPhysical: Bool { regime == nil }

    package func translate(
        _ address: VirtualAddress
    ) throws(TargetError) -> (physical: PhysicalAddress, count: UInt64) {
        guard let regime else { return translatePhysical(address) }
        do throws(TranslationFault) {
            let translation = try regime.walk(address) { descriptor(at: $0) }
            return (translation.physicalAddress, translation.bytesToEnd)
        } catch {
            if let found = inAArch64KernelTables(address, error) {
                return (found.translation.physicalAddress, found.translation.bytesToEnd)
            }
            throw .fault("virtual address \(hexadecimal(address)): \(error.text)")
        }
    }

    /// Returns the translation by the kernel's own table of an address that the current table does not map.
    private func inAArch64KernelTables(_ address: VirtualAddress, _ fault: TranslationFault) -> KernelTableSearch.Found?
    {
        guard fault.kind == .translation else { return nil }
        return kernelTables?.find(address) { descriptor(at: $0) }
    }

    /// The table walk of an address, level by level, followed by the walk in the kernel's table if that one applies.
    package func traceText(_ address: VirtualAddress) -> String {
        guard let regime else { return "" }
        let trace = regime.trace(address) { descriptor(at: $0) }
        guard case .failure(let fault) = trace.result, let found = inAArch64KernelTables(address, fault) else {
            return trace.text
        }
        return trace.text + "by \(found.candidate.text)\n"
            + found.regime.trace(address) { descriptor(at: $0) }.text
    }
}
