import AArch64CPU
import Foundation
import Testing

/// Runs batches of sequences on both implementations and collects what came of it.
struct Comparison {
    /// The results of one worker.
    struct Summary: Sendable {
        var sequences = 0
        /// Instructions executed by Trapline once, not counted again for each mode.
        var instructions: UInt64 = 0
        var coverage = Coverage()
        var reports: [String] = []
    }

    static let batchSize = 1500
    /// Enough to see a pattern.
    static let maximumReports = 3

    /// Runs batches from `first` on, every `stride`th, as long as `goOn` says.
    static func run(seed: UInt64, first: Int, stride: Int, goOn: (Summary) -> Bool) throws -> Summary {
        var summary = Summary()
        // Every other worker has room for few blocks, so that all are dropped now and then.
        let machine = SequenceMachine(blockCacheSize: first % 2 == 1 ? 1 << 18 : nil)
        var batch = first
        while goOn(summary), summary.reports.count < maximumReports {
            let numbers = (batch * batchSize)..<((batch + 1) * batchSize)
            try run(numbers.map { SequenceGenerator.sequence(seed: seed, number: $0) }, machine, &summary)
            batch += stride
        }
        return summary
    }

    static func run(_ sequences: [TestSequence], _ machine: SequenceMachine, _ summary: inout Summary) throws {
        let placed = PlacedSequence.place(sequences)
        let reference = try ReferenceRunner(placed)
        machine.load(placed)
        var runs: [[RunMode: RunRecord]] = []
        runs.reserveCapacity(placed.count)
        for sequence in placed {
            let steps = machine.run(sequence, .steps)
            var records: [RunMode: RunRecord] = [.steps: steps]
            for mode in sequence.sequence.modes where mode != .steps {
                records[mode] = machine.run(sequence, mode, trace: steps.trace)
            }
            summary.coverage.count(steps.trace, sequence)
            summary.sequences += 1
            summary.instructions += steps.count
            runs.append(records)
        }
        for (index, expected) in try reference.result().enumerated() {
            for mode in RunMode.allCases {
                guard let record = runs[index][mode] else { continue }
                let differences = differences(record, expected, count: runs[index][.whole]?.count)
                guard !differences.isEmpty else { continue }
                let found = Mismatch(placed: placed[index], mode: mode, differences: differences)
                let smallest = Minimiser(machine: machine).minimise(found)
                summary.reports.append(smallest.report)
                machine.load(placed)
                break
            }
            if summary.reports.count >= maximumReports { return }
        }
    }

    /// Whether `mode` on this machine differs from the reference.
    static func mismatch(
        _ machine: SequenceMachine, _ placed: PlacedSequence, _ mode: RunMode, _ expected: FinalState
    ) -> Mismatch? {
        let whole = machine.run(placed, .whole)
        let steps = machine.run(placed, .steps)
        let record = machine.run(placed, mode, trace: steps.trace)
        let differences = differences(record, expected, count: whole.count)
        return differences.isEmpty ? nil : Mismatch(placed: placed, mode: mode, differences: differences)
    }

    private static func differences(_ record: RunRecord, _ expected: FinalState, count: UInt64?) -> [String] {
        var differences = Mismatch.differences(record.state, expected: expected)
        if let complaint = record.complaint { differences.append(complaint) }
        if let count, record.count != count {
            differences.append("instructions executed: \(record.count), run as a whole \(count)")
        }
        return differences
    }
}
