/// One row of the instruction table: an allocated encoding, its bits, and what it takes to have it.
package struct InstructionRow: Sendable {
    /// The manual's name, with the variant where the page has several.
    package let name: StaticString
    /// The 32 bits from bit 31 down: `0` and `1` are fixed, a letter is a field, `-` a should-be bit that is ignored.
    package let bits: StaticString
    package let instruction: Instruction
    package let constraint: EncodingConstraint
    /// All of these must be there; without them the row does not match.
    package private(set) var features: ArchitectureFeatures
    /// Ones where `bits` is fixed.
    package let mask: UInt32
    /// The fixed bits.
    package let value: UInt32

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

    package init(
        _ name: StaticString, _ bits: StaticString, _ instruction: Instruction, _ features: ArchitectureFeatures
    ) {
        self.init(name, bits, instruction, .none, features)
    }

    /// The row with more features needed.
    func requiring(_ more: ArchitectureFeatures) -> InstructionRow {
        var row = self
        row.features.formUnion(more)
        return row
    }

    /// Whether the word has this encoding, features aside.
    package func matches(_ word: UInt32) -> Bool {
        word & mask == value && constraint.holds(for: word)
    }
}

typealias Row = InstructionRow
