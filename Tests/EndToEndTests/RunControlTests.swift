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

        @Test("a breakpoint in a loop is hit once for each turn, with ignore counts and conditions right")
        func breakInLoop() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                break add if b == 73
                hbreak fib
                commands
                  silent
                  printf "@fib=%d\\n", n
                  continue
                end
                disable 2
                continue
                printf "@b=%d\\n@a=%d\\n", b, a
                condition 1
                ignore 1 25
                continue
                printf "@b=%d\\n", b
                delete 1
                enable 2
                tbreak \(try GuestProgram.named("calls").line("main-straight"))
                continue
                info breakpoints
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.values("b") == [73, 99] && log.value("a") == 72 * 73 / 2, "\(log)")
            // fib(10) makes 177 calls, and the first and the last arguments are known.
            #expect(log.values("fib").count == 177 && log.values("fib").first == 10, "\(log)")
            #expect(log.contains("breakpoint already hit 177 times"), "\(log)")
            try vm.waitForSerial(end)
        }

        @Test("stepi executes one instruction, with every register it changes right")
        func stepInstructions() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                tbreak *straight
                continue
                set $i = 0
                while $i < 10
                  printf "@pc=%#lx\\n@x0=%#lx\\n", $pc, $x0
                  stepi
                  set $i = $i + 1
                end
                printf "@pc=%#lx\\n@x0=%#lx\\n", $pc, $x0
                detach
                """)
            let start = try GuestProgram.named("calls").symbol("straight")
            #expect(log.values("pc") == (0...10).map { start + 4 * $0 }, "\(log)")
            #expect(log.values("x0") == [1, 2, 32, 223, 223, 669, 664, 664, 664, 664, 664], "\(log)")
            try vm.waitForSerial(end)
        }

        @Test("GDB calls guest functions and gets their values, and the guest does not notice")
        func inferiorCalls() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                tbreak loop
                continue
                printf "@value=%d\\n", fib(12)
                printf "@value=%d\\n", add(40, 2)
                set var calls = 0
                detach
                """)
            #expect(log.succeeded && log.values("value") == [144, 42], "\(log)")
            try vm.waitForSerial(end)
        }

        @Test("2.47: the guest's power off is the end of the program for GDB, and exit status 0 of the machine")
        func powerOff() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb("calls", "continue")
            #expect(log.contains("exited normally"), "\(log)")
            #expect(vm.process.wait(limit: .seconds(5)) == .exited(0))
            #expect(vm.serial.hasSuffix(end))
        }

        @Test("without a debugger the guest runs to its end and the machine ends with status 0")
        func withoutDebugger() throws {
            let vm = try VMUnderTest("calls", hold: false)
            #expect(vm.process.wait(limit: .seconds(10)) == .exited(0))
            #expect(vm.serial == "calls: begin\n" + end)
        }

        @Test(
            "2.17: a step from a breakpoint still set is one instruction, and continue from it runs to the next hit",
            .traplineOnly("QEMU reports the breakpoint it stands at again"))
        func resumeFromSetBreakpoint() throws {
            let vm = try VMUnderTest("calls")
            let guest = try GuestProgram.named("calls")
            let add = try guest.symbol("add")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            for kind in [0, 1] {
                #expect(try client.ask("Z\(kind),\(String(add, radix: 16)),4") == "OK")
                #expect(try client.ask("vCont;c").hasPrefix("T05"))
                #expect(try client.programCounter() == add)
                let turn = try client.register(1)
                for step in 1...3 {
                    #expect(try client.ask("vCont;s:1").hasPrefix("T05"))
                    #expect(try client.programCounter() == add + 4 * UInt64(step))
                }
                for next in 1...3 {
                    #expect(try client.ask("vCont;c").hasPrefix("T05"))
                    #expect(try client.programCounter() == add)
                    #expect(try client.register(1) == turn + UInt64(next))
                }
                #expect(try client.ask("z\(kind),\(String(add, radix: 16)),4") == "OK")
            }
            #expect(try client.ask("vCont;c") == "W00")
            #expect(vm.serial.hasSuffix(end), "\(vm.serial)")
        }

        @Test("2.26: code the debugger writes is the code that runs, also where it has run before")
        func patchedCode() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                break *add if (int)$x1 == 50
                continue
                set var ((unsigned *)add)[0] = 0x528000e0
                set var ((unsigned *)add)[1] = 0xd65f03c0
                x/2i $pc
                delete
                continue
                """)
            // mov w0, #7; ret
            #expect(log.contains("#0x7") && log.contains("exited normally"), "\(log)")
            #expect(vm.serial.hasSuffix("calls: sum 7 fib 55 straight 664 calls 50\n"), "\(vm.serial)")
        }

        @Test(
            "semihosting calls write and end the machine: status 0 as 0, any other as the guest's failure",
            .traplineOnly("QEMU writes elsewhere"), .notOnKVM(.semihosting))
        func semihosting() throws {
            for (status, expected) in [(0, 0), (3, 2)] as [(Int, Int32)] {
                let program = try GuestProgram.named("semihosting")
                let vm = try VMUnderTest(.program(program), options: ["--semihosting"])
                let log = try vm.gdb(
                    "semihosting",
                    """
                    tbreak before_exit
                    continue
                    set var status = \(status)
                    continue
                    """)
                #expect(log.contains(status == 0 ? "exited normally" : "exited with code 03"), "\(log)")
                #expect(vm.process.wait(limit: .seconds(5)) == .exited(expected), "\(vm.errors)")
                #expect(vm.serial == "semihosting: hello!\n")
            }
        }

        @Test("without --semihosting its instruction is the guest's own exception", .traplineOnly("its own option"))
        func noSemihosting() throws {
            let vm = try VMUnderTest("semihosting", hold: false)
            #expect(vm.process.wait(limit: .seconds(10)) == .exited(0))
            #expect(vm.serial.contains("unexpected exception, esr 0x2000000"), "\(vm.serial)")
        }
    }
}
