import AArch64
import Acceleration
import GDBStub
import GuestAddresses
import GuestMemory

extension AArch64AddressSpace: SpannedAddressSpace {
    static var unrestricted: PagePermissions { .unrestricted }

    func span(of address: VirtualAddress) -> AddressSpan<PagePermissions>? {
        guard let regime else { return nil }
        let span = regime.span(of: address) { descriptor(at: $0) }
        return AddressSpan(
            first: span.first, last: span.last,
            mapping: span.translation.map { ($0.physicalAddress, $0.permissions) })
    }
}

extension PagePermissions {
    /// The accesses that the debugger can make: those of EL0 and EL1 together.
    var forClient: MemoryArea.Rights {
        var rights: MemoryArea.Rights = []
        if !isDisjoint(with: [.el0Read, .el1Read]) { rights.insert(.read) }
        if !isDisjoint(with: [.el0Write, .el1Write]) { rights.insert(.write) }
        if !isDisjoint(with: [.el0Execute, .el1Execute]) { rights.insert(.execute) }
        return rights
    }
}
