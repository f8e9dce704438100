import Machine
import Testing

@Suite struct NS16550ATests {
    private static func r(_ offset: UInt64, _ value: UInt64) -> Access { .read(offset, value, size: 1) }
    private static func w(_ offset: UInt64, _ value: UInt64) -> Access { .write(offset, value, size: 1) }

    private static let traces = [
        Trace(
            "registers after reset",
            [r(0, 0), r(1, 0), r(2, 1), r(3, 0), r(4, 0), r(5, 0x60), r(6, 0xB0), r(7, 0), .line(false)]),
        Trace(
            "read-write registers keep their bits",
            [w(1, 0xFF), r(1, 0x0F), w(3, 0x7F), r(3, 0x7F), w(4, 0xFF), r(4, 0x1F), w(7, 0xA5), r(7, 0xA5)]),
        Trace(
            "the divisor is behind DLAB",
            [
                w(3, 0x83), w(0, 0x34), w(1, 0x12), r(0, 0x34), r(1, 0x12), w(3, 3), r(0, 0), r(1, 0), .line(false),
            ]),
        Trace(
            "without FIFOs one byte is there at a time",
            [
                w(1, 1), .event("ab"), .line(true), r(5, 0x61), r(2, 4), r(0, 0x61), .line(true), r(5, 0x61),
                r(0, 0x62), .line(false), r(5, 0x60), r(2, 1),
            ]),
        Trace(
            "with FIFOs what is below the trigger level is a timeout",
            [
                w(2, 0x41), w(1, 1), .event("abc"), .line(true), r(2, 0xCC), .event("d"), r(2, 0xC4), r(0, 0x61),
                r(2, 0xCC), r(0, 0x62), r(0, 0x63), r(0, 0x64), .line(false), r(2, 0xC1),
            ]),
        Trace(
            "trigger levels of 1, 8 and 14",
            [
                w(1, 1), w(2, 0x01), .event("1"), r(2, 0xC4), w(2, 0x81), .event("234567"), r(2, 0xCC), .event("8"),
                r(2, 0xC4), w(2, 0xC1), r(2, 0xCC), .event("9abcd"), r(2, 0xCC), .event("e"), r(2, 0xC4),
            ]),
        Trace(
            "the empty transmitter interrupts when enabled and after each byte, until it is told",
            [
                w(1, 2), .line(true), r(2, 2), .line(false), r(2, 1), w(0, 0x58), .line(true), r(2, 2), .line(false),
                w(1, 2), .line(false), w(1, 0), w(1, 2), .line(true),
            ]),
        Trace(
            "the more urgent cause is told first, and telling it does not hide the other",
            [
                w(1, 3), .event("x"), r(2, 4), r(2, 4), r(0, 0x78), r(2, 2), r(2, 1), .line(false),
            ]),
        Trace(
            "loop-back gives what is sent back, and hides the line",
            [
                w(4, 0x10), .event("x"), r(5, 0x60), w(0, 0x41), r(5, 0x61), r(0, 0x41), r(5, 0x60), r(0, 0),
                w(4, 0), r(5, 0x61), r(0, 0x78),
            ]),
        Trace(
            "a FIFO that overruns in loop-back says so once",
            [
                w(4, 0x10), w(1, 4), w(0, 1), .line(false), w(0, 2), .line(true), r(2, 6), r(5, 0x63), r(5, 0x61),
                r(0, 1),
            ]
        ),
        Trace(
            "loop-back ties the modem's outputs to its inputs, and tells changes once",
            [
                w(4, 0x1A), r(6, 0x90 | 0x02), r(6, 0x90), w(4, 0x15), r(6, 0x6B), r(6, 0x60), w(4, 0x11), r(6, 0x24),
                w(1, 8), .line(false), w(4, 0x10), .line(true), r(2, 0), r(6, 0x02), .line(false),
            ]),
        Trace(
            "a reset of the FIFOs empties loop-back, and leaves what is on the line",
            [
                .event("abc"), w(2, 7), r(5, 0x61), w(4, 0x10), w(0, 1), r(5, 0x61), w(2, 3), r(5, 0x60), w(4, 0),
                r(0, 0x61), w(2, 0), r(0, 0x62), r(0, 0x63), r(5, 0x60),
            ]),
        Trace(
            "other sizes and offsets are harmless",
            [
                .event("x"), .read(8, 0, size: 1), .read(0x1000, 0, size: 8), .write(8, 0x41, size: 8),
                .write(7, 0x1234, size: 4), r(7, 0x34), .read(0, 0x78, size: 8), .read(5, 0x60, size: 2),
            ]),
    ]

    @Test(arguments: traces) func accessesBehaveAsRecorded(_ trace: Trace) {
        let line = Line()
        let uart = NS16550A(interrupt: { line.level = $0 }, output: { _ in })
        trace.play(on: uart, line: line) { text in
            #expect(uart.receive(Array(text.utf8)) == text.utf8.count)
        }
    }

    @Test func whatIsSentComesOutInOrderAndLoopbackKeepsItIn() {
        var sent: [UInt8] = []
        let uart = NS16550A(interrupt: { _ in }, output: { sent.append($0) })
        for byte in Array("hello".utf8) { uart.write(offset: 0, size: 4, value: UInt64(byte) | 0x100, vcpu: 0) }
        uart.write(offset: 4, size: 1, value: 0x10, vcpu: 0)
        uart.write(offset: 0, size: 1, value: 0x21, vcpu: 0)
        #expect(sent == Array("hello".utf8))
    }

    @Test func pastedTextIsKeptWholeUpToTheLimit() {
        let uart = NS16550A(interrupt: { _ in }, output: { _ in })
        let text = (0..<NS16550A.inputLimit + 100).map { UInt8(truncatingIfNeeded: $0 / 3) }
        #expect(uart.receive(text) == NS16550A.inputLimit)
        #expect(uart.receive([1]) == 0)
        var read: [UInt8] = []
        while uart.read(offset: 5, size: 1, vcpu: 0) & 1 != 0 {
            read.append(UInt8(uart.read(offset: 0, size: 1, vcpu: 0)))
            // A driver that starts again in the middle loses nothing.
            if read.count == 1000 {
                for value in [1, 7, 0, 1] as [UInt64] { uart.write(offset: 2, size: 1, value: value, vcpu: 0) }
            }
        }
        #expect(read == Array(text.prefix(NS16550A.inputLimit)))
        #expect(uart.receive([1]) == 1)
    }

    @Test func resetForgetsRegistersButNotTheUsersTyping() {
        let line = Line()
        let uart = NS16550A(interrupt: { line.level = $0 }, output: { _ in })
        uart.write(offset: 1, size: 1, value: 1, vcpu: 0)
        #expect(uart.receive([0x41]) == 1)
        #expect(line.level)
        uart.reset()
        #expect(!line.level)
        #expect(uart.read(offset: 1, size: 1, vcpu: 0) == 0)
        #expect(uart.read(offset: 0, size: 1, vcpu: 0) == 0x41)
    }
}
