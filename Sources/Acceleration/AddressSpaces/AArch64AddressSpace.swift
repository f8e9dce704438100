package import AArch64
package import Execution
package import GuestAddresses
package import GuestMemory
import Machine
import NumberText

/// Guest memory by virtual address, in the translation regime of one held vCPU.
package struct AArch64AddressSpace: AddressSpace {
    package let memory: GuestMemory
    /// Nil: addresses are physical.
    package let regime: TranslationRegime?
    /// Where kernel addresses are looked for when the regime has only a trampoline to the kernel; nil: nowhere.
    let kernelTables: AArch64KernelTables?

    package init(physical memory: GuestMemory) {
        self.memory = memory
        regime = nil
        kernelTables = nil
    }

    /// Memory through a regime of any origin.
    package init(memory: GuestMemory, regime: TranslationRegime) {
        self.memory = memory
        self.regime = regime
        kernelTables = nil
    }

    /// - Parameter findsKernel: whether kernel addresses also mean something where the guest runs with the kernel
    ///   unmapped: for a debugger, not for what the guest itself asks for.
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

    /// The translation by the kernel's own table of an address that the current table does not map.
    private func inAArch64KernelTables(_ address: VirtualAddress, _ fault: TranslationFault) -> KernelTableSearch.Found?
    {
        guard fault.kind == .translation else { return nil }
        return kernelTables?.find(address) { descriptor(at: $0) }
    }

    /// The walk of an address, level by level, and the one in the kernel's table where that is what counts.
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
