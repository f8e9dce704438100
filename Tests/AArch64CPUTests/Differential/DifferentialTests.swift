import Foundation
import TestSupport
import Testing

/// Random instruction sequences, run by Trapline and by `qemu-aarch64`, an independent implementation.
///
/// `TRAPLINE_FUZZ_SEED` replays a run, `TRAPLINE_SEQUENCE` one sequence of it; `TRAPLINE_FUZZ_SECONDS` is the duration.
@Suite("Differential: Trapline's CPU against qemu-aarch64")
struct DifferentialTests {
    static let environment = ProcessInfo.processInfo.environment
    static let seed = SeededRandom.chosenSeed
    static let fuzzSeconds = environment["TRAPLINE_FUZZ_SECONDS"].flatMap { Double($0) }
    private static let leastInstructions: UInt64 = 1_600_000
    private static let leastPerRow = 100
    private static let workers = 2

    @Test("A million and a half random instructions leave the same registers, flags and memory, however they are run")
    func sequencesAgree() async throws {
        if let number = Self.environment["TRAPLINE_SEQUENCE"].flatMap({ Int($0) }) { return try Self.replay(number) }
        print("Differential test: TRAPLINE_FUZZ_SEED=\(Self.seed)")
        let deadline = Self.fuzzSeconds.map { ContinuousClock.now + .seconds($0) }
        let summaries = try await withThrowingTaskGroup(of: Comparison.Summary.self) { group in
            for worker in 0..<Self.workers {
                group.addTask {
                    try Comparison.run(seed: Self.seed, first: worker, stride: Self.workers) { summary in
                        if let deadline, ContinuousClock.now < deadline { return true }
                        return summary.instructions < Self.leastInstructions / UInt64(Self.workers)
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        var coverage = Coverage()
        for summary in summaries {
            coverage.merge(summary.coverage)
            for report in summary.reports { Issue.record(Comment(rawValue: report)) }
        }
        let instructions = summaries.reduce(0) { $0 + $1.instructions }
        let sequences = summaries.reduce(0) { $0 + $1.sequences }
        print(
            "Differential test: \(instructions) instructions in \(sequences) sequences, each in \(RunMode.allCases.count) ways"
        )
        guard summaries.allSatisfy({ $0.reports.isEmpty }) else { return }
        #expect(instructions >= 1_500_000)
        #expect(coverage.missing(least: Self.leastPerRow) == [], "rows executed too seldom")
    }

    private static func replay(_ number: Int) throws {
        var summary = Comparison.Summary()
        let sequence = SequenceGenerator.sequence(seed: seed, number: number)
        try Comparison.run([sequence], SequenceMachine(), &summary)
        for report in summary.reports { Issue.record(Comment(rawValue: report)) }
    }
}
