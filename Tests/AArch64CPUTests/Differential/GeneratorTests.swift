import Testing

@Suite("The differential test's own parts")
struct GeneratorTests {
    private func run(_ sequences: [TestSequence]) throws -> [FinalState] {
        try ReferenceRunner(PlacedSequence.place(sequences)).result()
    }

    /// x1 = 5, x2 = 0x1_0000_0003, SP = 64, Z and C set, v1 = 1.0 and 2.0, v2 = two of the least denormals, FZ and RMode = RZ,
    /// IOC, and the window full of 0xaa.
    private func sequence(_ words: [UInt32], x0: UInt64 = 0) -> TestSequence {
        var registers = [UInt64](repeating: 0, count: 31)
        registers[0] = x0
        registers[1] = 5
        registers[2] = 0x1_0000_0003
        var floatingPoint = FloatingPointState(fpcr: 1 << 24 | 3 << 22, fpsr: 1)
        floatingPoint.halves.replaceSubrange(2..<6, with: [0x3ff0_0000_0000_0000, 0x4000_0000_0000_0000, 1, 1])
        floatingPoint.halves[63] = 0x6363
        let initial = InitialState(
            registers: registers, sp: 64, nzcv: 6 << 28, tpidr: 0x77, floatingPoint: floatingPoint,
            memory: [UInt8](repeating: 0xaa, count: AddressSpace.windowSize))
        return TestSequence(
            seed: 0, number: 0, words: words + [TestSequence.terminatorWord], terminator: words.count, pinned: [],
            initial: initial)
    }

    /// Worked out by hand, to see that both sides say what happened and not only that they agree.
    @Test("Both sides give the results worked out by hand")
    func dumpsAreRight() throws {
        let start = AddressSpace.window
        let sequences = [
            sequence([0x8b02_0023]),  // add x3, x1, x2
            sequence([0x6b01_003f]),  // cmp w1, w1
            sequence([0xf800_8401, 0xd53b_d044], x0: start),  // str x1, [x0], #8; mrs x4, tpidr_el0
            // add sp, sp, #16; b.eq .+8; mov x1, #1; nop
            sequence([0x9100_43ff, 0x5400_0040, 0xd280_0021, 0xd503_201f]),
            sequence([0xf940_0003], x0: 0x1000),  // ldr x3, [x0], where nothing is
            sequence([0xd61f_0000], x0: 0x2000),  // br x0, where nothing is
            sequence([0x4e62_d423]),  // fadd v3.2d, v1.2d, v2.2d
            // ldr q4, [x0]; st1 {v1.d}[1], [x0]; msr fpcr, xzr; msr fpsr, xzr
            sequence([0x3dc0_0004, 0x4d00_8401, 0xd51b_441f, 0xd51b_443f], x0: start),
        ]
        let placed = PlacedSequence.place(sequences)
        var expected = placed.map { placed in
            let initial = placed.sequence.initial
            return FinalState(
                ending: .undefined, registers: initial.registers, sp: initial.sp,
                pc: placed.address + UInt64(placed.sequence.terminator * 4), nzcv: initial.nzcv, tpidr: initial.tpidr,
                floatingPoint: initial.floatingPoint, memory: initial.memory)
        }
        expected[0].registers[3] = 0x1_0000_0008
        expected[1].nzcv = 6 << 28
        expected[2].registers[0] = start + 8
        expected[2].registers[4] = 0x77
        expected[2].memory.replaceSubrange(0..<8, with: [5, 0, 0, 0, 0, 0, 0, 0])
        expected[3].sp = 80
        expected[4].ending = .dataAbort(0x1000)
        expected[4].pc = placed[4].address
        expected[5].ending = .instructionAbort
        expected[5].pc = 0x2000
        // The denormals are flushed, and IDC says so.
        expected[6].floatingPoint.halves[6] = 0x3ff0_0000_0000_0000
        expected[6].floatingPoint.halves[7] = 0x4000_0000_0000_0000
        expected[6].floatingPoint.fpsr = 0x81
        expected[7].floatingPoint.halves[8] = 0xaaaa_aaaa_aaaa_aaaa
        expected[7].floatingPoint.halves[9] = 0xaaaa_aaaa_aaaa_aaaa
        expected[7].floatingPoint.fpcr = 0
        expected[7].floatingPoint.fpsr = 0
        expected[7].memory.replaceSubrange(0..<8, with: [0, 0, 0, 0, 0, 0, 0, 0x40])

        try expectOfBoth(placed, expected)
    }

    private func expectOfBoth(_ placed: [PlacedSequence], _ expected: [FinalState]) throws {
        let machine = SequenceMachine()
        machine.load(placed)
        let reference = try ReferenceRunner(placed).result()
        for (index, sequence) in placed.enumerated() {
            #expect(Mismatch.differences(reference[index], expected: expected[index]) == [], "reference, \(index)")
            for mode in RunMode.allCases {
                let state = machine.run(sequence, mode).state
                #expect(Mismatch.differences(state, expected: expected[index]) == [], "\(mode), \(index)")
            }
        }
    }

    /// v1 = 1.5 with its upper half set, v2 = 2^-60, v5 any number, v6 = 0x7f, and the window full of 0xaa.
    private func vectorSequence(_ words: [UInt32], fpcr: UInt64 = 0, fpsr: UInt64 = 0) -> TestSequence {
        var sequence = sequence(words, x0: AddressSpace.window)
        sequence.initial.floatingPoint.halves.replaceSubrange(2..<6, with: [0x3ff8_0000_0000_0000, .max, 963 << 52, 0])
        sequence.initial.floatingPoint.halves.replaceSubrange(10..<14, with: [0x0102_0304, 0x0506_0708, 0x7f, 0])
        sequence.initial.floatingPoint.fpcr = fpcr
        sequence.initial.floatingPoint.fpsr = fpsr
        return sequence
    }

    @Test("Both sides give the results worked out by hand in SIMD&FP registers, FPCR and FPSR")
    func vectorDumpsAreRight() throws {
        let towardsPlusInfinity: UInt64 = 1 << 22
        let placed = PlacedSequence.place([
            vectorSequence([0x1e62_2823], fpcr: towardsPlusInfinity),  // fadd d3, d1, d2
            vectorSequence([0x1e20_1823], fpsr: 0x10),  // fdiv s3, s1, s0: 0 by 0
            vectorSequence([0x3dc0_0004, 0x3d80_0405]),  // ldr q4, [x0]; str q5, [x0, #16]
            vectorSequence([0x5e26_0cc3]),  // sqadd b3, b6, b6
            // mrs x3, fpsr; mrs x4, fpcr
            vectorSequence([0xd53b_4423, 0xd53b_4404], fpcr: 0x07c0_0000, fpsr: FloatingPointState.statusBits),
        ])
        var expected = placed.map { placed in
            let initial = placed.sequence.initial
            return FinalState(
                ending: .undefined, registers: initial.registers, sp: initial.sp,
                pc: placed.address + UInt64(placed.sequence.terminator * 4), nzcv: initial.nzcv, tpidr: initial.tpidr,
                floatingPoint: initial.floatingPoint, memory: initial.memory)
        }
        // IXC.
        expected[0].floatingPoint.halves[6] = 0x3ff8_0000_0000_0001
        expected[0].floatingPoint.fpsr = 0x10
        // The default NaN and IOC.
        expected[1].floatingPoint.halves[6] = 0x7fc0_0000
        expected[1].floatingPoint.fpsr = 0x11
        expected[2].floatingPoint.halves.replaceSubrange(8..<10, with: [0xaaaa_aaaa_aaaa_aaaa, 0xaaaa_aaaa_aaaa_aaaa])
        expected[2].memory.replaceSubrange(16..<32, with: [4, 3, 2, 1, 0, 0, 0, 0, 8, 7, 6, 5, 0, 0, 0, 0])
        // QC.
        expected[3].floatingPoint.halves[6] = 0x7f
        expected[3].floatingPoint.fpsr = 1 << 27
        expected[4].registers[3] = FloatingPointState.statusBits
        expected[4].registers[4] = 0x07c0_0000
        try expectOfBoth(placed, expected)
    }

    @Test("A wrong result is found and shown with its disassembly")
    func mismatchesAreShown() throws {
        // The reference runs `add x3, x1, x2` where Trapline runs `sub x3, x1, x2`.
        let right = sequence([0xd280_00e4, 0x8b02_0023, 0xaa01_03e5])
        let wrong = sequence([0xd280_00e4, 0xcb02_0023, 0xaa01_03e5])
        let placed = PlacedSequence.place([wrong])
        let expected = try run([right])[0]
        let machine = SequenceMachine()
        machine.load(placed)
        let mismatch = try #require(Comparison.mismatch(machine, placed[0], .whole, expected))
        #expect(mismatch.differences == ["x3: expected 0x100000008, got 0xffffffff00000002"])
        // The words alone where there is no llvm-objdump.
        let report = mismatch.report
        #expect(report.contains("sub\tx3, x1, x2") || report.contains("cb020023"))
        // Against its own result there is nothing to show.
        #expect(Comparison.mismatch(machine, placed[0], .whole, try run([wrong])[0]) == nil)
    }

    @Test("Without the reference the failure says what to run")
    func missingReference() {
        let failure = #expect(throws: ReferenceRunner.Failure.self) {
            try ReferenceRunner([], path: "/usr/bin/no-such-qemu")
        }
        #expect(failure?.description.contains("run Scripts/install-packages") == true)
    }

    @Test("The generator gives the same sequence for the same seed and number")
    func generatorIsDeterministic() {
        for number in 0..<200 {
            let first = SequenceGenerator.sequence(seed: 3, number: number)
            let second = SequenceGenerator.sequence(seed: 3, number: number)
            #expect(first.words == second.words && first.initial == second.initial)
        }
        #expect(
            SequenceGenerator.sequence(seed: 3, number: 0).words != SequenceGenerator.sequence(seed: 4, number: 0).words
        )
    }

    @Test("The reference gives the same answer twice, and every sequence ends where it should")
    func referenceIsDeterministic() throws {
        let sequences = (0..<1500).map { SequenceGenerator.sequence(seed: 7, number: $0) }
        let placed = PlacedSequence.place(sequences)
        let first = try run(sequences)
        #expect(try run(sequences) == first)
        var faults = 0
        for (state, placed) in zip(first, placed) {
            let terminator = placed.address + UInt64(placed.sequence.terminator * 4)
            switch state.ending {
            case .undefined:
                #expect(state.pc == terminator, "sequence \(placed.sequence.number) is UNDEFINED to the reference")
            case .dataAbort:
                faults += 1
                // Only the deliberate last access may fault.
                #expect(state.pc == terminator - 4, "sequence \(placed.sequence.number) faults")
            default:
                Issue.record("sequence \(placed.sequence.number): \(state.ending)")
            }
        }
        #expect(faults > 10 && faults < 150)
    }
}
