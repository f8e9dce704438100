import GDBRemote
import Testing

@Suite struct ReplyTests {
    func text(_ reply: Reply) -> String {
        String(decoding: reply.data, as: UTF8.self)
    }

    @Test func simpleRepliesReadAsTheManualHasThem() {
        #expect(text(.ok) == "OK")
        #expect(text(.empty) == "")
        #expect(text(.error(0x0e)) == "E0e")
        #expect(text(.error(0xff)) == "Eff")
        #expect(text(.hex([0, 0xab])) == "00ab")
        #expect(Reply.binary([]).data == Array("b".utf8))
        #expect(Reply.binary([0x23, 0xff]).data == Array("b#".utf8) + [0xff])
        #expect(text(.console(Array("Hi\n".utf8)[...])) == "O48690a")
    }

    @Test func errorTextHasNothingThatWouldNeedAnEscape() {
        #expect(text(.error(text: "no slot (4 of 4)")) == "E.no slot (4 of 4)")
        #expect(text(.error(text: "CPU#0 $ } *\n\té")) == "E.CPU?0 ? ? ?  ??")
    }

    @Test func aDocumentIsServedInWindows() {
        let document = Array("0123456789".utf8)
        func window(_ offset: UInt64, _ length: UInt64) -> String? {
            Reply.window(of: document, offset: offset, length: length).map(text)
        }
        #expect(window(0, 4) == "m0123")
        #expect(window(4, 4) == "m4567")
        #expect(window(8, 4) == "l89")
        #expect(window(0, 9) == "m012345678")
        #expect(window(0, 10) == "l0123456789")
        #expect(window(0, .max) == "l0123456789")
        #expect(window(10, 1) == "l")
        #expect(window(3, 0) == "m")
        #expect(window(11, 1) == nil)
        #expect(window(.max, .max) == nil)
    }

    @Test func aWindowIsNoLargerThanAPacket() {
        let document = [UInt8](repeating: 0x61, count: 3 * packetSize)
        #expect(Reply.window(of: document, offset: 0, length: .max)?.data.count == packetSize)
    }

    static let stops: [(StopReply, String)] = [
        (.exited(status: 0), "W00"),
        (.exited(status: 255), "Wff"),
        (.terminated(signal: 6), "X06"),
        (.stopped(.init(signal: 5, thread: 1)), "T05thread:1;"),
        (.stopped(.init(signal: 2, thread: 0x1f, core: 0x1e)), "T02thread:1f;core:1e;"),
        (.stopped(.init(signal: 5, reason: .softwareBreakpoint, thread: 1)), "T05swbreak:;thread:1;"),
        (.stopped(.init(signal: 5, reason: .hardwareBreakpoint, thread: 1)), "T05hwbreak:;thread:1;"),
        (
            .stopped(.init(signal: 5, reason: .writeWatchpoint(address: 0xffff_8000_0000_0010), thread: 1)),
            "T05watch:ffff800000000010;thread:1;"
        ),
        (.stopped(.init(signal: 5, reason: .readWatchpoint(address: 0), thread: 1)), "T05rwatch:0;thread:1;"),
        (.stopped(.init(signal: 5, reason: .accessWatchpoint(address: 8), thread: 1)), "T05awatch:8;thread:1;"),
        (
            .stopped(.init(signal: 5, thread: 1, registers: [(0, [1, 2]), (0x21, [0xff])])),
            "T05thread:1;0:0102;21:ff;"
        ),
        (.exited(status: 1, process: 1), "W01;process:1"),
        (.terminated(signal: 6, process: 0x1f), "X06;process:1f"),
        (.threadExited(status: 0, thread: 2), "w0;2"),
        (.threadExited(status: 0, thread: 2, process: 1), "w0;p1.2"),
        (.stopped(.init(signal: 5, reason: .threadCreated, thread: 2, process: 1)), "T05create:;thread:p1.2;"),
        (
            .stopped(
                .init(
                    signal: 5, thread: 1,
                    details: .init(
                        name: "A;", reason: "trace", description: "x:", threads: [(1, 0x1000), (0x1f, 0)]))),
            "T05thread:1;hexname:413b;reason:trace;description:783a;threads:1,1f;thread-pcs:1000,0;"
        ),
        (.stopped(.init(signal: 0, thread: 1, details: .init(name: "A"))), "T00thread:1;hexname:41;"),
    ]

    @Test(arguments: stops) func stopRepliesReadAsTheManualHasThem(stop: StopReply, expected: String) {
        #expect(text(Reply(stop)) == expected)
    }

    @Test func lldbsErrorHasItsTextInHex() {
        #expect(text(.error(0x0e, hexText: "no;#")) == "E0e;6e6f3b23")
    }
}
