import AArch64
import Testing

import AArch64CPU

@Suite struct ExceptionReturnTests {
    struct Return: Sendable {
        var spsr: UInt64
        /// PSTATE at the target, or nil for an illegal return.
        var pstate: UInt64?
    }

    static let returns: [Return] = [
        Return(spsr: 0x0, pstate: 0x0),
        Return(spsr: 0x4, pstate: 0x4),
        Return(spsr: 0x5, pstate: 0x5),
        Return(spsr: 0xF000_03C0, pstate: 0xF000_03C0),
        Return(spsr: 0x6000_0145, pstate: 0x6000_0145),
        // SS is not acted on, and bits of extensions that aren't offered are dropped.
        Return(spsr: 0x0020_0000, pstate: 0),
        Return(spsr: 0x03C0_1C05, pstate: 5),
        // AArch32, EL2, EL3, EL0 with SP set, M[1] set.
        Return(spsr: 0x10), Return(spsr: 0x13), Return(spsr: 0x8), Return(spsr: 0x9), Return(spsr: 0xC),
        Return(spsr: 0xD), Return(spsr: 0x1), Return(spsr: 0x2), Return(spsr: 0x6), Return(spsr: 0x7),
    ]

    @Test(
        "ERET goes where SPSR_EL1 says; an illegal one stays and raises an Illegal Execution state", arguments: returns)
    func exceptionReturn(_ expected: Return) {
        let fixture = SystemFixture()
        let cpu = fixture.cpu
        let target = SystemFixture.code + 0x100
        cpu.pstate = 0x3C5
        cpu.system.spsr_el1 = expected.spsr | (expected.pstate == nil ? 0x9000_0200 : 0)
        cpu.system.elr_el1 = target
        fixture.execute(Word.eret)
        if let pstate = expected.pstate {
            #expect(cpu.pstate == pstate)
            #expect(cpu.pc == target)
            #expect(cpu.system.esr_el1 == 0)
        } else {
            #expect(cpu.pc == SystemFixture.vectors + 0x200)
            #expect(cpu.system.elr_el1 == target)
            #expect(cpu.system.esr_el1 == 0x3A00_0000)
            #expect(cpu.system.spsr_el1 == 0x9010_0205, "mode kept, IL set, NZCV and DAIF from SPSR_EL1")
            #expect(cpu.pstate == 0x9000_03C5, "IL is clear in the handler")
        }
    }

    @Test("A legal return with IL set faults at the level it returned to")
    func illegalStateSaved() {
        let fixture = SystemFixture()
        fixture.cpu.system.spsr_el1 = 1 << 20
        fixture.cpu.system.elr_el1 = SystemFixture.code + 8
        fixture.execute(Word.eret)
        #expect(fixture.cpu.pc == SystemFixture.vectors + 0x400)
        #expect(fixture.cpu.system.spsr_el1 == 1 << 20)
        #expect(fixture.cpu.system.esr_el1 == 0x3A00_0000)
    }

    @Test("A target that can't be fetched comes before the illegal state")
    func faultBeforeIllegalState() {
        let misaligned = SystemFixture()
        misaligned.cpu.system.spsr_el1 = 0x10
        misaligned.cpu.system.elr_el1 = SystemFixture.code + 2
        misaligned.execute(Word.eret)
        #expect(misaligned.cpu.system.esr_el1 == 0x8A00_0000)
        #expect(misaligned.cpu.system.far_el1 == SystemFixture.code + 2)
        #expect(misaligned.cpu.system.spsr_el1 == 0x10_0005)

        let unmapped = SystemFixture()
        unmapped.cpu.system.spsr_el1 = 0x10
        unmapped.cpu.system.elr_el1 = 1 << 50
        unmapped.execute(Word.eret)
        #expect(unmapped.cpu.system.esr_el1 == 0x8600_0000, "address size fault, level 0: the MMU is off")
        #expect(unmapped.cpu.system.far_el1 == 1 << 50)
    }

    @Test("ERET is UNDEFINED at EL0")
    func fromEL0() {
        let fixture = SystemFixture()
        fixture.enter(.el0t)
        fixture.execute(Word.eret)
        #expect(fixture.cpu.system.esr_el1 == 0x0200_0000)
        #expect(fixture.cpu.system.elr_el1 == SystemFixture.code)
    }

    @Test("ERET clears the exclusive monitor and sets the event register")
    func sideEffects() {
        let fixture = SystemFixture()
        fixture.cpu.state[VCPUState.exclusiveSize] = 8
        fixture.cpu.system.spsr_el1 = 0x3C5
        fixture.execute(Word.eret)
        #expect(fixture.cpu.state[VCPUState.exclusiveSize] == 0)
        #expect(fixture.cpu.system.eventRegister)
    }

    @Test("An interrupt that ERET unmasks is looked for at once")
    func unmasking() {
        let fixture = SystemFixture()
        fixture.cpu.setInterruptLines(irq: true, fiq: false)
        fixture.cpu.state[VCPUState.attention] = 0
        fixture.cpu.system.spsr_el1 = 0x385
        fixture.execute(Word.eret)
        #expect(fixture.cpu.state[VCPUState.attention] == 0, "still masked")
        fixture.cpu.system.spsr_el1 = 0x345
        fixture.execute(Word.eret)
        #expect(fixture.cpu.state[VCPUState.attention] != 0)
    }

    @Test("With TBI the tag of ELR_EL1 does not reach PC")
    func taggedTarget() {
        let fixture = SystemFixture()
        fixture.cpu.system.tcr_el1 = 1 << 37
        fixture.cpu.system.spsr_el1 = 0x3C5
        fixture.cpu.system.elr_el1 = 0xAB00_0000_4001_0000
        fixture.execute(Word.eret)
        #expect(fixture.cpu.pc == 0x4001_0000)
        fixture.cpu.system.tcr_el1 = 1 << 38
        fixture.cpu.system.elr_el1 = 0xABFF_FFFF_0000_0000
        fixture.execute(Word.eret)
        #expect(fixture.cpu.pc == 0xFFFF_FFFF_0000_0000)
        fixture.cpu.system.tcr_el1 = 0
        fixture.cpu.system.elr_el1 = 0xAB00_0000_4001_0000
        fixture.execute(Word.eret)
        #expect(fixture.cpu.pc == 0xAB00_0000_4001_0000, "without TBI it does, and the fetch will fault")
    }
}
