import Testing

import AArch64CPU

@Suite struct GenericTimerTests {
    struct ControlCase: Sendable {
        var enabled: Bool
        var masked: Bool
        var compareValue: UInt64
        var count: UInt64
        var control: UInt64
        var output: Bool
        var rise: UInt64?
    }

    static let controls: [ControlCase] = [
        ControlCase(enabled: false, masked: false, compareValue: 0, count: 5, control: 0, output: false, rise: nil),
        ControlCase(enabled: true, masked: false, compareValue: 10, count: 9, control: 1, output: false, rise: 10),
        ControlCase(enabled: true, masked: false, compareValue: 10, count: 10, control: 5, output: true, rise: nil),
        ControlCase(enabled: true, masked: false, compareValue: 10, count: 11, control: 5, output: true, rise: nil),
        ControlCase(enabled: true, masked: true, compareValue: 10, count: 11, control: 7, output: false, rise: nil),
        ControlCase(enabled: true, masked: true, compareValue: 10, count: 9, control: 3, output: false, rise: nil),
        ControlCase(enabled: false, masked: true, compareValue: 10, count: 11, control: 2, output: false, rise: nil),
        // The comparison is unsigned: the far future is not the past.
        ControlCase(
            enabled: true, masked: false, compareValue: .max, count: 1, control: 1, output: false, rise: .max),
    ]

    @Test("CTL reads ENABLE, IMASK and ISTATUS, and the output follows from them", arguments: controls)
    func control(_ expected: ControlCase) {
        var timer = GenericTimers.Comparator()
        timer.setControl((expected.enabled ? 1 : 0) | (expected.masked ? 2 : 0) | 4)
        timer.compareValue = expected.compareValue
        #expect(timer.control(at: expected.count) == expected.control)
        #expect(timer.output(at: expected.count) == expected.output)
        #expect(timer.risesAt(after: expected.count) == expected.rise)
    }

    @Test(
        "A write of TVAL is a signed 32-bit distance",
        arguments: [
            (0, 100, 100), (10, 100, 110), (0xFFFF_FFFF, 100, 99), (0x8000_0000, 0x1_0000_0000, 0x8000_0000),
            (0x7FFF_FFFF, 1, 0x8000_0000), (0xAAAA_AAAA_0000_0005, 100, 105),
        ] as [(UInt64, UInt64, UInt64)])
    func timerValueWrite(value: UInt64, count: UInt64, compareValue: UInt64) {
        var timer = GenericTimers.Comparator()
        timer.setTimerValue(value, at: count)
        #expect(timer.compareValue == compareValue)
    }

    @Test("TVAL reads as the low 32 bits of the distance, which may be negative")
    func timerValueRead() {
        var timer = GenericTimers.Comparator()
        timer.compareValue = 100
        #expect(timer.timerValue(at: 90) == 10)
        #expect(timer.timerValue(at: 101) == 0xFFFF_FFFF)
    }

    @Test("Only changed outputs are reported, each once")
    func outputs() {
        var timers = GenericTimers()
        timers.physical.compareValue = 5
        timers.physical.isEnabled = true
        timers.virtual.compareValue = 7
        timers.virtual.isEnabled = true
        #expect(timers.nextChange(at: 0) == 5)
        #expect(timers.updateOutputs(at: 4) == (nil, nil))
        #expect(timers.updateOutputs(at: 5) == (true, nil))
        #expect(timers.nextChange(at: 5) == 7)
        #expect(timers.updateOutputs(at: 6) == (nil, nil))
        #expect(timers.updateOutputs(at: 9) == (nil, true))
        #expect(timers.nextChange(at: 9) == nil)
        timers.physical.compareValue = 20
        #expect(timers.nextChange(at: 9) == 9, "a fall that was not reported yet is due now")
        #expect(timers.updateOutputs(at: 9) == (false, nil))
        #expect(timers.nextChange(at: 9) == 20)
    }

    @Test("A count is seen first by the instruction at count times the ratio", arguments: [1, 2, 8, 16] as [UInt64])
    func counterRatio(ratio: UInt64) {
        let counter = VirtualCounter(instructionsPerTick: ratio)
        let first = counter.instruction(atCount: 1000)
        #expect(first == 1000 * ratio)
        #expect(counter.count(atInstruction: 1000 * ratio) == 1000)
        #expect(counter.count(atInstruction: 1000 * ratio - 1) == 999)
        #expect(ratio == 1 || counter.instruction(atCount: .max) == nil, "beyond the instruction counter")
    }
}
