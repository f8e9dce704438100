import GuestAddresses
import GuestMemory
package import Machine

/// The content of each guest-physical address: RAM, flash, a device, or nothing; gaps included.
package struct PhysicalMap {
    package enum Place: Equatable {
        case ram
        case flash
        case device(String)
        case nothing

        var isMemory: Bool { self == .ram || self == .flash }

        /// The text of the place in tables.
        var text: String {
            switch self {
            case .ram: "RAM"
            case .flash: "flash"
            case .device(let name): name
            case .nothing: "nothing"
            }
        }
    }

    package struct Piece: Equatable {
        var first: PhysicalAddress
        /// The last address, which is part of it.
        var last: PhysicalAddress
        var place: Place
    }

    /// In the order of addresses, from 0 to the last one, without overlap.
    package let pieces: [Piece]

    package init(_ machine: Machine) {
        let memory = machine.memory.regions.map {
            Piece(first: $0.base, last: $0.end - 1, place: $0.kind == .ram ? .ram : .flash)
        }
        // A flash chip is on the bus as well, for its commands, but counts as memory here.
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

    /// The piece an address lies in.
    func piece(at address: PhysicalAddress) -> Piece {
        var (low, high) = (0, pieces.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if pieces[middle].first <= address { low = middle } else { high = middle - 1 }
        }
        return pieces[low]
    }
}
