import GuestAddresses
import GuestMemory
package import Machine

/// The guest-physical memory map: RAM, flash and devices, and the gaps between them.
package struct PhysicalMap {
    /// The content of a range of physical addresses.
    package enum Place: Equatable {
        /// RAM.
        case ram
        /// Flash, which counts as memory.
        case flash
        /// The registers of a device, by the device's name.
        case device(String)
        /// No memory and no device.
        case nothing

        var isMemory: Bool { self == .ram || self == .flash }

        /// The word for the place in tables.
        var text: String {
            switch self {
            case .ram: "RAM"
            case .flash: "flash"
            case .device(let name): name
            case .nothing: "nothing"
            }
        }
    }

    /// A range of addresses with the same content.
    package struct Piece: Equatable {
        var first: PhysicalAddress
        /// The last address, which is part of it.
        var last: PhysicalAddress
        var place: Place
    }

    /// The pieces, in the order of their addresses, from 0 to the last address, without overlap.
    package let pieces: [Piece]

    /// Reads the memory map of a machine.
    package init(_ machine: Machine) {
        let memory = machine.memory.regions.map {
            Piece(first: $0.base, last: $0.end - 1, place: $0.kind == .ram ? .ram : .flash)
        }
        // Flash is also on the bus, for its commands, but counts as memory here.
        let devices = machine.bus.mappings.filter { machine.memory.region(at: $0.base) == nil }.map {
            Piece(first: $0.base, last: $0.base + ($0.size - 1), place: .device($0.device.name))
        }
        var pieces: [Piece] = []
        var next: PhysicalAddress = 0
        for piece in (memory + devices).sorted(by: { $0.first < $1.first }) {
            if piece.first > next { pieces.append(Piece(first: next, last: piece.first - 1, place: .nothing)) }
            pieces.append(piece)
            guard piece.last < .max else { break }
            next = piece.last + 1
        }
        if pieces.last?.last != .max { pieces.append(Piece(first: next, last: .max, place: .nothing)) }
        self.pieces = pieces
    }

    /// Returns the piece that contains an address.
    func piece(at address: PhysicalAddress) -> Piece {
        var (low, high) = (0, pieces.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if pieces[middle].first <= address { low = middle } else { high = middle - 1 }
        }
        return pieces[low]
    }
}
