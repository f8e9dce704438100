/// The A64 instruction set as rows of bit strings: the one place an encoding is written down.
///
/// Where two rows match the same word, one is more specific than the other (fixes more of the same bits) and wins.
package enum InstructionTable {
    /// Every row, chapter by chapter.
    package static let rows: [InstructionRow] = {
        let chapters = [
            dataProcessingImmediate, branchesExceptionsSystem, loadsAndStores, dataProcessingRegister,
            extensions, pointerAuthenticationAndTags,
            floatingPoint, advSIMDLoadsAndStores, advSIMDThreeSame, advSIMDThreeDifferent, advSIMDTwoRegister,
            advSIMDImmediates, advSIMDByElement, advSIMDScalar, cryptography,
        ]
        return chapters.flatMap { $0 }
    }()

    /// The rows with features that all of them need.
    static func requiring(_ features: ArchitectureFeatures, _ rows: [InstructionRow]) -> [InstructionRow] {
        rows.map { $0.requiring(features) }
    }
}
