import Acceleration
import GDBStub
import GuestAddresses
import GuestMemory
import X86_64

extension X86_64AddressSpace: SpannedAddressSpace {
    static var unrestricted: Translation.Permissions { [.user, .write, .execute] }

    func span(of address: VirtualAddress) -> AddressSpan<Translation.Permissions>? {
        guard let tables = paging(of: address) else { return nil }
        let span = tables.span(of: address) { descriptor(at: $0) }
        return AddressSpan(
            first: span.first, last: span.last,
            mapping: span.translation.map { ($0.physicalAddress, $0.permissions) })
    }
}

extension Translation.Permissions {
    /// The accesses that the debugger can make: it can read everything that is mapped.
    var forClient: MemoryArea.Rights {
        var rights: MemoryArea.Rights = .read
        if contains(.write) { rights.insert(.write) }
        if contains(.execute) { rights.insert(.execute) }
        return rights
    }
}
