import AArch64CPU
import Foundation
import Testing

/// Random words: what one implementation executes the other executes, and what is UNDEFINED to one is to the other.
@Suite("Differential: the encoding space")
struct DifferentialEncodingTests {
    @Test("Random words are the same instruction, or UNDEFINED, to both")
    func wordsAgree() throws {
        let seed = DifferentialTests.seed
        var generator = WordGenerator(seed: seed)
        let machine = SequenceMachine()
        var reports: [String] = []
        var undefined = 0
        var executed = 0
        let seconds = DifferentialTests.fuzzSeconds
        let deadline = ContinuousClock.now + .seconds(seconds ?? 0)
        var batch = 0
        while batch < 10 || ContinuousClock.now < deadline {
            defer { batch += 1 }
            let sequences = (0..<4000).map { generator.sequence(number: batch * 4000 + $0) }
            let placed = PlacedSequence.place(sequences)
            let reference = try ReferenceRunner(placed)
            machine.load(placed)
            let runs = placed.map { machine.run($0, .whole) }
            for (index, expected) in try reference.result().enumerated() {
                if expected.pc == placed[index].address { undefined += 1 } else { executed += 1 }
                let differences = Mismatch.differences(runs[index].state, expected: expected)
                if !differences.isEmpty {
                    reports.append(Mismatch(placed: placed[index], mode: .whole, differences: differences).report)
                }
            }
            if reports.count > 8 { break }
        }
        for report in reports.prefix(8) { Issue.record(Comment(rawValue: "TRAPLINE_FUZZ_SEED=\(seed): " + report)) }
        print("Encoding space: \(executed) words executed, \(undefined) not, TRAPLINE_FUZZ_SEED=\(seed)")
        #expect(executed > 1000 && undefined > 1000)
    }
}
