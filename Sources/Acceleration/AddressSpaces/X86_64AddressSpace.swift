package import Execution
package import GuestAddresses
package import GuestMemory
import Machine
import NumberText
package import X86_64

/// Guest memory by linear address, in the paging of one held vCPU.
package struct X86_64AddressSpace: AddressSpace {
    /// The guest's physical memory.
    package let memory: GuestMemory
    /// The vCPU's paging; nil if addresses are physical.
    private let paging: X86Paging?
    private let findsKernel: Bool

    /// Guest memory by linear address.
    ///
    /// - Parameters:
    ///   - paging: the paging to use; nil for physical addresses.
    ///   - findsKernel: whether kernel addresses are translated even if the current tables do not map the kernel.
    package init(_ memory: GuestMemory, paging: X86Paging?, findsKernel: Bool = false) {
        self.memory = memory
        self.paging = paging
        self.findsKernel = findsKernel
    }

    package var isPhysical: Bool { paging == nil }

    package func translate(
        _ address: VirtualAddress
    ) throws(TargetError) -> (physical: PhysicalAddress, count: UInt64) {
        guard let paging else { return translatePhysical(address) }
        do throws(TranslationFault) {
            let translation = try paging.paging.walk(address) { descriptor(at: $0) }
            return (translation.physicalAddress, translation.bytesToEnd)
        } catch {
            if let found = inKernelTables(address, error) {
                return (found.translation.physicalAddress, found.translation.bytesToEnd)
            }
            throw .fault("virtual address \(hexadecimal(address)): \(error.text)")
        }
    }

    private func inKernelTables(
        _ address: VirtualAddress, _ fault: TranslationFault
    ) -> (paging: Paging, translation: Translation)? {
        guard findsKernel, fault.kind == .notPresent, let paging else { return nil }
        return KernelTableSearch.find(address, in: paging.paging, lstar: paging.lstar) { descriptor(at: $0) }
    }

    /// The table walk of an address, entry by entry, followed by the walk in the kernel's tables if those apply.
    package func traceText(_ address: VirtualAddress) -> String {
        guard let paging else { return "" }
        let text = paging.paging.traceText(address) { descriptor(at: $0) }
        do throws(TranslationFault) {
            _ = try paging.paging.walk(address) { descriptor(at: $0) }
            return text
        } catch {
            guard let found = inKernelTables(address, error) else { return text }
            return text + "by the kernel's tables, CR3 \(hexadecimal(found.paging.registers.cr3))\n"
                + found.paging.traceText(address) { descriptor(at: $0) }
        }
    }

    /// Returns the paging to use for an address: the kernel's tables for the upper half.
    ///
    /// The kernel's tables map the lower half too, but without all its rights.
    package func paging(of address: VirtualAddress) -> Paging? {
        guard let paging else { return nil }
        guard findsKernel, address.rawValue >> 63 != 0 else { return paging.paging }
        return KernelTableSearch.kernelPaging(of: paging.paging, lstar: paging.lstar, read: { descriptor(at: $0) })
            ?? paging.paging
    }
}
