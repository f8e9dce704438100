import AArch64
import GDBStub
import Machine

/// A range of a guest address space that is all alike: the same rights and the same kind of thing.
struct GuestArea: Equatable {
    var first: UInt64
    /// The last address, which is part of it.
    var last: UInt64
    /// What the tables allow; nil for a hole.
    var permissions: PagePermissions?
    /// What is there.
    var place: PhysicalMap.Place

    /// Whether another area goes on where this one ends, as the same thing.
    func continues(in next: GuestArea) -> Bool {
        next.permissions == permissions && next.place == place
    }

    /// What the debugger can do there, whose rights are those of EL0 and EL1 together; devices it leaves alone.
    var forClient: MemoryArea {
        guard let permissions else { return MemoryArea(first: first, last: last, rights: nil) }
        guard place == .ram || place == .flash else {
            return MemoryArea(first: first, last: last, rights: place == .nothing ? nil : [], name: place.text)
        }
        var rights: MemoryArea.Rights = []
        if !permissions.isDisjoint(with: [.el0Read, .el1Read]) { rights.insert(.read) }
        if !permissions.isDisjoint(with: [.el0Write, .el1Write]) { rights.insert(.write) }
        if !permissions.isDisjoint(with: [.el0Execute, .el1Execute]) { rights.insert(.execute) }
        return MemoryArea(first: first, last: last, rights: rights, name: place.text)
    }
}

extension GuestAddressSpace {
    /// Spans looked at for one area that a client asks for.
    private static let mostSpans = 1 << 14

    /// The area from the address's own span on, up to where something else begins, or somewhat before that.
    func area(at address: UInt64, _ map: PhysicalMap) -> GuestArea {
        var spans = Self.mostSpans
        return area(at: address, map, spans: &spans)
    }

    /// The area, as far as that many spans reach: hostile tables can have an endless row of small pages, or of holes.
    func area(at address: UInt64, _ map: PhysicalMap, spans: inout Int) -> GuestArea {
        var area = part(at: address, map)
        spans -= 1
        while area.last < .max, spans > 0 {
            spans -= 1
            let next = part(at: area.last + 1, map)
            guard area.continues(in: next) else { break }
            area.last = next.last
        }
        return area
    }

    /// The part of one span that lies in one piece of the physical map.
    private func part(at address: UInt64, _ map: PhysicalMap) -> GuestArea {
        guard let regime else {
            let piece = map.piece(at: address)
            return GuestArea(
                first: piece.first, last: piece.last, permissions: piece.place == .nothing ? nil : .unrestricted,
                place: piece.place)
        }
        let span = regime.span(of: address) { descriptor(at: $0) }
        guard let translation = span.translation else {
            return GuestArea(first: span.first, last: span.last, permissions: nil, place: .nothing)
        }
        let physical = translation.physicalAddress + (address - span.first)
        let piece = map.piece(at: physical)
        let below = min(address - span.first, physical - piece.first)
        let above = min(span.last - address, piece.last - physical)
        return GuestArea(
            first: address - below, last: address + above,
            permissions: piece.place == .nothing ? nil : translation.permissions, place: piece.place)
    }
}
