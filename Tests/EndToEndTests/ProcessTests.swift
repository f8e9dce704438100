import TestSupport
import Testing

extension EndToEnd {
    /// Two processes at one address under a kernel that unmaps itself at EL0.
    @Suite(.traplineOnly("monitor commands of Trapline's, and kernel memory at EL0"))
    struct Processes {
        let end = "processes: ticks 5 15 calls 10\n"
        /// Where `user_tick` is in both processes.
        let tick = "0x80000004"

        /// Stops in the first process, before its first tick.
        private func inFirst(_ rest: String) -> String {
            """
            break *\(tick)
            continue
            \(rest)
            """
        }

        private let showTicks = "printf \"@first=%lu\\n@second=%lu\\n\", processes[0].ticks, processes[1].ticks"

        @Test("A bound breakpoint stops in its process only, and the other's instructions run as often as they should")
        func bound() throws {
            let vm = try VMUnderTest("processes")
            let log = try vm.gdb(
                "processes",
                inFirst(
                    """
                    monitor bind \(tick)
                    monitor info bindings
                    continue
                    \(showTicks)
                    continue
                    \(showTicks)
                    continue
                    \(showTicks)
                    continue
                    \(showTicks)
                    continue
                    """))
            #expect(log.values("first") == [1, 2, 3, 4] && log.values("second") == [3, 6, 9, 12], "\(log)")
            #expect(log.contains("\(tick): only with table 0x"), "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
        }

        @Test("Without a binding it stops in both, and unbind goes back to that")
        func unbound() throws {
            let vm = try VMUnderTest("processes")
            let log = try vm.gdb(
                "processes",
                inFirst(
                    """
                    monitor bind \(tick)
                    monitor unbind \(tick)
                    monitor info bindings
                    continue
                    \(showTicks)
                    continue
                    continue
                    continue
                    \(showTicks)
                    delete
                    continue
                    """))
            // Stops after a tick of the first, then after the second's three ticks; counts are recorded at a call.
            #expect(log.values("first") == [1, 1] && log.values("second") == [0, 3], "\(log)")
            #expect(log.contains("no address is bound"), "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
        }

        @Test("A binding may come before its breakpoint, name an ASID, and serve a hardware breakpoint")
        func byASID() throws {
            let vm = try VMUnderTest("processes")
            let log = try vm.gdb(
                "processes",
                """
                monitor bind \(tick) asid 5
                hbreak *\(tick)
                continue
                printf "@x0=%lu\\n", $x0
                monitor cpus
                continue
                printf "@x0=%lu\\n", $x0
                continue
                printf "@x0=%lu\\n", $x0
                continue
                printf "@x0=%lu\\n", $x0
                delete
                continue
                """)
            // ASID 5 is the second process at EL0: three ticks at a time.
            #expect(log.values("x0") == [0, 1, 2, 3], "\(log)")
            #expect(log.contains("* CPU 0 (EL0)  PC 0x0000000080000004  DAIF ----  TTBR0 0x"), "\(log)")
            #expect(log.contains("  ASID 0x5\n"), "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
        }

        @Test("Bindings go with the session that made them")
        func sessionEnds() throws {
            let vm = try VMUnderTest("forever")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            try client.monitor("bind \(tick) asid 99")
            #expect(try client.monitor("info bindings") == "\(tick): only with ASID 0x63\n")
            #expect(try client.ask("D") == "OK")
            let next = try RSPClient(vm.endpoint)
            try next.introduce()
            #expect(try next.monitor("info bindings") == "no address is bound\n")
        }

        @Test("Words that make no binding are refused with a line that says what to do, and bind nothing")
        func refusals() throws {
            let vm = try VMUnderTest("processes")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            for (line, text) in [
                ("bind 0x80000004", "MMU of CPU 0 is off"), ("bind 0x80000004 current", "MMU of CPU 0 is off"),
                ("bind here", "give the address"), ("bind 0x80000002 asid 1", "give the address"),
                ("bind 4 asid 0x10000", "give current"), ("bind 4 asid", "give current"),
                ("bind 4 asid 1 asid 2", "give current"), ("bind 4 ttbr0 x", "give current"),
                ("bind 4 current asid 1", "give current"), ("unbind 4", "not bound"),
                ("unbind", "wrong number of arguments"),
                ("bind", "wrong number of arguments"), ("info bindings 4", "unknown command: 'info bindings 4'"),
            ] {
                #expect(try client.monitor(line).contains(text), "\(line)")
            }
            #expect(try client.monitor("info bindings") == "no address is bound\n")
            for number in 0..<1024 { _ = try client.monitor("bind \(4 * number) asid 1") }
            #expect(try client.monitor("bind 4096 asid 1").contains("unbind some"))
            #expect(try client.monitor("bind 0 asid 2") == "breakpoints at 0x0 stop only with ASID 0x2\n")
        }

        @Test("At EL0 the kernel's memory is read and written by the kernel's own table, and translate says so")
        func kernelMemoryAtEL0() throws {
            let vm = try VMUnderTest("processes")
            let guest = try GuestProgram.named("processes")
            let high = "0x" + String(try guest.symbol("secret") | 0xffff_0000_0000_0000, radix: 16)
            let log = try vm.gdb(
                "processes",
                """
                tbreak before_processes
                continue
                break *\(tick)
                break *kernel_is_unmapped
                break *trampoline_in
                continue
                info threads
                printf "@secret=%#lx\\n", *(unsigned long *)\(high)
                continue
                info threads
                monitor translate \(high)
                printf "@secret=%#lx\\n", *(unsigned long *)\(high)
                set var *(unsigned long *)\(high) = 0x1000
                printf "@secret=%#lx\\n@low=%#lx\\n", *(unsigned long *)\(high), secret
                delete
                tbreak in_kernel
                continue
                monitor translate \(high)
                delete
                continue
                """)
            // In the trampoline after the change of the table, then at EL0.
            #expect(log.values("secret") == [0x5ec4e7, 0x5ec4e7, 0x1000] && log.value("low") == 0x1000, "\(log)")
            #expect(log.contains("\"CPU 0 (EL1)\"") && log.contains("\"CPU 0 (EL0)\""), "\(log)")
            #expect(log.count("by the kernel's table last seen in TTBR1_EL1: 0x200004") == 1, "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
        }

        @Test("At EL0 a kernel address that the kernel doesn't map is an error as ever")
        func unmappedAtEL0() throws {
            let vm = try VMUnderTest("processes")
            let gdb = try GDBSession(elf: GuestProgram.named("processes").path, remote: vm.endpoint)
            try gdb.command("tbreak *\(tick)")
            try gdb.resume("continue")
            _ = try gdb.waitForStop()
            for address in ["0xffff800008000000", "0xffff000000000000"] {
                #expect(try gdb.failure(of: "x/x \(address)").contains("Cannot access memory at address \(address)"))
                #expect(try gdb.failure(of: "set var *(int *)\(address) = 1").contains("Cannot access memory"))
            }
        }
    }
}
