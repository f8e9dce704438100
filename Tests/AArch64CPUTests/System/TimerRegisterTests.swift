import AArch64
import Testing

import AArch64CPU

/// The timers as the guest programs them, with time set by hand.
@Suite struct TimerRegisterTests {
    struct Registers: Sendable {
        var timer: GenericTimer
        var timerValue: SystemRegisterEncoding
        var control: SystemRegisterEncoding
        var compareValue: SystemRegisterEncoding
    }

    static let timers = [
        Registers(timer: .physical, timerValue: .cntpTVAL, control: .cntpCTL, compareValue: .cntpCVAL),
        Registers(timer: .virtual, timerValue: .cntvTVAL, control: .cntvCTL, compareValue: .cntvCVAL),
    ]

    static func fixture(instructionsPerTick: UInt64 = 8) -> SystemFixture {
        var configuration = CPUConfiguration()
        configuration.instructionsPerTick = instructionsPerTick
        return SystemFixture(configuration: configuration)
    }

    /// Puts the vCPU at a virtual time, counted in instructions.
    static func setTime(_ fixture: SystemFixture, _ time: UInt64) {
        fixture.cpu.state[VCPUState.timeAtZero] = time
        fixture.cpu.state[VCPUState.budget] = 0
        fixture.cpu.state[VCPUState.ahead] = 0
    }

    func write(_ fixture: SystemFixture, _ register: SystemRegisterEncoding, _ value: UInt64) {
        fixture.cpu.setX(9, value)
        fixture.execute(Word.msr(register, 9))
    }

    func read(_ fixture: SystemFixture, _ register: SystemRegisterEncoding) -> UInt64 {
        fixture.execute(Word.mrs(register, 9))
        return fixture.cpu.x(9)
    }

    @Test("CNTPCT_EL0 and CNTVCT_EL0 count instructions divided by the ratio")
    func counters() {
        let fixture = Self.fixture()
        for (time, count) in [(0, 0), (7, 0), (8, 1), (15, 1), (16, 2), (8_000_000_000, 1_000_000_000)]
            as [(UInt64, UInt64)]
        {
            Self.setTime(fixture, time)
            #expect(read(fixture, .cntpct) == count)
            #expect(read(fixture, .cntvct) == count)
        }
    }

    @Test("The deadline is the first instruction that sees the compare value, and not one later", arguments: timers)
    func deadline(registers: Registers) {
        let fixture = Self.fixture()
        Self.setTime(fixture, 803)
        write(fixture, registers.control, 1)
        #expect(fixture.environment.timerLevels.map(\.level) == [true], "zero is in the past")
        write(fixture, registers.timerValue, 50)
        #expect(fixture.environment.timerLevels.map(\.level) == [true, false])
        #expect(read(fixture, registers.compareValue) == 150)
        #expect(read(fixture, registers.timerValue) == 50)
        #expect(read(fixture, registers.control) == 1)
        #expect(fixture.cpu.timerDeadline() == 1200)

        Self.setTime(fixture, 1199)
        fixture.cpu.updateTimers()
        #expect(fixture.environment.timerLevels.count == 2)
        #expect(fixture.cpu.timerDeadline() == 1200)
        Self.setTime(fixture, 1200)
        #expect(fixture.cpu.timerDeadline() <= 1200, "a rise not reported yet is due")
        fixture.cpu.updateTimers()
        #expect(fixture.environment.timerLevels.map(\.level) == [true, false, true])
        #expect(fixture.environment.timerLevels.allSatisfy { $0.timer == registers.timer && $0.vcpu == 0 })
        #expect(fixture.cpu.timerDeadline() == .max)
        #expect(read(fixture, registers.control) == 5)
        #expect(read(fixture, registers.timerValue) == 0)
    }

    @Test("IMASK and ENABLE take the output down and up at once", arguments: timers)
    func masking(registers: Registers) {
        let fixture = Self.fixture()
        Self.setTime(fixture, 800)
        write(fixture, registers.compareValue, 100)
        for (control, level) in [(1, true), (3, false), (1, true), (0, false), (2, false)] as [(UInt64, Bool)] {
            write(fixture, registers.control, control)
            #expect((fixture.environment.timerLevels.last?.level ?? false) == level)
        }
        #expect(fixture.environment.timerLevels.count == 4)
    }

    @Test("The earlier of two timers is the deadline, and a masked one is none")
    func twoTimers() {
        let fixture = Self.fixture(instructionsPerTick: 1)
        write(fixture, .cntpCVAL, 500)
        write(fixture, .cntpCTL, 1)
        #expect(fixture.cpu.timerDeadline() == 500)
        write(fixture, .cntvCVAL, 400)
        write(fixture, .cntvCTL, 3)
        #expect(fixture.cpu.timerDeadline() == 500)
        write(fixture, .cntvCTL, 1)
        #expect(fixture.cpu.timerDeadline() == 400)
        write(fixture, .cntvCVAL, .max)
        write(fixture, .cntpCTL, 0)
        #expect(fixture.cpu.timerDeadline() == .max)
    }

    @Test("A compare value no instruction count reaches is no deadline")
    func unreachable() {
        let fixture = Self.fixture(instructionsPerTick: 8)
        write(fixture, .cntvCVAL, .max / 4)
        write(fixture, .cntvCTL, 1)
        #expect(fixture.cpu.timerDeadline() == .max)
        #expect(fixture.environment.timerLevels.isEmpty)
    }

    @Test("WFI and ISR_EL1 see the timer of this very instruction")
    func pendingNow() {
        let fixture = Self.fixture(instructionsPerTick: 1)
        fixture.enter(.el1h)
        fixture.environment.onTimer = { [unowned fixture] _, level, _ in
            fixture.cpu.setInterruptLines(irq: level, fiq: false)
        }
        write(fixture, .cntvCVAL, 100)
        write(fixture, .cntvCTL, 1)
        Self.setTime(fixture, 99)
        #expect(read(fixture, .isr) == 0)
        #expect(fixture.execute(Word.wfi) == .waitForInterrupt)
        Self.setTime(fixture, 100)
        #expect(fixture.execute(Word.wfi) == nil)
        #expect(read(fixture, .isr) == 0x80)
    }

    @Test("Each vCPU has timers of its own")
    func perCPU() {
        let fixture = SystemFixture(vcpuCount: 2)
        fixture.cluster.vcpus[1].setX(0, 1)
        fixture.execute(Word.msr(.cntvCTL), on: fixture.cluster.vcpus[1])
        #expect(fixture.environment.timerLevels.map(\.vcpu) == [1])
        #expect(read(fixture, .cntvCTL) == 0)
    }
}
