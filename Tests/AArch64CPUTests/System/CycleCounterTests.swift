import AArch64
import Testing

import AArch64CPU

/// PMCCNTR_EL0 and what governs it.
@Suite struct CycleCounterTests {
    private static let control = SystemRegisterEncoding(3, 3, 9, 12, 0)
    private static let enableSet = SystemRegisterEncoding(3, 3, 9, 12, 1)
    private static let enableClear = SystemRegisterEncoding(3, 3, 9, 12, 2)
    private static let overflowClear = SystemRegisterEncoding(3, 3, 9, 12, 3)
    private static let count = SystemRegisterEncoding(3, 3, 9, 13, 0)

    /// Runs as many NOPs.
    private func run(_ fixture: SystemFixture, instructions: Int) {
        fixture.store(code: [Code.branchToSelf])
        fixture.cpu.pc = SystemFixture.code
        _ = fixture.cluster.run(0, budget: instructions)
        fixture.cluster.timeBase += UInt64(instructions)
        fixture.cpu.catchUp()
    }

    private func write(_ fixture: SystemFixture, _ register: SystemRegisterEncoding, _ value: UInt64) {
        fixture.cpu.setX(0, value)
        fixture.execute(Word.msr(register))
    }

    private func read(_ fixture: SystemFixture, _ register: SystemRegisterEncoding) -> UInt64 {
        fixture.execute(Word.mrs(register, 1))
        return fixture.cpu.x(1)
    }

    @Test("Cycles count instructions while PMCR_EL0.E and the counter's enable bit are set")
    func counts() {
        let fixture = SystemFixture()
        for (control, isEnabled, expected) in [(0, false, 0), (1, false, 0), (0, true, 0), (1, true, 1000)]
            as [(UInt64, Bool, UInt64)]
        {
            write(fixture, Self.control, control | 1 << 2)
            write(fixture, isEnabled ? Self.enableSet : Self.enableClear, 1 << 31)
            run(fixture, instructions: 1000)
            #expect(read(fixture, Self.count) == expected)
        }
        write(fixture, Self.count, 5)
        run(fixture, instructions: 10)
        #expect(read(fixture, Self.count) == 15)
        write(fixture, Self.control, 1 | 1 << 2)
        #expect(read(fixture, Self.count) == 0)
    }

    @Test("A debugger that reads the counter does not lose the cycles of the 64 that have begun")
    func readByDebugger() throws {
        let fixture = SystemFixture()
        write(fixture, Self.enableSet, 1 << 31)
        write(fixture, Self.control, 1 | 1 << 3)
        for _ in 0..<200 {
            run(fixture, instructions: 32)
            _ = try fixture.cpu.debuggerRead(Self.count)
        }
        #expect(read(fixture, Self.count) == 100)
    }

    @Test("PMCR_EL0.D counts every 64th cycle, and PMOVSCLR_EL0 shows an overflow of 32 bits or, with LC, of 64")
    func dividesAndOverflows() {
        let fixture = SystemFixture()
        write(fixture, Self.enableSet, 1 << 31)
        write(fixture, Self.control, 1 | 1 << 3)
        run(fixture, instructions: 6400)
        #expect(read(fixture, Self.count) == 100)
        for (control, overflows) in [(1, true), (1 | 1 << 6, false)] as [(UInt64, Bool)] {
            write(fixture, Self.control, control)
            write(fixture, Self.count, 0xFFFF_FFF0)
            run(fixture, instructions: 0x20)
            #expect(read(fixture, Self.overflowClear) == (overflows ? 1 << 31 : 0))
            write(fixture, Self.overflowClear, 1 << 31)
            #expect(read(fixture, Self.overflowClear) == 0)
        }
    }
}
