import Foundation
import TestSupport
import Testing

/// A watched value, and the functions of the guest `watch` that write and read it.
struct WatchedValue: Sendable, CustomTestStringConvertible {
    var expression: String
    var name: String
    var old: String
    var new: String
    /// The number of bytes that the function reads last; nil when it reads another part of the range.
    var length: Int

    var testDescription: String { "\(expression), \(length) bytes" }

    static let all = [
        WatchedValue(expression: "one.value", name: "one", old: "2 '\\002'", new: "17 '\\021'", length: 1),
        WatchedValue(expression: "two.value", name: "two", old: "2", new: "8738", length: 2),
        WatchedValue(expression: "four.value", name: "four", old: "2", new: "1145324612", length: 4),
        WatchedValue(expression: "eight.value", name: "eight", old: "2", new: "9838263505978427528", length: 8),
        WatchedValue(
            expression: "*(unsigned int *)(bytes + 5)", name: "unaligned", old: "0", new: "1432778632", length: 4),
        WatchedValue(
            expression: "big.value", name: "struct", old: "{words = {0, 0, 0, 0, 0, 0, 0, 0}}",
            new: "{words = {0, 0, 0, 0, 0, 21845, 0, 0}}", length: 64),
    ]
}

extension EndToEnd {
    /// Watchpoints of every size, with adjacent bytes that are accessed first.
    @Suite struct Watchpoints {
        @Test("2.19, 2.21: watch stops at the write, with the old and the new value", arguments: WatchedValue.all)
        func watch(value: WatchedValue) throws {
            let vm = try VMUnderTest("watch")
            let log = try vm.gdb(
                "watch",
                """
                break ready
                continue
                watch \(value.expression)
                continue
                bt 1
                continue
                """)
            #expect(log.contains("Hardware watchpoint 2: \(value.expression)\n"), "\(log)")
            #expect(log.contains("Old value = \(value.old)\nNew value = \(value.new)\n"), "\(log)")
            #expect(log.contains("write_\(value.name) () at"), "\(log)")
            #expect(log.count("New value") == 1 && log.contains("exited normally"), "\(log)")
        }

        @Test("2.19, 2.21: rwatch stops at the read, and not at a read of adjacent bytes", arguments: WatchedValue.all)
        func readWatch(value: WatchedValue) throws {
            let vm = try VMUnderTest("watch")
            let log = try vm.gdb(
                "watch",
                """
                break ready
                continue
                rwatch \(value.expression)
                continue
                bt 1
                continue
                """)
            #expect(log.contains("Hardware read watchpoint 2: \(value.expression)\n"), "\(log)")
            #expect(log.contains("Value = \(value.new)\n") && log.count("Value = ") == 1, "\(log)")
            #expect(log.contains("read_\(value.name) () at"), "\(log)")
            #expect(log.contains("exited normally"), "\(log)")
        }

        @Test("2.19, 2.21: awatch stops at the write and at the read", arguments: WatchedValue.all)
        func accessWatch(value: WatchedValue) throws {
            let vm = try VMUnderTest("watch")
            let log = try vm.gdb(
                "watch",
                """
                break ready
                continue
                awatch \(value.expression)
                continue
                bt 1
                continue
                bt 1
                continue
                """)
            #expect(log.contains("Hardware access (read/write) watchpoint 2: \(value.expression)\n"), "\(log)")
            #expect(log.contains("Old value = \(value.old)\nNew value = \(value.new)\n"), "\(log)")
            #expect(log.contains("write_\(value.name) ()") && log.contains("read_\(value.name) ()"), "\(log)")
            #expect(log.count("\nValue = ") == 1 && log.contains("exited normally"), "\(log)")
        }

        @Test("2.19: an access that begins below the watched range is reported at the range: LDP, STP, DC ZVA")
        func wideAccesses() throws {
            let vm = try VMUnderTest("watch")
            let log = try vm.gdb(
                "watch",
                """
                break ready
                continue
                watch pairs[3]
                rwatch pairs[5]
                awatch lines[64 + 20]
                continue
                continue
                continue
                continue
                """)
            // Each once, in the program's order; the STP and LDP of adjacent bytes do not stop.
            #expect(log.contains("Old value = 0\nNew value = 68\nwrite_pair ()"), "\(log)")
            #expect(log.contains("Hardware read watchpoint 3: pairs[5]\n\nValue = 0\n"), "\(log)")
            #expect(log.contains("Old value = 238 '\\356'\nNew value = 0 '\\000'\nzero_line ()"), "\(log)")
            #expect(log.count("alue = ") == 5 && log.contains("exited normally"), "\(log)")
        }

        @Test("A watchpoint is at its virtual address: accesses through another address of the same memory do not stop")
        func highAddress() throws {
            let vm = try VMUnderTest("mmu")
            let highs = String(try GuestProgram.named("mmu").symbol("highs") | 0xffff_0000_0000_0000, radix: 16)
            let log = try vm.gdb(
                "mmu",
                """
                tbreak after_mmu
                continue
                watch *(unsigned long *)0x\(highs)
                continue
                printf "@high=%d\\n", $pc > 0xffff000000000000
                continue
                """)
            // The write of 1 through the low address is not seen, only what it left.
            #expect(log.contains("Old value = 0\nNew value = 11\n") && log.value("high") == 1, "\(log)")
            #expect(log.count("New value") == 1 && log.contains("exited normally"), "\(log)")
        }

        @Test(
            "awatch stops at the accesses of every vCPU", .traplineOnly("which vCPU is first is QEMU's to choose"),
            .notOnKVM(.turnOrder))
        func everyVCPU() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let log = try vm.gdb(
                "smp",
                """
                break before_cpu_on
                continue
                awatch started
                continue
                printf "@thread=%d\\n@started=%lu\\n", $_thread, started
                continue
                printf "@thread=%d\\n@started=%lu\\n", $_thread, started
                detach
                """)
            // The second vCPU writes, the first has waited for that and reads.
            #expect(log.values("thread") == [2, 1] && log.values("started") == [1, 1], "\(log)")
            #expect(log.contains("Old value = 0\nNew value = 1\nsecondary_main ()"), "\(log)")
        }

        @Test("2.14: a watchpoint on a word of an exclusive loop lets the loop end")
        func exclusiveLoop() throws {
            let vm = try VMUnderTest("watch")
            let log = try vm.gdb(
                "watch",
                """
                break ready
                continue
                watch pairs[6]
                continue
                printf "@value=%lu\\n", pairs[6]
                continue
                """)
            #expect(log.value("value") == 1 && log.contains("exited normally"), "\(log)")
        }

        @Test("2.19: a watchpoint's stop reply names the address, once, in the kind that was set")
        func stopReply() throws {
            for (kind, name) in [(2, "watch"), (3, "rwatch"), (4, "awatch")] {
                let vm = try VMUnderTest("watch")
                let guest = try GuestProgram.named("watch")
                let ready = String(try guest.symbol("ready"), radix: 16)
                let four = try guest.symbol("four") + 4
                let client = try RSPClient(vm.endpoint)
                try client.introduce()
                #expect(try client.ask("Z0,\(ready),4") == "OK")
                let atBreak = try client.ask("vCont;c")
                if VMUnderTest.isTrapline { #expect(atBreak.contains("swbreak:;"), "\(atBreak)") }
                #expect(try client.ask("z0,\(ready),4") == "OK")
                #expect(try client.ask("Z\(kind),\(String(four, radix: 16)),4") == "OK")
                let reply = try client.ask("vCont;c")
                let key = try #require(reply.firstMatch(of: /[T;0-9](r|a|)watch:([0-9a-f]+);/), "\(reply)")
                #expect(key.1 + "watch" == name && UInt64(key.2, radix: 16) == four, "\(reply)")
                #expect(reply.components(separatedBy: "watch:").count == 2)
                // Without the watchpoint, the program continues to its end.
                #expect(try client.ask("z\(kind),\(String(four, radix: 16)),4") == "OK")
                #expect(try client.ask("vCont;c") == "W00")
            }
        }

        @Test("2.22: four watchpoints and four hardware breakpoints are there together")
        func slots() throws {
            let vm = try VMUnderTest("watch")
            let log = try vm.gdb(
                "watch",
                """
                hbreak ready
                continue
                watch one.value
                watch two.value
                watch four.value
                watch eight.value
                hbreak write_one
                hbreak read_one
                hbreak read_four
                continue
                continue
                continue
                continue
                continue
                continue
                continue
                continue
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.count("New value") == 4 && log.contains("exited normally"), "\(log)")
            for function in ["write_one", "read_one", "read_four"] {
                #expect(log.contains(", \(function) ()"), "\(log)")
            }
        }
    }
}
