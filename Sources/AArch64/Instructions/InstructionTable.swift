/// The A64 instruction set as rows of bit strings: the one place an encoding is written down.
///
/// Where two rows match the same word, one is more specific than the other (fixes more of the same bits) and wins.
package enum InstructionTable {
    /// Every row, in the manual's order.
    package static let rows: [InstructionRow] =
        dataProcessingImmediate + branchesExceptionsSystem + loadsAndStores + dataProcessingRegister
}
