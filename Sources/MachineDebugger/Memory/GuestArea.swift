package import Acceleration
import GDBStub
package import GuestAddresses
import GuestMemory
import Machine

/// A range of a guest address space with the same permissions and the same memory or device.
struct GuestArea<Permissions: Equatable>: Equatable {
    var first: VirtualAddress
    /// The last address, which is part of it.
    var last: VirtualAddress
    /// The permissions that the tables give; nil for a hole.
    var permissions: Permissions?
    /// The memory or device of the area.
    var place: PhysicalMap.Place

    /// Whether the next area continues this one: adjacent addresses, equal permissions and the same memory or device.
    func continues(in next: GuestArea) -> Bool {
        next.permissions == permissions && next.place == place
    }

    /// Returns the area for a client, with the accesses that the debugger can make: none to devices.
    func forClient(_ rights: (Permissions) -> MemoryArea.Rights) -> MemoryArea {
        guard let permissions else { return MemoryArea(first: first.rawValue, last: last.rawValue, rights: nil) }
        guard place.isMemory else {
            return MemoryArea(
                first: first.rawValue, last: last.rawValue, rights: place == .nothing ? nil : [], name: place.text)
        }
        return MemoryArea(first: first.rawValue, last: last.rawValue, rights: rights(permissions), name: place.text)
    }
}

/// A range of addresses that one entry of the tables maps, or leaves unmapped.
package struct AddressSpan<Permissions: Equatable> {
    var first: VirtualAddress
    /// The last address, which is part of it.
    var last: VirtualAddress
    /// The physical address of `first`, and the permissions; nil for a hole.
    var mapping: (physical: PhysicalAddress, permissions: Permissions)?
}

/// An address space whose tables can be listed span by span, holes included.
package protocol SpannedAddressSpace: AddressSpace {
    /// The permissions of a page.
    associatedtype Permissions: Equatable

    /// The permissions of addresses that are physical.
    static var unrestricted: Permissions { get }

    /// Returns the span that contains an address; nil where addresses are physical.
    func span(of address: VirtualAddress) -> AddressSpan<Permissions>?
}

/// Upper bound on the spans that are read for one area.
private let maximumSpansOfArea = 1 << 10

extension SpannedAddressSpace {
    /// Returns the area that contains an address, beginning at the address's own span.
    ///
    /// The area may end before the next one begins, because tables can have very many small pages or holes. A client
    /// that needs more asks again.
    func area(at address: VirtualAddress, _ map: PhysicalMap) -> GuestArea<Permissions> {
        var spans = maximumSpansOfArea - 1
        var area = part(at: address, map)
        while area.last < .max, spans > 0 {
            spans -= 1
            let next = part(at: area.last + 1, map)
            guard area.continues(in: next) else { break }
            area.last = next.last
        }
        return area
    }

    /// Returns the part of the address's span that lies in one piece of the physical map.
    func part(at address: VirtualAddress, _ map: PhysicalMap) -> GuestArea<Permissions> {
        guard let span = span(of: address) else {
            let piece = map.piece(at: PhysicalAddress(address.rawValue))
            return GuestArea(
                first: VirtualAddress(piece.first.rawValue), last: VirtualAddress(piece.last.rawValue),
                permissions: piece.place == .nothing ? nil : Self.unrestricted, place: piece.place)
        }
        guard let mapping = span.mapping else {
            return GuestArea(first: span.first, last: span.last, permissions: nil, place: .nothing)
        }
        let physical = mapping.physical + (address - span.first)
        let piece = map.piece(at: physical)
        let below = min(address - span.first, physical - piece.first)
        let above = min(span.last - address, piece.last - physical)
        return GuestArea(
            first: address - below, last: address + above,
            permissions: piece.place == .nothing ? nil : mapping.permissions, place: piece.place)
    }
}
