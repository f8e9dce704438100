import AArch64
import AArch64CPU
import TestSupport

/// The ways to run a sequence that must make no difference to it.
enum RunMode: String, CaseIterable, Sendable {
    /// As much as it wants, at EL0.
    case whole
    /// One instruction after the other.
    case steps
    /// Budgets of a few instructions.
    case chunks
    /// Breakpoints in the middle.
    case breakpoints
    /// Watchpoints on the window's pages, on bytes nothing touches: no access takes the fast path.
    case watched
    /// At EL1, with SP_EL0.
    case level1
}

extension TestSequence {
    /// The ways it can be run.
    var modes: [RunMode] { executesWhatItWrote ? RunMode.allCases.filter { $0 != .level1 } : RunMode.allCases }
}

/// Observations of a run, besides its final state.
struct RunRecord {
    var state: FinalState
    /// Instructions executed, the terminator and the vector's HVC among them.
    var count: UInt64
    /// The addresses of the instructions, where they were stepped one by one.
    var trace: [UInt64] = []
    /// A description of what the engine did wrong, if anything.
    var complaint: String?
}

extension SequenceMachine {
    /// More than any sequence needs: it has no end.
    private static let patience: UInt64 = 20_000

    func run(_ placed: PlacedSequence, _ mode: RunMode, trace: [UInt64] = []) -> RunRecord {
        enter(placed, atLevel1: mode == .level1)
        // Not the generator's own seed: the same numbers would correlate with what the sequence does.
        var random = SeededRandom(seed: ~placed.sequence.seed ^ UInt64(placed.sequence.number) << 32)
        var record = RunRecord(state: Self.noState, count: 0)
        var exit: CPUExit?
        switch mode {
        case .whole, .level1:
            exit = advance(&record) { vcpu.run(budget: Self.patience) }
        case .watched:
            let pages = (0..<AddressSpace.windowPageCount).map { AddressSpace.windowPages + $0 * AddressSpace.pageSize }
            cluster.setWatchpoints(pages.map { Watchpoint(address: $0 + 0x7f0, length: 8, kinds: [.read, .write]) })
            exit = advance(&record) { vcpu.run(budget: Self.patience) }
            cluster.setWatchpoints([])
        case .steps:
            while record.count < Self.patience {
                record.trace.append(vcpu.pc)
                exit = advance(&record) { vcpu.step() }
                guard exit == .stepped else { break }
            }
        case .chunks:
            while record.count < Self.patience {
                let budget = UInt64(1 + random.below(7))
                exit = advance(&record) { vcpu.run(budget: budget) }
                guard exit == .budget else { break }
                if vcpu.executedInRun > budget { record.complaint = "executed \(vcpu.executedInRun) of \(budget)" }
            }
        case .breakpoints:
            exit = runWithBreakpoints(placed, &record, trace, &random)
        }
        record.state = finalState(exit, atLevel1: mode == .level1)
        return record
    }

    /// Runs once and counts; yields are gone through.
    private func advance(_ record: inout RunRecord, _ body: () -> CPUExit) -> CPUExit {
        while true {
            let exit = body()
            record.count += vcpu.executedInRun
            cluster.timeBase += vcpu.executedInRun
            guard exit == .yield || exit == .waitForInterrupt, record.count < Self.patience else { return exit }
        }
    }

    /// Breakpoints on up to three executed instructions: each stops the run as often as the trace passes it.
    private func runWithBreakpoints(
        _ placed: PlacedSequence, _ record: inout RunRecord, _ trace: [UInt64], _ random: inout SeededRandom
    ) -> CPUExit? {
        let end = placed.address + UInt64(placed.sequence.words.count * 4)
        let inside = trace.filter { $0 >= placed.address && $0 < end }
        guard !inside.isEmpty else { return advance(&record) { vcpu.run(budget: Self.patience) } }
        let points = Set((0...random.below(3)).map { _ in inside[random.below(inside.count)] })
        cluster.setBreakpoints(points)
        defer { cluster.setBreakpoints([]) }
        var expected = inside.filter(points.contains)[...]
        var exit: CPUExit
        var passes = false
        repeat {
            let ignores = passes
            exit = advance(&record) {
                // After a yield PC is elsewhere, and a breakpoint there counts.
                defer { passes = false }
                return vcpu.run(budget: Self.patience, ignoringBreakpointAtPC: ignores && passes)
            }
            passes = true
            if exit == .breakpoint {
                if vcpu.pc != expected.first {
                    record.complaint = "breakpoint at \(hex(vcpu.pc)), expected at \(expected.first.map(hex) ?? "none")"
                    return exit
                }
                expected = expected.dropFirst()
            }
        } while exit == .breakpoint && record.count < Self.patience
        if let missed = expected.first { record.complaint = "breakpoint at \(hex(missed)) missed" }
        return exit
    }

    private func enter(_ placed: PlacedSequence, atLevel1: Bool) {
        let initial = placed.sequence.initial
        vcpu.pstate = 0x3c0 | (atLevel1 ? 4 : 0) | initial.nzcv
        for (index, value) in initial.registers.enumerated() { vcpu.setX(index, value) }
        vcpu.setBankedSP(0, initial.sp)
        vcpu.setBankedSP(1, 0x1111_2222_3333_4440)
        vcpu.system.tpidr_el0 = initial.tpidr
        let floatingPoint = initial.floatingPoint
        for n in 0..<32 { vcpu.setV(n, (floatingPoint.halves[2 * n], floatingPoint.halves[2 * n + 1])) }
        vcpu.fpcr = floatingPoint.fpcr
        vcpu.fpsr = floatingPoint.fpsr
        vcpu.system.far_el1 = 0
        vcpu.pc = placed.address
        // An exception return would do so.
        vcpu.clearExclusive()
        window = initial.memory
    }

    private func finalState(_ exit: CPUExit?, atLevel1: Bool) -> FinalState {
        let system = vcpu.system
        return FinalState(
            ending: ending(exit, atLevel1: atLevel1), registers: (0..<31).map { vcpu.x($0) }, sp: vcpu.bankedSP(0),
            pc: system.elr_el1, nzcv: system.spsr_el1 & 0xf000_0000, tpidr: system.tpidr_el0,
            floatingPoint: FloatingPointState(
                halves: (0..<32).flatMap { [vcpu.v($0).0, vcpu.v($0).1] }, fpcr: vcpu.fpcr, fpsr: vcpu.fpsr),
            memory: window)
    }

    private func ending(_ exit: CPUExit?, atLevel1: Bool) -> FinalState.Ending {
        // Synchronous, from a lower level using AArch64; or from the current one with SP_EL0.
        let vector = Self.vectorTag + (atLevel1 ? 0 : 8)
        guard exit == .hypercall(.hvc, immediate: vector) else {
            return .other("\(exit.map { "\($0)" } ?? "nothing") at \(hex(vcpu.pc))")
        }
        guard vcpu.system.spsr_el1 & 0xfff_ffff == (atLevel1 ? 0x3c4 : 0x3c0), vcpu.pstate & 0xfff_ffff == 0x3c5,
            vcpu.bankedSP(1) == 0x1111_2222_3333_4440
        else {
            return .other("SPSR_EL1 \(hex(vcpu.system.spsr_el1)), PSTATE \(hex(vcpu.pstate))")
        }
        let syndrome = vcpu.system.esr_el1
        switch (syndrome >> 26, syndrome & 0x3f) {
        // A trapped system register is a SIGILL under Linux, too.
        case (0, _), (0x18, _): return .undefined
        case (0x20, _), (0x21, _): return .instructionAbort
        // Translation faults of all levels.
        case (0x24, 4...7), (0x25, 4...7): return .dataAbort(vcpu.system.far_el1)
        case (0x24, 0x21), (0x25, 0x21): return .alignment(vcpu.system.far_el1)
        default: return .other("ESR_EL1 \(hex(syndrome)), FAR_EL1 \(hex(vcpu.system.far_el1))")
        }
    }

    private static let noState = FinalState(
        ending: .other("nothing"), registers: [], sp: 0, pc: 0, nzcv: 0, tpidr: 0, memory: [])
}

func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
