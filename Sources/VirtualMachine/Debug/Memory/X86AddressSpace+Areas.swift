import GDBStub
import X86_64

extension X86AddressSpace {
    /// Spans looked at for one area that a client asks for.
    private static let mostSpans = 1 << 14

    /// The area from the address's own span on, up to where something else begins, or somewhat before that: hostile
    /// tables can have an endless row of small pages, or of holes.
    func area(at address: UInt64, _ map: PhysicalMap) -> MemoryArea {
        var spans = Self.mostSpans
        return area(at: address, map, spans: &spans)
    }

    /// The area, as far as that many spans reach.
    func area(at address: UInt64, _ map: PhysicalMap, spans: inout Int) -> MemoryArea {
        var area = part(at: address, map)
        spans -= 1
        while area.last < .max, spans > 0 {
            spans -= 1
            let next = part(at: area.last + 1, map)
            guard next.rights == area.rights, next.name == area.name else { break }
            area.last = next.last
        }
        return area
    }

    /// The part of one span that lies in one piece of the physical map.
    private func part(at address: UInt64, _ map: PhysicalMap) -> MemoryArea {
        guard let span = span(of: address) else {
            let piece = map.piece(at: address)
            return MemoryArea(
                first: piece.first, last: piece.last, rights: piece.place.rights(.unrestricted),
                name: piece.place.name)
        }
        guard let translation = span.translation else {
            return MemoryArea(first: span.first, last: span.last, rights: nil)
        }
        let physical = translation.physicalAddress + (address - span.first)
        let piece = map.piece(at: physical)
        let below = min(address - span.first, physical - piece.first)
        let above = min(span.last - address, piece.last - physical)
        return MemoryArea(
            first: address - below, last: address + above, rights: piece.place.rights(translation.permissions),
            name: piece.place.name)
    }
}

extension Translation.Permissions {
    fileprivate static let unrestricted: Self = [.user, .write, .execute]
}

extension PhysicalMap.Place {
    /// Nil where there is nothing, as in a hole.
    fileprivate var name: String? { self == .nothing ? nil : text }

    /// What the debugger can do there; devices it leaves alone.
    fileprivate func rights(_ permissions: Translation.Permissions) -> MemoryArea.Rights? {
        switch self {
        case .nothing: return nil
        case .device: return []
        case .ram, .flash:
            var rights: MemoryArea.Rights = .read
            if permissions.contains(.write) { rights.insert(.write) }
            if permissions.contains(.execute) { rights.insert(.execute) }
            return rights
        }
    }
}
