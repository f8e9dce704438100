/// The table of A64 encodings, which is their only definition in the sources.
///
/// If two rows match the same word, one of them is more specific, because it fixes all bits that the other fixes and
/// more. That row takes precedence.
package enum InstructionTable {
    /// All rows, grouped by instruction class.
    package static let rows: [InstructionRow] = {
        let chapters = [
            dataProcessingImmediate, branchesExceptionsSystem, loadsAndStores, dataProcessingRegister,
            extensions, pointerAuthenticationAndTags,
            floatingPoint, advSIMDLoadsAndStores, advSIMDThreeSame, advSIMDThreeDifferent, advSIMDTwoRegister,
            advSIMDImmediates, advSIMDByElement, advSIMDScalar, cryptography,
        ]
        return chapters.flatMap { $0 }
    }()

    /// Returns the rows with `features` added to the features that each requires.
    static func requiring(_ features: ArchitectureFeatures, _ rows: [InstructionRow]) -> [InstructionRow] {
        rows.map { $0.requiring(features) }
    }
}
