public import GuestAddresses

/// Finds the kernel's page tables for a debugger whose vCPU runs with the kernel unmapped.
///
/// Kernel page-table isolation (Linux: KPTI, Documentation/arch/x86/pti.rst) gives CPL 3 tables with a few pages of
/// entry code and nothing else of the kernel. Linux has the two top tables in one pair of pages: CR3[12] selects CPL
/// 3's, and CR3[11], in the PCID, follows it. The kernel's table is certain if all of this holds:
///
/// - The vCPU is in long mode and CR3[12] is set; with CR4.PCIDE and a PCID that is not 0, CR3[11] too.
/// - Both tables map the entry point of SYSCALL, IA32_LSTAR, to the same physical address, executable and not to CPL 3.
///   The entry code changes CR3 and continues at the next instruction, so the new table must map it as well.
/// - The kernel's table, walked now, translates the address.
public enum KernelTableSearch {
    /// The translation by the kernel's own tables of an address that the current ones don't map.
    public static func find(
        _ address: VirtualAddress, in paging: Paging, lstar: UInt64, read: (PhysicalAddress) -> UInt64?
    ) -> (paging: Paging, translation: Translation)? {
        guard let kernel = kernelPaging(of: paging, lstar: lstar, read: read),
            let translation = try? kernel.walk(address, read: read)
        else { return nil }
        return (kernel, translation)
    }

    /// The kernel's own paging where that is another one, and known.
    public static func kernelPaging(
        of paging: Paging, lstar: UInt64, read: (PhysicalAddress) -> UInt64?
    ) -> Paging? {
        guard paging.mode == .fourLevel || paging.mode == .fiveLevel else { return nil }
        var registers = paging.registers
        guard registers.cr3[bit: 12], lstar[bit: 63] else { return nil }
        if registers.cr4[bit: 17] && registers.cr3 & 0xfff != 0 {
            guard registers.cr3[bit: 11] else { return nil }
            registers.cr3[bit: 11] = false
        }
        registers.cr3[bit: 12] = false
        let kernel = Paging(registers)
        let start = VirtualAddress(lstar)
        guard let current = try? paging.walk(start, read: read), let entry = try? kernel.walk(start, read: read),
            current.physicalAddress == entry.physicalAddress,
            entry.permissions.contains(.execute), !entry.permissions.contains(.user)
        else { return nil }
        return kernel
    }
}
