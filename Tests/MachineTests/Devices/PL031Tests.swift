import Machine
import Testing

@Suite struct PL031Tests {
    /// Events are the seconds that pass.
    private static let traces = [
        Trace(
            "the time counts on from the closure's",
            [.read(0x00, 1000), .event("5"), .read(0x00, 1005), .read(0x0C, 1), .write(0x0C, 0), .read(0x0C, 1)]),
        Trace(
            "loading sets the time",
            [.write(0x08, 50), .read(0x00, 50), .read(0x08, 50), .event("7"), .read(0x00, 57), .read(0x08, 50)]),
        Trace(
            "the match raises the interrupt once it is reached",
            [
                .write(0x10, 1), .write(0x04, 1010), .event("9"), .line(false), .event("1"), .line(true),
                .read(0x14, 1), .read(0x18, 1), .event("5"), .line(true), .write(0x1C, 1), .line(false), .event("100"),
                .line(false),
            ]),
        Trace(
            "a masked match is only raw",
            [
                .write(0x04, 1001), .event("3"), .line(false), .read(0x14, 1), .read(0x18, 0), .write(0x10, 1),
                .line(true), .write(0x10, 0), .line(false),
            ]),
        Trace(
            "a match in the past waits for the clock to wrap",
            [.write(0x10, 1), .write(0x04, 999), .event("9"), .line(false)]),
        Trace("a match of now is reached", [.write(0x10, 1), .write(0x04, 1000), .line(true)]),
        Trace(
            "the time wraps at 32 bits, and so does the match",
            [
                .write(0x08, 0xFFFF_FFFE), .write(0x10, 1), .write(0x04, 1), .event("2"), .read(0x00, 0), .line(false),
                .event("1"), .line(true),
            ]),
        Trace(
            "identification",
            [
                .read(0xFE0, 0x31), .read(0xFE4, 0x10), .read(0xFE8, 0x14), .read(0xFEC, 0), .read(0xFF0, 0x0D),
                .read(0xFFC, 0xB1), .read(0x20, 0),
            ]),
    ]

    @Test(arguments: traces) func accessesBehaveAsRecorded(_ trace: Trace) {
        let line = Line()
        var now: UInt64 = 1000
        let rtc = PL031(interrupt: { line.level = $0 }, time: { now })
        trace.play(on: rtc, line: line) { seconds in
            now += UInt64(seconds) ?? 0
            rtc.advance()
        }
    }

    @Test func theOwnerIsToldWhenToLookAgain() {
        var now: UInt64 = 1000
        let rtc = PL031(interrupt: { _ in }, time: { now })
        #expect(rtc.secondsUntilMatch == nil)
        rtc.write(offset: 0x10, size: 4, value: 1, vcpu: 0)
        rtc.write(offset: 0x04, size: 4, value: 1010, vcpu: 0)
        #expect(rtc.secondsUntilMatch == 10)
        now = 1010
        rtc.advance()
        #expect(rtc.secondsUntilMatch == nil)
        rtc.reset()
        #expect(rtc.read(offset: 0x10, size: 4, vcpu: 0) == 0)
    }
}
