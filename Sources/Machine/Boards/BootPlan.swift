import GuestAddresses
import GuestMemory

/// The content of memory before the first instruction, and the address of that instruction.
package struct BootPlan {
    package struct Piece {
        var name: BootPiece
        var address: PhysicalAddress
        var bytes: [UInt8]
        /// Memory it needs from its address on, its bytes and the zeroes after them.
        var size: UInt64

        /// - Parameter size: nil for the number of bytes.
        init(_ name: BootPiece, at address: PhysicalAddress, _ bytes: [UInt8], size: UInt64? = nil) {
            self.name = name
            self.address = address
            self.bytes = bytes
            self.size = size ?? UInt64(bytes.count)
        }

        /// The memory it needs; traps if that ends above the address space, which nothing in memory does.
        var range: Range<PhysicalAddress> { address..<address + size }
    }

    var pieces: [Piece] = []
    var entry: PhysicalAddress
    /// The description of the machine for the guest: the device tree, or on a PC `boot_params`.
    var information: Piece
    /// The device tree; empty where the guest is described by something else.
    var deviceTree: [UInt8] = []
    var initrd: Piece?
    /// An ELF's segments are where it was linked for.
    var isELF = false

    var state: BootState { BootState(pc: entry, information: information.address) }
    var allPieces: [Piece] { pieces + [information] + (initrd.map { [$0] } ?? []) }
}

extension ELFImage {
    /// A piece for each segment.
    ///
    /// - Parameter bytes: the file's.
    func pieces(of bytes: [UInt8], path: String) -> [BootPlan.Piece] {
        segments.map {
            BootPlan.Piece(
                .segment(path: path, address: $0.address), at: $0.address, Array(bytes[$0.file]), size: $0.memorySize)
        }
    }
}

extension GuestMemory {
    /// Whether all of a piece lies in memory.
    func holds(_ piece: BootPlan.Piece) -> Bool {
        guard let count = Int(exactly: piece.size) else { return false }
        return available(at: piece.address, count: count) == count
    }
}
