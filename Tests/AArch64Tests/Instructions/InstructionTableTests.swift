import AArch64
import TestSupport
import Testing

@Suite("The instruction table")
struct InstructionTableTests {
    static let rows = InstructionTable.rows
    static let everything = ArchitectureFeatures(rawValue: .max)

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

    @Test("Of two rows that match the same word one is strictly more specific")
    func overlaps() {
        var random = SeededRandom(seed: 2)
        for (index, row) in Self.rows.enumerated() {
            for other in Self.rows[(index + 1)...] where (row.value ^ other.value) & row.mask & other.mask == 0 {
                let common = row.mask & other.mask
                if row.mask != other.mask, common == row.mask || common == other.mask { continue }
                // Neither is inside the other: then their constraints must keep them apart.
                let free = ~(row.mask | other.mask)
                for _ in 0..<2_000 {
                    let word = row.value | other.value | UInt32(truncatingIfNeeded: random.next()) & free
                    #expect(
                        !(row.matches(word) && other.matches(word)), "\(row.name) and \(other.name): \(hex(word))")
                }
            }
        }
    }

    @Test("Every row decodes to itself for any filling of its fields, unless a more specific one matches")
    func rowsDecodeToThemselves() {
        var random = SeededRandom(seed: 1)
        for row in Self.rows {
            let narrower = Self.rows.filter {
                ($0.value ^ row.value) & $0.mask & row.mask == 0
                    && $0.mask.nonzeroBitCount > row.mask.nonzeroBitCount
            }
            var found = 0
            for _ in 0..<200 {
                let word = row.value | UInt32(truncatingIfNeeded: random.next()) & ~row.mask
                guard row.matches(word) else { continue }
                let expected = narrower.filter { $0.matches(word) }
                    .max { $0.mask.nonzeroBitCount < $1.mask.nonzeroBitCount }
                if expected == nil { found += 1 }
                let decoded = decode(word, features: Self.everything)
                #expect(decoded == (expected ?? row).instruction, "\(row.name): \(hex(word)) is \(decoded)")
            }
            #expect(found > 0, "\(row.name)")
        }
    }

    @Test("Without any one of its features a row's words are unallocated, or what a less specific row says")
    func featuresAreNeeded() {
        var random = SeededRandom(seed: 3)
        for row in Self.rows {
            for bit in 0..<128 where row.features.rawValue >> UInt128(bit) & 1 != 0 {
                let missing = ArchitectureFeatures(rawValue: 1 << UInt128(bit))
                let word = row.value | UInt32(truncatingIfNeeded: random.next()) & ~row.mask
                let decoded = decode(word, features: Self.everything.subtracting(missing))
                if Self.isHint(row) {
                    #expect(decoded == .hint, "\(row.name): \(hex(word))")
                } else if row.matches(word) {
                    #expect(decoded == .unallocated, "\(row.name): \(hex(word)) is \(decoded)")
                }
            }
        }
    }

    @Test("The software CPU takes the words of every feature it does not offer as unallocated, the hints as NOPs")
    func featuresNotOffered() {
        var random = SeededRandom(seed: 4)
        var rows = 0
        for row in Self.rows where !row.features.isSubset(of: .integerBase) {
            rows += 1
            for _ in 0..<50 {
                let word = row.value | UInt32(truncatingIfNeeded: random.next()) & ~row.mask
                let decoded = decode(word, features: .integerBase)
                #expect(
                    decoded == .unallocated || (Self.isHint(row) && decoded == .hint),
                    "\(row.name): \(hex(word)) is \(decoded)")
            }
        }
        #expect(rows > 700)
    }

    /// Whether the row is in the hint space, which is allocated as a whole.
    private static func isHint(_ row: InstructionRow) -> Bool {
        row.value & 0xFFFF_F01F == 0xD503_201F
    }
}

func hex(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
