import AArch64
import AArch64CPU
import Testing

private let ram = EngineFixture.ram
private let data = EngineFixture.data

struct DebugTests {
    @Test("A breakpoint stops in front of its instruction, wherever in a block, and again when it comes back")
    func breakpoint() {
        let fixture = EngineFixture([
            "add x0, x0, #1", "add x1, x1, #1", "add x2, x2, #1",
            "b #-12",
        ])
        // The block is there already.
        fixture.run(8)
        for address in [ram, ram + 4, ram + 8, ram + 12] {
            fixture.cluster.setBreakpoints([address])
            #expect(fixture.run(100) == .breakpoint)
            #expect(fixture.cpu.pc == address)
            let before = (0..<3).map { fixture.cpu.x($0) }
            // Not ignored, it hits at once; ignored, a whole round later.
            #expect(fixture.run(100) == .breakpoint)
            #expect(fixture.cpu.executedInRun == 0)
            #expect(fixture.run(100, ignoringBreakpointAtPC: true) == .breakpoint)
            #expect(fixture.cpu.executedInRun == 4)
            #expect((0..<3).map { fixture.cpu.x($0) } == before.map { $0 + 1 })
        }
        fixture.cluster.setBreakpoints([])
        #expect(fixture.run(100) == .budget)
    }

    /// `add x0, x0, #1`, `ldr x2, [x3]`, `b #-8`, with a breakpoint on the load that is bound to another table.
    private func boundElsewhere() -> EngineFixture {
        let fixture = EngineFixture([
            "add x0, x0, #1", "ldr x2, [x3]", "b #-8",
        ])
        fixture.cpu.setX(3, data)
        fixture.cpu.system.ttbr0_el1 = 0x9000
        fixture.cluster.setBreakpoints([ram + 4])
        fixture.cluster.breakpointBindings = [ram + 4: AddressSpaceBinding(ttbr0: 0x8000)]
        return fixture
    }

    @Test("A breakpoint bound to another address space is passed, and every instruction executed once")
    func boundBreakpoint() {
        let fixture = boundElsewhere()
        for budget in [3000, 1, 1, 1, 2, 7] { #expect(fixture.run(budget) == .budget) }
        #expect(fixture.cpu.x(0) == 1004)
        #expect(fixture.cluster.timeBase == 3012)
        #expect(fixture.cpu.pc == ram)
        // In its own it stops, and a binding of another address changes nothing.
        fixture.cpu.system.ttbr0_el1 = 0x7_0000_0000_8000
        #expect(fixture.run(100) == .breakpoint)
        #expect(fixture.cpu.pc == ram + 4 && fixture.cpu.executedInRun == 1)
        fixture.cpu.system.ttbr0_el1 = 0x9000
        fixture.cluster.breakpointBindings = [ram: AddressSpaceBinding(ttbr0: 0x8000)]
        #expect(fixture.run(100) == .breakpoint)
    }

    @Test("What stops at a passed breakpoint's instruction still does")
    func watchpointBehindBoundBreakpoint() {
        let fixture = boundElsewhere()
        fixture.cluster.setWatchpoints([Watchpoint(address: data, length: 8, kinds: .read)])
        #expect(fixture.run(100) == .watchpoint(point: 0, address: data))
        #expect(fixture.cpu.pc == ram + 4 && fixture.cpu.executedInRun == 1)
        // And what faults there faults.
        fixture.cluster.setWatchpoints([])
        fixture.cpu.setX(3, 0x100)
        #expect(fixture.run(1) == .budget)
        #expect(fixture.cpu.pc == EngineFixture.vectors + 0x200)
        #expect(fixture.cpu.system.elr_el1 == ram + 4)
    }

    @Test("A timer interrupts at the same instruction, whether breakpoints are passed or not", arguments: 1...12)
    func interruptAtBoundBreakpoint(ticks: UInt64) {
        func interrupted(_ isBound: Bool) -> (UInt64, UInt64, UInt64) {
            let fixture = boundElsewhere()
            if !isBound { fixture.cluster.setBreakpoints([]) }
            fixture.put(["b #0"], at: EngineFixture.vectors + 0x280)
            fixture.device.onTimer = { [unowned fixture] level, _ in
                fixture.cpu.setInterruptLines(irq: level, fiq: false)
            }
            fixture.cpu.pstate = 0x345
            fixture.cpu.system.timers.virtual.compareValue = ticks
            fixture.cpu.system.timers.virtual.isEnabled = true
            #expect(fixture.run(100) == .budget)
            return (fixture.cpu.system.elr_el1, fixture.cpu.x(0), fixture.cpu.pc)
        }
        #expect(interrupted(true) == interrupted(false))
        #expect(interrupted(true).2 == EngineFixture.vectors + 0x280)
    }

    @Test("The table before this one in TTBR1_EL1 is remembered, whatever the ASIDs")
    func earlierTable() {
        let fixture = EngineFixture([
            "msr ttbr1_el1, x1", "msr ttbr1_el1, x2", "msr ttbr1_el1, x3",
        ])
        fixture.cpu.setX(1, 0x2_0000_4000_1000)
        fixture.cpu.setX(2, 0x4_0000_4000_1000)
        fixture.cpu.setX(3, 0x5_0000_4000_0000)
        fixture.run(2)
        #expect(fixture.cpu.system.earlierTTBR1 == 0)
        fixture.run(1)
        #expect(fixture.cpu.system.earlierTTBR1 == 0x4_0000_4000_1000)
        fixture.cpu.reset()
        #expect(fixture.cpu.system.earlierTTBR1 == nil)
    }

    @Test("A breakpoint does not split what its budget allows")
    func budgetAtBreakpoint() {
        let fixture = EngineFixture(["nop", "nop", "nop"])
        fixture.cluster.setBreakpoints([ram + 8])
        #expect(fixture.run(2) == .budget)
        #expect(fixture.cpu.pc == ram + 8)
        #expect(fixture.run(1) == .breakpoint)
    }

    @Test("A step is one instruction; one that takes an exception stops at the vector")
    func step() {
        let fixture = EngineFixture([
            "mov x0, #1", "b #8", "nop", "svc #0",
        ])
        #expect(fixture.step() == .stepped)
        #expect(fixture.cpu.pc == ram + 4)
        #expect(fixture.step() == .stepped)
        #expect(fixture.cpu.pc == ram + 12)
        #expect(fixture.step() == .stepped)
        #expect(fixture.cpu.pc == EngineFixture.vectors + 0x200)
        #expect(fixture.cpu.system.elr_el1 == ram + 16)
    }

    @Test("A step takes no interrupt, and leaves PSTATE as the program has it", arguments: [true, false])
    func stepWithInterrupt(_ isPending: Bool) {
        let fixture = EngineFixture([
            "mrs x0, daif", "msr daifset, #2", "mrs x1, daif",
            "msr daifclr, #2",
            "mrs x2, daif", "svc #0",
        ])
        fixture.cpu.pstate = 0x345
        fixture.cpu.setInterruptLines(irq: isPending, fiq: false)
        for _ in 0..<6 { #expect(fixture.step() == .stepped) }
        #expect(fixture.cpu.x(0) == 0x340)
        #expect(fixture.cpu.x(1) == 0x3C0)
        #expect(fixture.cpu.x(2) == 0x340)
        #expect(fixture.cpu.system.spsr_el1 == 0x345)
        #expect(fixture.cpu.pc == EngineFixture.vectors + 0x200)
    }

    @Test("A step over WFI does not wait")
    func stepWait() {
        let fixture = EngineFixture(["wfi", "wfe", "hvc #7"])
        #expect(fixture.step() == .stepped)
        #expect(fixture.step() == .stepped)
        #expect(fixture.cpu.pc == ram + 8)
        #expect(fixture.step() == .hypercall(.hvc, immediate: 7))
        #expect(fixture.cpu.pc == ram + 12)
    }

    @Test("Exclusives keep their reservation over steps")
    func stepExclusive() {
        let fixture = EngineFixture([
            "ldxr x1, [x3]", "add x1, x1, #1", "stxr w2, x1, [x3]",
        ])
        fixture.cpu.setX(3, data)
        fixture.cpu.setX(2, 9)
        for _ in 0..<3 { fixture.step() }
        #expect(fixture.cpu.x(2) == 0)
        #expect(fixture.load(data) == 1 as UInt64)
    }

    @Test("The guest's BRK is its own unless it is caught")
    func guestBreakpoint() {
        let fixture = EngineFixture(["nop", "brk #0x123"])
        fixture.cluster.catches.insert(.brk)
        #expect(fixture.run(10) == .guestBreakpoint(comment: 0x123))
        #expect(fixture.cpu.pc == ram + 4)
        #expect(fixture.cpu.executedInRun == 1)
        fixture.cluster.catches.remove(.brk)
        #expect(fixture.run(1) == .budget)
        #expect(fixture.cpu.pc == EngineFixture.vectors + 0x200)
        #expect(fixture.cpu.system.esr_el1 >> 26 == 0x3C)
    }

    @Test("Registers of the other stack pointer and of a reset vCPU are right")
    func registers() {
        let fixture = EngineFixture([
            "msr spsel, #0", "mov x0, sp", "msr spsel, #1",
            "mov x1, sp",
        ])
        fixture.cpu.setBankedSP(0, 0x1000)
        fixture.cpu.setBankedSP(1, 0x2000)
        #expect(fixture.cpu.sp == 0x2000)
        fixture.run(4)
        #expect(fixture.cpu.x(0) == 0x1000)
        #expect(fixture.cpu.x(1) == 0x2000)
        fixture.cpu.pstate = 0x3C0
        #expect(fixture.cpu.sp == 0x1000)
        fixture.cpu.sp = 0x3000
        fixture.cpu.pstate = 0x6000_03C5
        #expect(fixture.cpu.sp == 0x2000)
        #expect(fixture.cpu.bankedSP(0) == 0x3000)
        #expect(fixture.cpu.nzcv >> 28 == 6)
        fixture.cpu.setV(31, (1, 2))
        #expect(fixture.cpu.v(31) == (1, 2))
        fixture.cpu.reset()
        #expect(fixture.cpu.pstate == 0x3C5)
        #expect((0..<31).allSatisfy { fixture.cpu.x($0) == 0 })
        #expect(fixture.cpu.sp == 0)
        #expect(fixture.cpu.pc == 0)
        #expect(fixture.cpu.v(31) == (0, 0))
    }
}
