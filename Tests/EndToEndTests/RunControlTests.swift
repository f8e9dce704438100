import TestSupport
import Testing

extension EndToEnd {
    /// Breakpoints, stepping and calls, on a program of loops and calls.
    @Suite struct RunControl {
        let end = "calls: sum 4950 fib 55 straight 664 calls 100\n"

        @Test("break stops at a function, bt sees its caller, finish returns its value")
        func breakAndFinish() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                printf "@entry=%#lx\\n", $pc
                break add
                continue
                printf "@a=%d\\n@b=%d\\n", a, b
                bt
                continue 4
                printf "@b=%d\\n", b
                finish
                printf "@returned=%d\\n", $
                delete
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.value("entry") == (try GuestProgram.named("calls").symbol("_start")), "\(log)")
            #expect(log.values("a") == [0] && log.values("b") == [0, 4] && log.value("returned") == 10, "\(log)")
            #expect(log.contains("loop (count=100)") && log.contains("in main ()"), "\(log)")
            try vm.waitForSerial(end)
        }

        @Test("step enters a call, next goes over it, until leaves the loop, advance goes to a line")
        func stepNextUntil() throws {
            let vm = try VMUnderTest("calls")
            let guest = try GuestProgram.named("calls")
            let log = try vm.gdb(
                "calls",
                """
                break \(try guest.line("loop-start"))
                continue
                next
                next
                step
                frame
                finish
                next
                next
                printf "@i=%d\\n", i
                until \(try guest.line("loop-end"))
                printf "@sum=%d\\n", sum
                finish
                advance \(try guest.line("main-fib"))
                next
                printf "@number=%d\\n", number
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.contains("#0  add (a=0, b=0)"), "\(log)")
            #expect(log.value("sum") == 4950 && log.value("number") == 55, "\(log)")
            try vm.waitForSerial(end)
        }
    }
}
