import Testing

@Suite("The differential test's own parts")
struct GeneratorTests {
    private func run(_ sequences: [TestSequence]) throws -> [FinalState] {
        try ReferenceRunner(PlacedSequence.place(sequences)).result()
    }

    @Test("The reference gives the same answer twice, and every sequence ends where it should")
    func referenceIsDeterministic() throws {
        let sequences = (0..<1500).map { SequenceGenerator.sequence(seed: 7, number: $0) }
        let placed = PlacedSequence.place(sequences)
        let first = try run(sequences)
        let second = try run(sequences)
        #expect(first == second)
        var ends: [String: Int] = [:]
        for (state, placed) in zip(first, placed) {
            let terminator = placed.address + UInt64(placed.sequence.terminator * 4)
            switch state.ending {
            case .undefined:
                ends["terminator", default: 0] += 1
                #expect(state.pc == terminator, "sequence \(placed.sequence.number) is UNDEFINED to the reference")
            case .dataAbort:
                ends["fault", default: 0] += 1
                // Only the deliberate last access may fault.
                #expect(state.pc == terminator - 4, "sequence \(placed.sequence.number) faults")
            default:
                Issue.record("sequence \(placed.sequence.number): \(state.ending)")
            }
        }
        print(ends)
    }
}
