/// Makes a failing sequence shorter: instructions become NOPs as long as it still fails.
struct Minimiser {
    let machine: SequenceMachine

    /// The smallest sequence found that still disagrees with the reference, or with itself in another mode.
    func minimise(_ failing: Mismatch) -> Mismatch {
        var best = failing
        for index in stride(from: failing.placed.sequence.terminator - 1, through: 0, by: -1)
        where !failing.placed.sequence.pinned.contains(index) {
            var candidate = best.placed.sequence
            guard candidate.words[index] != TestSequence.nop else { continue }
            candidate.words[index] = TestSequence.nop
            if let mismatch = check(candidate, failing.mode) { best = mismatch }
        }
        return best
    }

    private func check(_ sequence: TestSequence, _ mode: RunMode) -> Mismatch? {
        let placed = PlacedSequence.place([sequence])
        // A candidate that never ends, or ends the reference, is none.
        guard let expected = try? ReferenceRunner(placed, seconds: 5).result(), let reference = expected.first else {
            return nil
        }
        machine.load(placed)
        return placed.first.flatMap { Comparison.mismatch(machine, $0, mode, reference) }
    }
}
