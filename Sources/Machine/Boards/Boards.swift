/// The list of boards that a machine can be built from.
package enum Boards {
    /// Every board, the default one first.
    package static let all: [any Board] = [AArch64Board.virt, AArch64Board.kvmtool, PCBoard.pc]
}
