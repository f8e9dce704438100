import AArch64
import Foundation
import TestSupport
import Testing

@Suite("The decoder against LLVM's", .needs(ReferenceDisassembler.tool))
struct ReferenceDisassemblerTests {
    /// How many words each comparison takes; `TRAPLINE_DECODER_SAMPLE` asks for more, with a new seed.
    static let sampleSize: Int? = ProcessInfo.processInfo.environment["TRAPLINE_DECODER_SAMPLE"].flatMap { Int($0) }

    @Test("Same class of mnemonic, and unallocated alike", arguments: ReferenceProcessor.all)
    func agreement(_ processor: ReferenceProcessor) throws {
        let seed = Self.sampleSize == nil ? 1 : SeededRandom.chosenSeed
        let words = Self.sample(Self.sampleSize ?? 20_000, seed: seed)
        let theirs = try ReferenceDisassembler.mnemonics(of: words, attributes: processor.attributes)
        try #require(theirs.count == words.count)
        let names = Self.names
        var unexplained: [String: [String]] = [:]
        var explained: [String: Int] = [:]
        for (word, mnemonic) in zip(words, theirs) {
            let instruction = decode(word, features: processor.features)
            if Self.agrees(names[instruction] ?? [], mnemonic) { continue }
            if let reason = Disagreement.justified.first(where: { $0.covers(word, mnemonic) })?.reason {
                explained[reason, default: 0] += 1
            } else {
                unexplained["\(instruction) is \(mnemonic ?? "unknown") there", default: []].append(hex(word))
            }
        }
        print("\(processor.name): \(words.count) words, TRAPLINE_FUZZ_SEED=\(seed), justified: \(explained)")
        for (what, words) in unexplained.sorted(by: { $0.key < $1.key }) {
            Issue.record(
                "\(what): \(words.count) words: \(words.prefix(4).joined(separator: " ")), TRAPLINE_FUZZ_SEED=\(seed)")
        }
    }

    @Test("Every justified disagreement is still one", arguments: Disagreement.justified)
    func disagreement(_ disagreement: Disagreement) throws {
        let processor = try #require(ReferenceProcessor.all.last)
        let word = disagreement.example
        let theirs = try ReferenceDisassembler.mnemonics(of: [word], attributes: processor.attributes)
        try #require(theirs.count == 1)
        #expect(disagreement.covers(word, theirs[0]))
        #expect(!Self.agrees(Self.names[decode(word, features: processor.features)] ?? [], theirs[0]))
    }

    /// Random words, random fillings of every row, and those with one bit turned over.
    static func sample(_ count: Int, seed: UInt64) -> [UInt32] {
        var random = SeededRandom(seed: seed)
        let rows = InstructionTable.rows
        return (0..<count).map { index in
            let word = UInt32(truncatingIfNeeded: random.next())
            guard index % 4 != 0 else { return word }
            let row = rows[Int(random.next() % UInt64(rows.count))]
            let filled = row.value | word & ~row.mask
            return index % 4 == 1 ? filled ^ (1 << UInt32(random.next() % 32)) : filled
        }
    }

    /// For each instruction the mnemonics its rows name, in lower case.
    static let names: [Instruction: Set<Mnemonic>] = {
        var names: [Instruction: Set<Mnemonic>] = [:]
        for row in InstructionTable.rows {
            for part in row.name.description.split(separator: ", ") {
                let name = part.prefix { $0 != " " }
                guard name.allSatisfy({ $0.isUppercase || $0.isNumber }) else { continue }
                names[row.instruction, default: []].insert(
                    Mnemonic(name: name.lowercased(), style: .init(row.features)))
            }
        }
        names[.bCond] = [Mnemonic(name: "b.", style: .anything)]
        names[.bcCond] = [Mnemonic(name: "bc.", style: .anything)]
        for (instruction, aliases) in ReferenceAliases.names {
            names[instruction, default: []].formUnion(aliases.map { Mnemonic(name: $0, style: .general) })
        }
        return names
    }()

    static func agrees(_ names: Set<Mnemonic>, _ theirs: String?) -> Bool {
        guard let theirs else { return names.isEmpty }
        return names.contains { $0.covers(theirs) }
    }
}

/// A mnemonic as a row names it, and what may follow in another's spelling of it.
struct Mnemonic: Hashable {
    enum Style {
        /// A size and an ordering: LDADD covers LDADDALB.
        case general
        /// The half of the vector: SADDL covers SADDL2.
        case vector
        /// A condition, or the options of a copy.
        case anything

        init(_ features: ArchitectureFeatures) {
            self = features.contains(.mops) ? .anything : features.contains(.floatingPoint) ? .vector : .general
        }
    }

    var name: String
    var style: Style

    private static let variants: Set<Substring> = ["", "a", "l", "al", "b", "h", "ab", "ah", "lb", "lh", "alb", "alh"]

    func covers(_ mnemonic: String) -> Bool {
        guard mnemonic.hasPrefix(name) else { return false }
        let rest = mnemonic.dropFirst(name.count)
        return switch style {
        case .general: Self.variants.contains(rest)
        case .vector: rest.isEmpty || rest == "2"
        case .anything: true
        }
    }
}
