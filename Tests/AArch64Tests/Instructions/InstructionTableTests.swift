import AArch64
import Testing

@Suite("The instruction table")
struct InstructionTableTests {
    static let rows = InstructionTable.rows
    static let everything = InstructionFeatures(rawValue: .max)

    @Test("Every bit string has 32 characters, each a fixed bit, a letter or a should-be bit")
    func bitStrings() {
        for row in Self.rows {
            let bits = row.bits.description
            #expect(bits.utf8.count == 32, "\(row.name)")
            #expect(
                bits.allSatisfy { $0 == "0" || $0 == "1" || $0 == "-" || ($0.isLetter && $0.isASCII) }, "\(row.name)")
        }
    }

    @Test("Every instruction but unallocated has a row")
    func allInstructionsHaveRows() {
        let used = Set(Self.rows.map(\.instruction))
        for instruction in Instruction.allCases where instruction != .unallocated {
            #expect(used.contains(instruction), "\(instruction)")
        }
        #expect(!used.contains(.unallocated))
    }

    @Test("Two rows that match the same word differ in specificity")
    func overlaps() {
        for (index, row) in Self.rows.enumerated() {
            for other in Self.rows[(index + 1)...] where (row.value ^ other.value) & row.mask & other.mask == 0 {
                let common = row.mask & other.mask
                #expect(
                    row.mask != other.mask && (common == row.mask || common == other.mask),
                    "\(row.name) and \(other.name)")
            }
        }
    }

    @Test("Every row decodes to itself for any filling of its fields")
    func rowsDecodeToThemselves() {
        var random = SplitMix64(state: 1)
        for row in Self.rows {
            var found = 0
            for _ in 0..<400 {
                let word = row.value | UInt32(truncatingIfNeeded: random.next()) & ~row.mask
                guard row.matches(word) else { continue }
                let decoded = decode(word, features: Self.everything)
                if decoded == row.instruction { found += 1 }
                #expect(decoded == mostSpecific(word), "\(row.name): \(hex(word)) is \(decoded)")
            }
            #expect(found > 0, "\(row.name)")
        }
    }

    /// The instruction by searching all rows, as the manual's tables are read.
    private func mostSpecific(_ word: UInt32) -> Instruction {
        let matching = Self.rows.filter { $0.matches(word) }
        return matching.max { $0.mask.nonzeroBitCount < $1.mask.nonzeroBitCount }?.instruction ?? .unallocated
    }
}

/// A small generator whose sequence is the same everywhere.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

func hex(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
