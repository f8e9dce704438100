import GuestAddresses
import GuestMemory

/// The content of memory before the first instruction, and the address of that instruction.
package struct BootPlan {
    /// A range of memory with its content before the first instruction.
    package struct Piece {
        var name: BootPiece
        var address: PhysicalAddress
        var bytes: [UInt8]
        /// The size of the range, in bytes: the content, and the zeroes after it.
        var size: UInt64

        /// A piece at an address.
        ///
        /// - Parameter size: The size of the range, in bytes; nil for the number of bytes in the content.
        init(_ name: BootPiece, at address: PhysicalAddress, _ bytes: [UInt8], size: UInt64? = nil) {
            self.name = name
            self.address = address
            self.bytes = bytes
            self.size = size ?? UInt64(bytes.count)
        }

        /// The range of memory.
        ///
        /// Traps if it ends above the address space, which is impossible for a piece that lies in memory.
        var range: Range<PhysicalAddress> { address..<address + size }
    }

    var pieces: [Piece] = []
    var entry: PhysicalAddress
    /// The description of the machine for the guest: the device tree, or `boot_params` on a PC.
    var information: Piece
    /// The device tree; empty on a board that is described to the guest in another way.
    var deviceTree: [UInt8] = []
    var initrd: Piece?
    /// Whether the kernel is an ELF file, whose segments are at the addresses they were linked for.
    var isELF = false

    var state: BootState { BootState(pc: entry, information: information.address) }
    var allPieces: [Piece] { pieces + [information] + (initrd.map { [$0] } ?? []) }
}

extension ELFImage {
    /// Returns a piece for each segment.
    ///
    /// - Parameter bytes: The content of the file.
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
