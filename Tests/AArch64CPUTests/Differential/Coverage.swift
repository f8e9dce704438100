import AArch64
import AArch64CPU

/// How often each row of the decoder's table was executed.
struct Coverage: Sendable {
    private(set) var counts: [Int: Int] = [:]
    private var rowsOfWords: [UInt32: Int] = [:]

    /// Rows that no sequence can have, and why.
    static let exclusions: [(name: String, reason: String)] = [
        ("WFE", "waits; the system tests have it"),
        ("WFI", "waits; the system tests have it"),
        ("ERET", "UNDEFINED at EL0"),
        ("DRPS", "UNDEFINED outside Debug state"),
        ("SVC", "a system call to the reference"),
        ("HVC", "UNDEFINED at EL0; ends every sequence from the vector"),
        ("SMC", "UNDEFINED at EL0"),
        ("BRK", "a signal to the reference; the system tests have it"),
        ("HLT", "a halting debug event or semihosting"),
        ("DCPS1", "UNDEFINED outside Debug state"),
        ("DCPS2", "UNDEFINED outside Debug state"),
        ("DCPS3", "UNDEFINED outside Debug state"),
        ("MSR (immediate), SPSel", "UNDEFINED at EL0"),
        ("MSR (immediate), DAIFSet", "traps at EL0"),
        ("MSR (immediate), DAIFClr", "traps at EL0"),
        ("SYSL", "no instruction of the base set uses it"),
    ]

    /// The rows that must be executed: all of the features the software CPU offers.
    static let rows: [Int] = InstructionTable.rows.indices.filter { index in
        let row = InstructionTable.rows[index]
        return row.features.isSubset(of: CPUModel.base.features)
            && !exclusions.contains { $0.name == "\(row.name)" }
    }

    /// Counts the instructions of a trace that lie in the sequence.
    mutating func count(_ trace: [UInt64], _ placed: PlacedSequence) {
        for address in trace {
            guard address >= placed.address else { continue }
            let index = Int(address - placed.address) / 4
            guard index < placed.sequence.words.count else { continue }
            counts[row(of: placed.sequence.words[index]), default: 0] += 1
        }
    }

    mutating func merge(_ other: Coverage) {
        counts.merge(other.counts, uniquingKeysWith: +)
    }

    /// Rows executed less than `least` times.
    func missing(least: Int) -> [String] {
        Self.rows.filter { counts[$0, default: 0] < least }.map {
            "\(InstructionTable.rows[$0].name): \(counts[$0, default: 0])"
        }
    }

    /// The most specific row that matches.
    private mutating func row(of word: UInt32) -> Int {
        if let known = rowsOfWords[word] { return known }
        var best = -1
        for index in InstructionTable.rows.indices {
            let row = InstructionTable.rows[index]
            guard row.matches(word), row.features.isSubset(of: CPUModel.base.features) else { continue }
            if best < 0 || row.mask.nonzeroBitCount > InstructionTable.rows[best].mask.nonzeroBitCount { best = index }
        }
        if rowsOfWords.count > 100_000 { rowsOfWords = [:] }
        rowsOfWords[word] = best
        return best
    }
}
