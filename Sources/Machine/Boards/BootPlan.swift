/// The content of memory before the first instruction, and the address of that instruction.
package struct BootPlan {
    package struct Piece {
        var name: BootPiece
        var address: UInt64
        var bytes: [UInt8]
        /// Memory it needs from its address on, its bytes and the zeroes after them.
        var size: UInt64
    }

    var pieces: [Piece] = []
    var entry: UInt64
    /// What describes the machine to the guest: the device tree, or on a PC `boot_params`.
    var information: Piece
    /// The device tree; empty where the guest is described by something else.
    var deviceTree: [UInt8] = []
    var initrd: Piece?
    /// An ELF's segments are where it was linked for.
    var isELF = false

    var state: BootState { BootState(pc: entry, information: information.address) }
    var allPieces: [Piece] { pieces + [information] + (initrd.map { [$0] } ?? []) }
}
