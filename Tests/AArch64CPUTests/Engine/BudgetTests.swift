import AArch64CPU
import Testing

private let ram = EngineFixture.ram

/// Blocks of several shapes: a call, an endless loop, merged comparisons, folded constants, stores.
private let program: [String] = [
    "mov x0, #20", "movz x1, #0x1234", "movk x1, #0x4000, lsl #16",
    "movz x9, #8",
    "movk x9, #0x4008, lsl #16", "bl #0xfdc", "add x2, x2, x1",
    "str x2, [x9], #8",
    "cmp x0, #7", "b.eq #8", "add x3, x3, #1",
    "subs x0, x0, #1", "b.ne #-28",
    "b #-32",
]

/// The function that the program calls, which begins in one page and ends in the next.
private let function: [String] = [
    "add x4, x4, x3, lsl #2", "tbz x4, #3, #8", "eor x5, x5, x4",
    "add x6, x6, #1",
    "ret",
]

struct BudgetTests {
    private func fixture() -> EngineFixture {
        let fixture = EngineFixture(program)
        fixture.put(function, at: ram + 0xFF0)
        return fixture
    }

    private func state(_ fixture: EngineFixture) -> [UInt64] {
        (0..<31).map { fixture.cpu.x($0) } + [fixture.cpu.pc, fixture.cpu.pstate, fixture.cluster.timeBase]
    }

    @Test(
        "However a run is cut into budgets, the same instructions are executed",
        arguments: [1, 2, 3, 5, 7, 11, 64, 100, 1023, 1024, 1025, 5000, (1 << 17) + 1])
    func cutting(_ size: Int) {
        let whole = fixture()
        let pieces = fixture()
        for round in 1...30 {
            whole.run(size * round)
            #expect(whole.cpu.executedInRun == UInt64(size * round))
            for _ in 0..<round {
                #expect(pieces.run(size) == .budget)
                #expect(pieces.cpu.executedInRun == UInt64(size))
            }
            #expect(state(whole) == state(pieces))
        }
    }

    @Test("Steps and budgets execute the same instructions")
    func steps() {
        let run = fixture()
        let stepped = fixture()
        for count in 1...60 {
            run.run(1)
            #expect(stepped.step() == .stepped)
            #expect(state(run) == state(stepped), "after \(count)")
        }
    }

    @Test("Breakpoints that are passed change nothing about what runs when")
    func breakpoints() {
        let plain = fixture()
        let stopping = fixture()
        stopping.cluster.setBreakpoints([ram + 0x18, ram + 0x24, ram + 0x34, ram + 0x3C])
        plain.run(500)
        var left = 500
        var stops = 0
        var passes = false
        while left > 0 {
            let exit = stopping.run(left, ignoringBreakpointAtPC: passes)
            left -= Int(stopping.cpu.executedInRun)
            passes = exit == .breakpoint
            if passes { stops += 1 }
        }
        #expect(stops > 50)
        #expect(state(plain) == state(stopping))
    }

    @Test("A budget of nothing executes nothing")
    func nothing() {
        let fixture = fixture()
        #expect(fixture.run(0) == .budget)
        #expect(fixture.cpu.pc == ram)
        #expect(fixture.run(0, ignoringBreakpointAtPC: true) == .budget)
        #expect(fixture.cpu.pc == ram)
    }

    @Test("A timer interrupt comes at the same instruction however the run is cut", arguments: [1, 3, 7, 1000, 5000])
    func timer(_ size: Int) {
        var configuration = CPUConfiguration()
        configuration.instructionsPerTick = 8
        let fixture = EngineFixture(
            configuration: configuration, ["add x0, x0, #1", "b #-4"])
        fixture.device.onTimer = { level, vcpu in
            fixture.cluster.vcpus[vcpu].setInterruptLines(irq: level, fiq: false)
        }
        fixture.cpu.pstate = 0x345  // EL1h, I clear
        fixture.cpu.system.timers.virtual.compareValue = 500
        fixture.cpu.system.timers.virtual.isEnabled = true
        fixture.put(["b #0"], at: EngineFixture.vectors + 0x280)
        while fixture.cluster.timeBase < 5000 { fixture.run(min(size, Int(5000 - fixture.cluster.timeBase))) }
        // The count reaches 500 with instruction 4,000: 2,000 of them were additions.
        #expect(fixture.cpu.x(0) == 2000)
        #expect(fixture.cpu.system.elr_el1 == ram)
        #expect(fixture.cpu.pc == EngineFixture.vectors + 0x280)
    }

    @Test("A device access that raises an interrupt is followed by it at once")
    func deviceInterrupt() {
        let fixture = EngineFixture([
            "add x0, x0, #1", "str w0, [x1]", "add x0, x0, #1",
            "add x0, x0, #1",
        ])
        fixture.device.onAccess = { _, vcpu in
            fixture.cluster.vcpus[vcpu].setInterruptLines(irq: true, fiq: false)
        }
        fixture.cpu.pstate = 0x345
        fixture.cpu.setX(1, RecordingDevice.base)
        fixture.put(["b #0"], at: EngineFixture.vectors + 0x280)
        fixture.run(10)
        #expect(fixture.cpu.x(0) == 1)
        #expect(fixture.cpu.system.elr_el1 == ram + 8)
    }

    @Test("Another thread's request ends a run that would not end")
    func request() {
        let fixture = EngineFixture(["b #0"])
        let request = fixture.cluster.exitRequest
        request.request()
        #expect(fixture.run(Int.max) == .requested)
        #expect(fixture.run(10) == .budget)
    }

    @Test("The same program runs the same when the block cache is so small that it is always full")
    func smallCache() {
        var configuration = CPUConfiguration()
        configuration.blockCacheSize = 1
        let small = EngineFixture(configuration: configuration)
        let large = EngineFixture()
        for fixture in [small, large] {
            // A hundred blocks in a row, over and over.
            for block in 0..<100 {
                fixture.put(
                    ["add x0, x0, x1", "add x1, x1, #1", "b #4"],
                    at: ram + 12 * UInt64(block))
            }
            fixture.put(["adr x2, #-1200", "br x2"], at: ram + 1200)
            fixture.run(100_000)
        }
        #expect(state(small) == state(large))
    }
}
