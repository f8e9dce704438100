import AArch64
import Testing

import AArch64CPU

/// Interrupts, waits and steps in running code.
@Suite struct RunningInterruptTests {
    struct Deadline: Sendable {
        var instructionsPerTick: UInt64
        var start: UInt64
        var compareValue: UInt64
        /// How many instructions are executed before the interrupt is taken.
        var executed: UInt64
    }

    static let deadlines: [Deadline] = [
        Deadline(instructionsPerTick: 1, start: 0, compareValue: 1, executed: 1),
        Deadline(instructionsPerTick: 1, start: 0, compareValue: 777, executed: 777),
        Deadline(instructionsPerTick: 8, start: 0, compareValue: 1, executed: 8),
        Deadline(instructionsPerTick: 8, start: 3, compareValue: 1, executed: 5),
        Deadline(instructionsPerTick: 8, start: 8_000_001, compareValue: 1_000_100, executed: 799),
        Deadline(instructionsPerTick: 16, start: 100, compareValue: 7, executed: 12),
        Deadline(instructionsPerTick: 8, start: 80, compareValue: 10, executed: 0),
        Deadline(instructionsPerTick: 8, start: 800, compareValue: 10, executed: 0),
    ]

    @Test(
        "A timer interrupt is taken before the first instruction that sees its compare value", arguments: deadlines,
        [UInt64.max, 100, 7, 1])
    func timerInterrupt(_ expected: Deadline, slice: UInt64) {
        var configuration = CPUConfiguration()
        configuration.instructionsPerTick = expected.instructionsPerTick
        let fixture = SystemFixture(configuration: configuration)
        fixture.installVectors()
        fixture.store(code: Array(repeating: Code.nop, count: 4096))
        fixture.environment.onTimer = { [unowned fixture] _, level, _ in
            fixture.cpu.setInterruptLines(irq: level, fiq: false)
        }
        let cpu = fixture.cpu
        cpu.pstate = 0x345
        cpu.system.timers.virtual.compareValue = expected.compareValue
        cpu.system.timers.virtual.isEnabled = true
        fixture.cluster.timeBase = expected.start
        var total: UInt64 = 0
        var exit = CPUExit.budget
        while exit == .budget && total < 10_000 {
            exit = cpu.run(budget: min(slice, 10_000))
            total += cpu.executedInRun
            fixture.cluster.timeBase += cpu.executedInRun
        }
        #expect(exit == .hypercall(.hvc, immediate: 0x280))
        #expect(cpu.system.elr_el1 == SystemFixture.code + 4 * expected.executed)
        #expect(total == expected.executed + 1, "and the HVC at the vector")
        #expect(cpu.system.spsr_el1 == 0x345)
    }

    @Test("An interrupt that an instruction raises or unmasks is taken before the next instruction")
    func promptness() {
        let device: UInt64 = 0x9000_0000
        let priorityMask = SystemRegisterEncoding(3, 0, 4, 6, 0)
        for (word, pending) in [
            (Code.store, false), (Word.daifClr(2), true), (Word.msr(.daif, 1), true), (Word.msr(priorityMask, 1), true),
            (Word.msr(.cntvCTL, 3), false),
        ] {
            let fixture = SystemFixture()
            fixture.installVectors()
            fixture.store(code: [Code.nop, word, Code.nop, Code.nop])
            let cpu = fixture.cpu
            fixture.environment.onWrite = { [unowned fixture] _, _ in
                fixture.cpu.setInterruptLines(irq: true, fiq: false)
                return true
            }
            fixture.environment.onTimer = { [unowned fixture] _, level, _ in
                fixture.cpu.setInterruptLines(irq: level, fiq: false)
            }
            fixture.environment.systemRegisters[priorityMask.rawValue] = 0
            fixture.environment.onSystemWrite = { [unowned fixture] in
                fixture.cpu.setInterruptLines(irq: true, fiq: false)
            }
            let isUnmasked = word == Code.store || word == Word.msr(priorityMask, 1) || word == Word.msr(.cntvCTL, 3)
            cpu.pstate = isUnmasked ? 0x345 : 0x3C5
            cpu.setX(0, device)
            cpu.setX(3, 1)
            if pending && !isUnmasked { cpu.setInterruptLines(irq: true, fiq: false) }
            #expect(cpu.run(budget: 10) == .hypercall(.hvc, immediate: 0x280))
            #expect(cpu.system.elr_el1 == SystemFixture.code + 8)
            #expect(cpu.executedInRun == 3)
        }
    }

    @Test("WFI ends the run, which continues at the timer's deadline")
    func waiting() {
        var configuration = CPUConfiguration()
        configuration.instructionsPerTick = 8
        let fixture = SystemFixture(configuration: configuration)
        fixture.installVectors()
        fixture.store(code: [Code.nop, Word.wfi, Code.nop, Word.daifClr(2), Code.nop])
        fixture.environment.onTimer = { [unowned fixture] _, level, _ in
            fixture.cpu.setInterruptLines(irq: level, fiq: false)
        }
        let cpu = fixture.cpu
        cpu.system.timers.physical.compareValue = 1_000_000
        cpu.system.timers.physical.isEnabled = true
        #expect(cpu.run(budget: 1000) == .waitForInterrupt)
        #expect(cpu.executedInRun == 2)
        #expect(cpu.pc == SystemFixture.code + 8)
        fixture.cluster.timeBase += 2
        #expect(cpu.timerDeadline() == 8_000_000)
        fixture.cluster.timeBase = cpu.timerDeadline()
        // Woken with the interrupt masked: it is taken once it is unmasked.
        #expect(cpu.run(budget: 1000) == .hypercall(.hvc, immediate: 0x280))
        #expect(cpu.system.elr_el1 == SystemFixture.code + 16)
        #expect(cpu.counterValue == 1_000_000)
    }

    // MARK: - Steps

    struct Step: Sendable, CustomTestStringConvertible {
        var name: String
        var word: UInt32
        /// PC, relative to the code unless it is a vector, and PSTATE afterwards.
        var pc: UInt64
        var pstate: UInt64
        var spsr: UInt64 = 0x185

        var testDescription: String { name }
    }

    static let steps: [Step] = [
        Step(name: "NOP", word: Code.nop, pc: SystemFixture.code + 4, pstate: 0x345),
        Step(name: "MSR DAIFClr", word: Word.daifClr(0xF), pc: SystemFixture.code + 4, pstate: 0x005),
        Step(name: "MSR DAIFSet", word: Word.daifSet(2), pc: SystemFixture.code + 4, pstate: 0x3C5),
        Step(name: "MRS DAIF", word: Word.mrs(.daif, 1), pc: SystemFixture.code + 4, pstate: 0x345),
        Step(name: "ERET", word: Word.eret, pc: SystemFixture.code + 0x40, pstate: 0x185),
        Step(name: "SVC", word: Word.svc(0), pc: SystemFixture.vectors + 0x200, pstate: 0x3C5, spsr: 0x345),
        Step(name: "BRK", word: Word.brk(0), pc: SystemFixture.vectors + 0x200, pstate: 0x3C5, spsr: 0x345),
        Step(name: "WFI", word: Word.wfi, pc: SystemFixture.code + 4, pstate: 0x345),
    ]

    @Test("A step holds a pending interrupt off, and the guest can't notice it", arguments: steps)
    func step(_ expected: Step) {
        let fixture = SystemFixture()
        fixture.installVectors()
        fixture.store(code: [expected.word])
        let cpu = fixture.cpu
        cpu.pstate = 0x345
        cpu.system.spsr_el1 = 0x185
        cpu.system.elr_el1 = SystemFixture.code + 0x40
        cpu.setInterruptLines(irq: true, fiq: false)
        #expect(cpu.step() == .stepped)
        #expect(cpu.pc == expected.pc)
        #expect(cpu.pstate == expected.pstate)
        #expect(cpu.system.spsr_el1 == expected.spsr)
        if expected.word == Word.mrs(.daif, 1) { #expect(cpu.x(1) == 0x340) }
    }

    @Test("A guest's BRK stops only when the debugger catches these, and then in front of it")
    func caughtBreakpoint() {
        let fixture = SystemFixture()
        fixture.store(code: [Code.nop, Word.brk(0x800)])
        fixture.cluster.catches.insert(.brk)
        #expect(fixture.cpu.run(budget: 10) == .guestBreakpoint(comment: 0x800))
        #expect(fixture.cpu.pc == SystemFixture.code + 4)
        #expect(fixture.cpu.executedInRun == 1)
        #expect(fixture.cpu.system.esr_el1 == 0)
    }

    @Test("A reset reports timer outputs that fall and leaves the controller's lines")
    func reset() {
        let fixture = SystemFixture()
        let cpu = fixture.cpu
        cpu.setX(0, 1)
        fixture.execute(Word.msr(.cntpCTL))
        cpu.setInterruptLines(irq: false, fiq: true)
        cpu.setSErrorPending()
        cpu.system.sctlr_el1 |= 1
        cpu.reset()
        #expect(fixture.environment.timerLevels.map(\.level) == [true, false])
        #expect(cpu.system.pendingInterrupts == .fiq)
        #expect(cpu.system.sctlr_el1 == SystemRegisters.sctlrReset)
    }
}
