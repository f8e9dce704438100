/// A row of the instruction table: an allocated encoding and the features that it requires.
package struct InstructionRow: Sendable {
    /// The name of the instruction page in the manual, followed by the variant if the page has several.
    package let name: StaticString
    /// The pattern of the word, from bit 31 to bit 0.
    ///
    /// `0` and `1` are fixed bits, letters are fields, and `-` is a should-be bit, which decoding ignores.
    package let bits: StaticString
    /// The instruction that a matching word encodes.
    package let instruction: Instruction
    /// The condition on the fields of a matching word.
    package let constraint: EncodingConstraint
    /// The features that must all be present for the row to match.
    package private(set) var features: ArchitectureFeatures
    /// The mask of the fixed bits.
    package let mask: UInt32
    /// The values of the fixed bits; all other bits are 0.
    package let value: UInt32

    /// Creates a row and computes its mask and value from `bits`.
    package init(
        _ name: StaticString, _ bits: StaticString, _ instruction: Instruction,
        _ constraint: EncodingConstraint = .none, _ features: ArchitectureFeatures = []
    ) {
        self.name = name
        self.bits = bits
        self.instruction = instruction
        self.constraint = constraint
        self.features = features
        var mask: UInt32 = 0
        var value: UInt32 = 0
        for index in 0..<bits.utf8CodeUnitCount {
            // SAFETY: a literal of several characters is stored as `utf8CodeUnitCount` bytes that are never freed.
            let character = unsafe bits.utf8Start[index]
            mask <<= 1
            value <<= 1
            if character == UInt8(ascii: "0") || character == UInt8(ascii: "1") {
                mask |= 1
                value |= UInt32(character & 1)
            }
        }
        self.mask = mask
        self.value = value
    }

    /// Creates a row without a constraint.
    package init(
        _ name: StaticString, _ bits: StaticString, _ instruction: Instruction, _ features: ArchitectureFeatures
    ) {
        self.init(name, bits, instruction, .none, features)
    }

    /// Returns a copy of the row that requires the given features as well.
    func requiring(_ more: ArchitectureFeatures) -> InstructionRow {
        var row = self
        row.features.formUnion(more)
        return row
    }

    /// Returns whether the word has this encoding, ignoring features.
    package func matches(_ word: UInt32) -> Bool {
        word & mask == value && constraint.holds(for: word)
    }
}

/// A short name for use in the tables.
typealias Row = InstructionRow
