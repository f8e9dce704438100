import Machine
import Testing

@Suite struct PL011Tests {
    private static let traces = [
        Trace(
            "registers after reset",
            [
                .read(0x18, 0x90), .read(0x30, 0x300), .read(0x34, 0x12), .read(0x2C, 0), .read(0x38, 0),
                .read(0x3C, 0), .read(0x40, 0), .read(0x04, 0), .read(0x00, 0), .line(false),
            ]),
        Trace(
            "identification",
            [
                .read(0xFE0, 0x11), .read(0xFE4, 0x10), .read(0xFE8, 0x14), .read(0xFEC, 0),
                .read(0xFF0, 0x0D), .read(0xFF4, 0xF0), .read(0xFF8, 0x05), .read(0xFFC, 0xB1),
                .read(0xFE1, 0, size: 1),
            ]),
        Trace(
            "read-write registers keep their bits",
            [
                .write(0x24, 0xFFFF_FFFF), .read(0x24, 0xFFFF), .write(0x28, 0xFFFF_FFFF), .read(0x28, 0x3F),
                .write(0x2C, 0x1FF), .read(0x2C, 0xFF), .write(0x38, 0xFFFF_FFFF), .read(0x38, 0x7FF),
                .write(0x48, 0xFF), .read(0x48, 7), .write(0x20, 0x1FF), .read(0x20, 0xFF), .write(0x18, 0),
                .read(0x18, 0x90),
            ]),
        Trace(
            "without FIFOs one byte is there at a time",
            [
                .write(0x38, 0x10), .event("ab"), .line(true), .read(0x18, 0xC0), .read(0x3C, 0x10),
                .read(0x00, 0x61), .line(true), .read(0x18, 0xC0), .read(0x00, 0x62), .line(false), .read(0x18, 0x90),
            ]),
        Trace(
            "with FIFOs the receive interrupt waits for the trigger level, the timeout does not",
            [
                .write(0x2C, 0x70), .write(0x34, 0), .write(0x38, 0x50), .event("a"), .read(0x40, 0x40), .line(true),
                .event("b"), .read(0x40, 0x50), .read(0x00, 0x61), .read(0x40, 0x40), .read(0x00, 0x62),
                .read(0x40, 0), .line(false),
            ]),
        Trace(
            "trigger levels of a half and of seven eighths",
            [
                .write(0x2C, 0x10), .event("1234567"), .read(0x3C, 0x40), .event("8"), .read(0x3C, 0x50),
                .write(0x44, 0x10), .write(0x34, 0x20), .event("abcde"), .read(0x3C, 0x40), .event("f"),
                .read(0x3C, 0x50),
                .read(0x18, 0x80), .event("gh"), .read(0x18, 0xC0),
            ]),
        Trace(
            "clearing takes the interrupt back until more arrives",
            [
                .write(0x2C, 0x10), .write(0x38, 0x40), .event("a"), .line(true), .write(0x44, 0x7FF), .line(false),
                .read(0x3C, 0), .event("b"), .line(true), .read(0x3C, 0x40),
            ]),
        Trace(
            "sending raises the transmit interrupt",
            [
                .read(0x3C, 0), .write(0x00, 0x58), .read(0x3C, 0x20), .line(false), .write(0x38, 0x20), .line(true),
                .write(0x44, 0x20), .line(false), .read(0x18, 0x90),
            ]),
        Trace(
            "loop-back gives what is sent back",
            [.write(0x30, 0x381), .write(0x00, 0x41), .read(0x18, 0xC0), .read(0x00, 0x41), .read(0x18, 0x90)]),
        Trace(
            "a driver that clears and drains, as Linux's does at start, loses no later interrupt",
            [
                .event("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"), .write(0x2C, 0x70), .write(0x44, 0x50),
            ] + "0123456789abcdefghijklmnopqrstuv".utf8.map { Access.read(0x00, UInt64($0)) } + [
                .write(0x38, 0x50), .line(true),
            ]),
        Trace(
            "other sizes and offsets between registers are harmless",
            [
                .event("x"), .read(0x01, 0, size: 1), .read(0x02, 0, size: 2), .write(0x01, 0x41, size: 1),
                .read(0x18, 0xC0, size: 8), .read(0x00, 0x78, size: 1),
            ]),
    ]

    @Test(arguments: traces) func accessesBehaveAsRecorded(_ trace: Trace) {
        let line = Line()
        let uart = PL011(interrupt: { line.level = $0 }, output: { _ in })
        trace.play(on: uart, line: line) { text in
            #expect(uart.receive(Array(text.utf8)) == text.utf8.count)
        }
    }

    @Test func whatIsSentComesOutInOrder() {
        var sent: [UInt8] = []
        let uart = PL011(interrupt: { _ in }, output: { sent.append($0) })
        for byte in Array("hello".utf8) { uart.write(offset: 0, size: 4, value: UInt64(byte) | 0x100, vcpu: 0) }
        #expect(sent == Array("hello".utf8))
    }

    @Test func pastedTextIsKeptWholeUpToTheLimit() {
        let uart = PL011(interrupt: { _ in }, output: { _ in })
        let text = (0..<PL011.inputLimit + 100).map { UInt8(truncatingIfNeeded: $0 / 3) }
        #expect(uart.receive(text) == PL011.inputLimit)
        #expect(uart.receive([1]) == 0)
        var read: [UInt8] = []
        while uart.read(offset: 0x18, size: 4, vcpu: 0) & 0x10 == 0 {
            read.append(UInt8(uart.read(offset: 0, size: 4, vcpu: 0)))
            // A driver that changes the FIFO in the middle loses nothing.
            if read.count == 1000 { uart.write(offset: 0x2C, size: 4, value: 0x10, vcpu: 0) }
        }
        #expect(read == Array(text.prefix(PL011.inputLimit)))
        #expect(uart.receive([1]) == 1)
    }

    @Test func loopbackCanNotGrowWithoutBound() {
        let uart = PL011(interrupt: { _ in }, output: { _ in })
        uart.write(offset: 0x30, size: 4, value: 0x381, vcpu: 0)
        for _ in 0..<PL011.inputLimit + 10 { uart.write(offset: 0, size: 4, value: 1, vcpu: 0) }
        #expect(uart.receive([1]) == 0)
    }

    @Test func resetForgetsRegistersButNotTheUsersTyping() {
        let line = Line()
        let uart = PL011(interrupt: { line.level = $0 }, output: { _ in })
        uart.write(offset: 0x38, size: 4, value: 0x10, vcpu: 0)
        _ = uart.receive([0x41])
        #expect(line.level)
        uart.reset()
        #expect(!line.level)
        #expect(uart.read(offset: 0x38, size: 4, vcpu: 0) == 0)
        #expect(uart.read(offset: 0, size: 4, vcpu: 0) == 0x41)
    }
}
