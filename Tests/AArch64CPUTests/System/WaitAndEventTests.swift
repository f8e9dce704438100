import AArch64
import Testing

import AArch64CPU

@Suite struct WaitAndEventTests {
    typealias Mode = SystemFixture.Mode

    struct Wait: Sendable {
        var mode: Mode
        /// nTWI or nTWE.
        var isAllowed: Bool
        /// An interrupt is pending, or an event was.
        var isAwake: Bool
        enum Outcome: Sendable { case next, exit, trapped }
        var outcome: Outcome
    }

    static let waits: [Wait] = [
        Wait(mode: .el1h, isAllowed: false, isAwake: false, outcome: .exit),
        Wait(mode: .el1h, isAllowed: false, isAwake: true, outcome: .next),
        Wait(mode: .el0t, isAllowed: true, isAwake: false, outcome: .exit),
        Wait(mode: .el0t, isAllowed: true, isAwake: true, outcome: .next),
        Wait(mode: .el0t, isAllowed: false, isAwake: false, outcome: .trapped),
        // A wait that would end at once is not trapped.
        Wait(mode: .el0t, isAllowed: false, isAwake: true, outcome: .next),
    ]

    func check(_ fixture: SystemFixture, _ expected: Wait, _ result: CPUExit?, exit: CPUExit, syndrome: UInt64) {
        switch expected.outcome {
        case .next:
            #expect(result == nil)
            #expect(fixture.cpu.pc == SystemFixture.code + 4)
        case .exit:
            #expect(result == exit)
            #expect(fixture.cpu.pc == SystemFixture.code + 4)
        case .trapped:
            #expect(result == nil)
            #expect(fixture.cpu.pc == SystemFixture.vectors + 0x400)
            #expect(fixture.cpu.system.esr_el1 == syndrome)
            #expect(fixture.cpu.system.elr_el1 == SystemFixture.code)
        }
    }

    @Test("WFI waits unless an interrupt is pending, masked as it may be", arguments: waits)
    func waitForInterrupt(_ expected: Wait) {
        let fixture = SystemFixture()
        fixture.enter(expected.mode)
        fixture.cpu.system.sctlr_el1 = expected.isAllowed ? 1 << 16 : 1 << 18
        fixture.cpu.setInterruptLines(irq: expected.isAwake, fiq: false)
        let result = fixture.execute(Word.wfi)
        check(fixture, expected, result, exit: .waitForInterrupt, syndrome: 0x07E0_0000)
    }

    @Test("WFE waits unless there was an event, which it consumes", arguments: waits)
    func waitForEvent(_ expected: Wait) {
        let fixture = SystemFixture()
        fixture.enter(expected.mode)
        fixture.cpu.system.sctlr_el1 = expected.isAllowed ? 1 << 18 : 1 << 16
        fixture.cpu.system.eventRegister = expected.isAwake
        let result = fixture.execute(Word.wfe)
        check(fixture, expected, result, exit: .waitForEvent, syndrome: 0x07E0_0001)
        #expect(!fixture.cpu.system.eventRegister)
    }

    @Test("SEV sets every vCPU's event register, SEVL the own one alone")
    func events() {
        let fixture = SystemFixture(vcpuCount: 3)
        fixture.execute(Word.sevl, on: fixture.cluster.vcpus[1])
        #expect(fixture.cluster.vcpus.map(\.system.eventRegister) == [false, true, false])
        #expect(fixture.execute(Word.wfe, on: fixture.cluster.vcpus[1]) == nil)
        #expect(fixture.execute(Word.wfe, on: fixture.cluster.vcpus[1]) == .waitForEvent)
        fixture.execute(Word.sev, on: fixture.cluster.vcpus[2])
        #expect(fixture.cluster.vcpus.map(\.system.eventRegister) == [true, true, true])
    }

    @Test("A wait in WFE ends with an event, an interrupt, a change of the marked bytes, or after a millisecond")
    func endOfWait() {
        let fixture = SystemFixture(vcpuCount: 2)
        let cpu = fixture.cluster.vcpus[0]
        func wait() {
            cpu.pc = SystemFixture.code
            #expect(fixture.execute(Word.wfe) == .waitForEvent)
            #expect(!cpu.endWait())
        }
        wait()
        fixture.execute(Word.sev, on: fixture.cluster.vcpus[1])
        #expect(cpu.endWait())
        #expect(!cpu.system.eventRegister)
        wait()
        cpu.pstate = 0x5
        cpu.setInterruptLines(irq: true, fiq: false)
        #expect(cpu.endWait())
        cpu.pstate = 0x3C5
        wait()
        #expect(!cpu.endWait(), "a masked interrupt is no event")
        fixture.cluster.timeBase += 249_999
        #expect(!cpu.endWait())
        fixture.cluster.timeBase += 1
        #expect(cpu.endWait())
    }

    @Test("YIELD lets another vCPU run, and unallocated hints do nothing")
    func hints() {
        let fixture = SystemFixture()
        #expect(fixture.execute(Word.yield) == .yield)
        #expect(fixture.cpu.pc == SystemFixture.code + 4)
        for hint: UInt32 in [0, 6, 7, 16, 32, 34, 127] {
            #expect(fixture.execute(0xD503_201F | hint << 5) == nil)
        }
        #expect(fixture.cpu.pc == SystemFixture.code + 4 + 7 * 4)
        #expect(fixture.execute(Word.isb) == nil)
        #expect(fixture.cpu.system.esr_el1 == 0)
    }

    @Test("MSR DAIFSet and DAIFClr change the bits named, and at EL0 only with SCTLR_EL1.UMA")
    func interruptMasks() {
        let fixture = SystemFixture()
        fixture.cpu.pstate = 0x5
        fixture.execute(Word.daifSet(0b1010))
        #expect(fixture.cpu.pstate == 0x285)
        fixture.execute(Word.daifSet(0b0001))
        fixture.execute(Word.daifClr(0b0011))
        #expect(fixture.cpu.pstate == 0x205)

        fixture.cpu.pstate = 0x3C0
        fixture.cpu.pc = SystemFixture.code
        fixture.execute(Word.daifClr(0b0010))
        // Op0 0, Op2 7, Op1 3, CRn 4, Rt 31, CRm 2, a write.
        #expect(fixture.cpu.system.esr_el1 == 0x6200_0000 | 7 << 17 | 3 << 14 | 4 << 10 | 31 << 5 | 2 << 1)
        #expect(fixture.cpu.system.spsr_el1 == 0x3C0)

        fixture.cpu.system.sctlr_el1 |= 1 << 9
        fixture.cpu.pstate = 0x3C0
        fixture.execute(Word.daifClr(0b0010))
        #expect(fixture.cpu.pstate == 0x340)
        fixture.cpu.setX(0, 0x1C0)
        fixture.execute(Word.msr(.daif))
        #expect(fixture.cpu.pstate == 0x1C0)
    }

    @Test("Unmasking a pending interrupt asks for attention; masking or unmasking another does not")
    func unmasking() {
        let fixture = SystemFixture()
        fixture.enter(.el1h)
        fixture.cpu.setInterruptLines(irq: true, fiq: false)
        for (word, attention) in [
            (Word.daifClr(0b1101), false), (Word.daifSet(0b0010), false), (Word.daifClr(0b0010), true),
        ] {
            fixture.cpu.state[VCPUState.attention] = 0
            fixture.execute(word)
            #expect((fixture.cpu.state[VCPUState.attention] != 0) == attention)
        }
        fixture.cpu.state[VCPUState.attention] = 0
        fixture.cpu.setInterruptLines(irq: true, fiq: false)
        #expect(fixture.cpu.state[VCPUState.attention] != 0, "an unmasked line that rises does too")
    }

    @Test("MSR SPSel selects the stack pointer at EL1 and is UNDEFINED at EL0")
    func stackSelect() {
        let fixture = SystemFixture()
        fixture.enter(.el1h)
        fixture.cpu.sp = 0x1111
        fixture.cpu.setBankedSP(0, 0x2222)
        fixture.execute(Word.spSel(0))
        #expect(fixture.cpu.sp == 0x2222)
        #expect(fixture.cpu.pstate & 1 == 0)
        fixture.cpu.setX(0, 1)
        fixture.execute(Word.msr(.spSel))
        #expect(fixture.cpu.sp == 0x1111)
        fixture.enter(.el0t)
        fixture.execute(Word.spSel(1))
        #expect(fixture.cpu.system.esr_el1 == 0x0200_0000)
    }
}
