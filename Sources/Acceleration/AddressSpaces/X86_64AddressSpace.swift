package import Execution
package import GuestAddresses
package import GuestMemory
import Machine
import NumberText
package import X86_64

/// Guest memory by linear address, in the paging of one held vCPU.
package struct X86_64AddressSpace: AddressSpace {
    package let memory: GuestMemory
    /// Nil: addresses are physical.
    private let paging: X86Paging?
    private let findsKernel: Bool

    /// - Parameters:
    ///   - paging: nil for physical addresses.
    ///   - findsKernel: whether kernel addresses also mean something where the guest runs with the kernel unmapped.
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

    /// The walk of an address, entry by entry, and the one in the kernel's tables where that is what counts.
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

    /// The paging that counts for an address: the kernel's tables have the programs' half too, but not with all its rights.
    package func paging(of address: VirtualAddress) -> Paging? {
        guard let paging else { return nil }
        guard findsKernel, address.rawValue >> 63 != 0 else { return paging.paging }
        return KernelTableSearch.kernelPaging(of: paging.paging, lstar: paging.lstar, read: { descriptor(at: $0) })
            ?? paging.paging
    }
}
