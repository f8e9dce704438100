import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What `monitor` can be asked.
    @Suite(.enabled(if: VMUnderTest.isTrapline, "commands of Trapline's"))
    struct MonitorCommands {
        @Test("info, gva2gpa, xp and translate say what is where")
        func looking() throws {
            let vm = try VMUnderTest("mmu")
            let log = try vm.gdb(
                "mmu",
                """
                monitor info mtree
                monitor info mem
                monitor info mappings
                monitor info version
                tbreak after_mmu
                continue
                monitor info mem
                monitor info mappings
                monitor info registers
                monitor info cpus
                monitor info irq
                monitor info timer
                monitor gva2gpa 0xffff000040100000
                monitor gva2gpa 0xffff800000000000
                monitor xp/2xw 0x40100000
                monitor xp /1dg 0x40100000
                monitor translate 0x40100000 el0
                monitor translate 0x40100000 el1
                printf "@code=%#lx\\n", *(unsigned long *)0x40100000
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.contains("0x0000000009000000  0x0000000009000fff  4 KiB") && log.contains("PL011"), "\(log)")
            #expect(log.contains("the MMU is off: addresses are physical") && log.contains("Trapline "), "\(log)")
            #expect(log.contains("0xffff000040"), "the high mapping is listed: \(log)")
            #expect(log.contains("PG disabled\n"), "\(log)")
            #expect(log.text.contains(/\nffff0000[0-9a-f]{8}-ffff0000[0-9a-f]{8} [0-9a-f]{16} -r.x\n/), "\(log)")
            #expect(log.contains("X30=0x") && log.contains("EL1h") && log.contains("TTBR1_EL1 0x"), "\(log)")
            // KVM tells neither what its interrupt controller drives nor CNTFRQ_EL0.
            #expect(log.contains(VMUnderTest.isKVM ? "CPU 0\n" : "CPU 0: IRQ low, FIQ low"), "\(log)")
            #expect(log.contains("virtual") && log.contains("ticks a second") != VMUnderTest.isKVM, "\(log)")
            #expect(log.count("gpa: 0x40100000\n") == 1 && log.count("Unmapped\n") == 1, "\(log)")
            let code = try #require(log.value("code"))
            let words = [code & 0xffff_ffff, code >> 32].map {
                "0x" + String(repeating: "0", count: 8 - String($0, radix: 16).count) + String($0, radix: 16)
            }
            #expect(log.contains("0000000040100000: " + words.joined(separator: " ")), "\(log)")
            #expect(log.contains("0000000040100000: \(Int64(bitPattern: code))"), "\(log)")
            #expect(log.contains("EL0 read: permission fault") && log.contains("EL1 read: allowed"), "\(log)")
        }

        @Test("the regime says what addresses are, here as with QEMU's packets")
        func regimes() throws {
            let vm = try VMUnderTest("mmu")
            let guest = try GuestProgram.named("mmu")
            let high = String(0xffff_0000_0000_0000 | (try guest.symbol("hot")), radix: 16)
            let low = String(try guest.symbol("hot"), radix: 16)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("Z0,\(String(try guest.symbol("after_mmu"), radix: 16)),4") == "OK")
            #expect(try client.ask("vCont;c").hasPrefix("T05"))
            let code = try client.ask("m\(low),8")
            #expect(try client.ask("m\(high),8") == code)
            #expect(try client.ask("qqemu.PhyMemMode") == "0")
            #expect(try client.ask("qXfer:memory-map:read::0,1000").hasPrefix("E"))
            #expect(try client.ask("Qqemu.PhyMemMode:1") == "OK")
            #expect(try client.ask("m\(high),8").hasPrefix("E"))
            #expect(try client.ask("m\(low),8") == code)
            #expect(try client.ask("qqemu.PhyMemMode") == "1")
            let map = try client.ask("qXfer:memory-map:read::0,1000")
            #expect(map.contains("<memory type=\"ram\" start=\"0x40000000\" length=\"0x8000000\"/>"), "\(map)")
            #expect(map.contains("<memory type=\"rom\" start=\"0x0\""), "\(map)")
            #expect(try client.monitor("regime el1").contains("exactly as the selected vCPU's registers"))
            #expect(try client.ask("m\(high),8") == code)
            #expect(try client.monitor("regime").contains("exactly"))
            #expect(try client.ask("qqemu.PhyMemMode") == "0")
            #expect(try client.monitor("regime auto").contains("kernel"))
        }

        @Test(
            "wrong words are answered in words",
            arguments: [
                ("info foo", "unknown command: 'info foo'; there are registers, mem"),
                ("translate", "translate: wrong number of arguments"),
                ("translate x", "translate x: give an address"),
                ("translate 0 el2", "translate el2: behind the address"),
                ("translate 0 asid", "behind asid, give its number"),
                ("translate 0 asid 9", "no vCPU is in the address space 0x9"),
                ("gva2gpa foo", "give an address"), ("xp /foo 0", "the format is /COUNT"),
                ("xp /99999999xg 0", "at most"),
                ("xp 0x09000000", "there is PL011 UART, whose registers change"), ("xp 0x3000000000000", "not all RAM"),
                ("xp /8xg 0xfffffffffffffff8", "beyond the last address"), ("regime el2", "use auto, el1 or physical"),
                ("mask-irq maybe", "use on, off or step"), ("catch foo", "brk"), ("catch brk el2", "is el0 or el1"),
                ("catch none el0", "nothing more"), ("trace foo", "only mmio"),
                ("trace mmio maybe", "use on, off"), ("trace mmio", "nothing is noted"),
                ("reset now", "use halt, init, run or nothing"),
                ("exits now", "takes no arguments"), ("foo", "unknown command: 'foo'"),
                ("translate $sqp", "no register sqp"),
                ("translate &main", "or as a register, such as sp"),
            ])
        func errors(line: String, expected: String) throws {
            // One machine for each would take longer than all the questions.
            let client = try Self.shared()
            let text = try client.monitor(line)
            #expect(text.contains(expected), "\(line): \(text)")
        }

        nonisolated(unsafe) private static var machine: (vm: VMUnderTest, client: RSPClient)?

        /// Tests of this suite run one at a time.
        private static func shared() throws -> RSPClient {
            if let machine { return machine.client }
            let vm = try VMUnderTest("mmu")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            machine = (vm, client)
            return client
        }

        @Test("exits are counted, and accesses to devices noted, by vCPU and device")
        func tracing() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                monitor trace mmio on
                tbreak loop
                continue
                monitor trace mmio
                monitor trace mmio
                monitor trace mmio off
                monitor exits
                detach
                """)
            #expect(log.succeeded, "\(log)")
            // "calls: begin", a byte each.
            #expect(log.text.contains(/CPU 0  write  0x9000000 +\S+ bytes?  0x63 +PL011/), "\(log)")
            #expect(log.contains("no access since the last look"), "\(log)")
            #expect(log.text.contains(/breakpoint +1\n/) && log.text.contains(/device write +[1-9]/), "\(log)")
            #expect(log.text.contains(/PL011 UART +0x9000000 +[0-9]+ +[1-9]/), "\(log)")
        }

        @Test(
            "catch stops in front of an exception at the level asked for, and going on lets the guest have it",
            .notOnKVM(.exceptionCatches))
        func catching() throws {
            let vm = try VMUnderTest("mmu")
            let guest = try GuestProgram.named("mmu")
            let log = try vm.gdb(
                "mmu",
                """
                monitor catch svc el0
                monitor catch data-abort el1
                monitor catch
                continue
                printf "@pc=%#lx\\n@calls=%lu\\n", $pc, system_calls
                \(GDB.show("cpsr", "$cpsr"))
                stepi
                printf "@pc=%#lx\\n", $pc
                continue
                printf "@pc=%#lx\\n@calls=%lu\\n", $pc, system_calls
                monitor catch none
                continue
                """)
            let svc = 0x8000_0000 + (try guest.symbol("user_svc")) - (try guest.symbol("user_code"))
            #expect(log.contains("catching: data-abort el1, svc el0"), "\(log)")
            #expect(log.contains("CPU 0 is about to take: SVC: #0x1 at EL0 (ESR 0x56000001)"), "\(log)")
            #expect(log.values("pc") == [svc, try guest.symbol("vector_sync_el0"), svc], "\(log)")
            #expect(log.values("calls") == [0, 1] && log.value("cpsr").map { $0 >> 2 & 3 } == 0, "\(log)")
            #expect(
                log.contains("exited normally") && vm.serial.contains("mmu: calls 15 breaks 3"), "\(log) \(vm.serial)")
        }

        @Test(
            "a caught interrupt is taken when the machine goes on, and stepi leaves it pending",
            .notOnKVM(.exceptionCatches))
        func catchingInterrupts() throws {
            let vm = try VMUnderTest("steps")
            let log = try vm.gdb(
                "steps",
                """
                monitor catch irq el1
                continue
                set $n = interrupts
                set $before = $pc
                stepi
                printf "@moved=%d\\n", $pc - $before
                continue
                printf "@irqs=%d\\n", interrupts - $n
                continue
                printf "@irqs=%d\\n", interrupts - $n
                continue
                printf "@irqs=%d\\n", interrupts - $n
                monitor catch none
                continue
                """)
            #expect(log.count("CPU 0 is about to take: IRQ at EL1") == 4, "\(log)")
            // Behind the step the same interrupt is caught again.
            #expect(log.value("moved").map { $0 != 0 } == true && log.values("irqs") == [0, 1, 2], "\(log)")
            #expect(log.contains("exited normally") && vm.serial.contains("failures 0\n"), "\(log) \(vm.serial)")
        }

        /// The guest `steps` at its busy wait for interrupts, with its timer on.
        private func waiting(_ vm: VMUnderTest) throws -> RSPClient {
            let guest = try GuestProgram.named("steps")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let place = String(try guest.symbol("wait_for_interrupts"), radix: 16)
            #expect(try client.ask("Z0,\(place),4") == "OK")
            #expect(try client.ask("vCont;c").hasPrefix("T05"))
            #expect(try client.ask("z0,\(place),4") == "OK")
            return client
        }

        private static var timerIsPending: Regex<Substring> { /27 +PPI +enabled pending/ }

        /// Lets the guest run with interrupts held off until its timer is due, and stops it.
        private func runMasked(_ client: RSPClient) throws {
            #expect(try client.monitor("mask-irq on").contains("always"))
            let isDue = try Patience.eventually {
                try client.send("vCont;c")
                usleep(100_000)
                try client.send(raw: [3])
                #expect(try client.reply().hasPrefix("T02"))
                return try client.monitor("info irq").contains(Self.timerIsPending)
            }
            #expect(isDue)
        }

        private func interruptCount() throws -> String {
            "m\(String(try GuestProgram.named("steps").symbol("interrupts"), radix: 16)),8"
        }

        @Test(
            "mask-irq on holds interrupts off while the guest runs",
            .notOnKVM(.heldInterrupts))
        func masking() throws {
            let vm = try VMUnderTest("steps")
            let client = try waiting(vm)
            let count = try interruptCount()
            let before = try client.ask(count)
            try runMasked(client)
            #expect(try client.ask(count) == before && vm.process.isRunning)
        }

        @Test("mask-irq step and off: a step is the program's or an interrupt handler's, as qqemu.sstep says too")
        func stepping() throws {
            let vm = try VMUnderTest("steps")
            let client = try waiting(vm)
            let count = try interruptCount()
            #expect(try client.ask("qqemu.sstep") == "0x7")
            let loop = try client.programCounter()
            // Until the timer is due: then it is pending, and stays so in each step. The software CPU's time is counted in
            // instructions, and its timer half a million away.
            if !VMUnderTest.isKVM {
                try runMasked(client)
                #expect(try client.monitor("mask-irq step").contains("while stepping"))
            }
            var steps = 0
            while try !client.monitor("info irq").contains(Self.timerIsPending), steps < 2000 {
                #expect(try client.ask("vCont;s:1").hasPrefix("T05"))
                steps += 1
            }
            let before = try client.ask(count)
            for _ in 0..<3 {
                #expect(try client.ask("vCont;s:1").hasPrefix("T05"))
                #expect(abs(Int(try client.programCounter()) - Int(loop)) < 64)
            }
            #expect(try client.ask(count) == before)
            // Without, it is the handler's.
            #expect(try client.ask("Qqemu.sstep=5") == "OK")
            #expect(try client.monitor("mask-irq").contains("never"))
            let interrupted = try client.programCounter()
            #expect(try client.ask("vCont;s:1").hasPrefix("T05"))
            let registers = try client.monitor("info registers")
            let digits = String(interrupted, radix: 16)
            #expect(
                registers.contains("ELR_EL1   0x" + String(repeating: "0", count: 16 - digits.count) + digits),
                "\(registers)")
            #expect(try client.ask("Qqemu.sstep=7") == "OK")
            #expect(try client.monitor("mask-irq step").contains("while stepping"))
            #expect(try client.ask("vCont;c") == "W00")
            #expect(vm.serial.contains("failures 0\n"), "\(vm.serial)")
        }

        @Test("reset halt and R bring the machine to its first instruction, and breakpoints stay")
        func resetting() throws {
            let vm = try VMUnderTest("calls")
            let guest = try GuestProgram.named("calls")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("Z0,\(String(try guest.symbol("fib"), radix: 16)),4") == "OK")
            for round in 0..<3 {
                #expect(try client.ask("vCont;c").hasPrefix("T05"))
                #expect(try client.programCounter() == (try guest.symbol("fib")))
                if round == 0 {
                    #expect(try client.monitor("reset halt").contains("first instruction"))
                } else {
                    try client.send("R00")
                }
                #expect(try client.programCounter() == (try guest.symbol("_start")))
            }
        }
    }
}
