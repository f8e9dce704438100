import TestSupport
import Testing

extension EndToEnd {
    /// Translation on and off, high addresses, EL0, two address spaces and code that changes.
    @Suite struct Translation {
        let end = "mmu: calls 15 breaks 3 highs 11 hots 6 code 1 42\n"

        @Test("2.34, 2.35: breakpoints before and after the MMU is enabled, at identity and high addresses")
        func aroundMMU() throws {
            let vm = try VMUnderTest("mmu")
            let log = try vm.gdb(
                "mmu",
                """
                add-symbol-file \(try GuestProgram.named("mmu").path) -o 0xffff000000000000
                break *(unsigned long)&before_mmu
                break *(unsigned long)&after_mmu
                tbreak *\(try high("high_work"))
                info breakpoints
                continue
                printf "@pc=%#lx\\n", $pc
                continue
                printf "@pc=%#lx\\n", $pc
                continue
                printf "@pc=%#lx\\n", $pc
                x/2i $pc
                printf "@low=%#x\\n@high=%#x\\n", *(int *)0x40100000, *(int *)0xffff000040100000
                finish
                printf "@highs=%lu\\n", highs
                delete
                continue
                """)
            let guest = try GuestProgram.named("mmu")
            let places = [
                try guest.symbol("before_mmu"), try guest.symbol("after_mmu"), try guest.symbol("high_work") | top,
            ]
            #expect(log.values("pc") == places && log.value("highs") == 11, "\(log)")
            #expect(log.value("low") == log.value("high"), "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
        }

        /// The bits of a high address over its low one.
        let top: UInt64 = 0xffff_0000_0000_0000

        private func high(_ symbol: String) throws -> String {
            "0x" + String(try GuestProgram.named("mmu").symbol(symbol) | top, radix: 16)
        }

        @Test("2.32: a software breakpoint at an address that is not mapped yet arms itself")
        func pendingBreakpoint() throws {
            let vm = try VMUnderTest("mmu")
            let guest = try GuestProgram.named("mmu")
            let high = try guest.symbol("high_work") | top
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("Z0,\(String(high, radix: 16)),4") == "OK")
            #expect(try client.ask("m\(String(high, radix: 16)),4").hasPrefix("E"))
            #expect(try client.ask("vCont;c").hasPrefix("T05"))
            #expect(try client.programCounter() == high)
            #expect(!(try client.ask("m\(String(high, radix: 16)),4").hasPrefix("E")))
            #expect(try client.ask("z0,\(String(high, radix: 16)),4") == "OK")
            #expect(try client.ask("vCont;c") == "W00")
            #expect(vm.serial.hasSuffix(end))
        }

        @Test("2.24: a breakpoint is at its virtual address: the same code at another address does not stop")
        func aliases() throws {
            for useHigh in [false, true] {
                let vm = try VMUnderTest("mmu")
                let place = useHigh ? try high("hot") : "(unsigned long)&hot"
                let log = try vm.gdb(
                    "mmu",
                    """
                    tbreak after_mmu
                    continue
                    break *\(place)
                    continue
                    printf "@hots=%lu\\n", hots
                    continue
                    printf "@hots=%lu\\n", hots
                    continue
                    printf "@hots=%lu\\n", hots
                    continue
                    """)
                // Low and high calls take turns, low first.
                #expect(log.values("hots") == (useHigh ? [1, 3, 5] : [0, 2, 4]), "\(log)")
                #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
            }
        }

        @Test("2.25: under a breakpoint every alias of the memory shows the guest's own bytes")
        func aliasesOfMemory() throws {
            let vm = try VMUnderTest("mmu")
            let log = try vm.gdb(
                "mmu",
                """
                set breakpoint always-inserted on
                tbreak after_mmu
                continue
                printf "@code=%#x\\n", *(int *)\(try high("hot"))
                break *(unsigned long)&hot
                printf "@code=%#x\\n@code=%#x\\n", *(int *)\(try high("hot")), *(int *)hot
                delete
                printf "@code=%#x\\n", *(int *)\(try high("hot"))
                continue
                """)
            let codes = log.values("code")
            #expect(codes.count == 4 && Set(codes).count == 1, "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
        }

        @Test("2.25, 2.32: a breakpoint stays when the guest writes other code over it, and the new code runs")
        func overwrittenCode() throws {
            let vm = try VMUnderTest("mmu")
            let log = try vm.gdb(
                "mmu",
                """
                break overwritten
                continue
                finish
                printf "@value=%d\\n", $x0
                continue
                x/i $pc
                finish
                printf "@value=%d\\n", $x0
                delete
                continue
                """)
            #expect(log.values("value") == [1, 42] && log.contains("#0x2a"), "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
        }

        @Test("2.2, 2.35: at EL0 breakpoints, steps, sp and memory are the user program's")
        func userMode() throws {
            let vm = try VMUnderTest("mmu")
            let log = try vm.gdb(
                "mmu",
                """
                tbreak enter_user
                continue
                set $kernel_sp = $sp
                break *(0x80000000 + (unsigned long)&user_svc - (unsigned long)&user_code)
                continue
                printf "@pc=%#lx\\n@sp=%#lx\\n@x0=%lu\\n", $pc, $sp, $x0
                \(GDB.show("cpsr", "$cpsr"))
                printf "@stack=%lu\\n", *(unsigned long *)($sp - 16)
                x/2i $pc
                stepi
                printf "@vector=%#lx\\n@kernel=%d\\n", $pc, $sp <= $kernel_sp && $sp > $kernel_sp - 256
                \(GDB.show("cpsr", "$cpsr"))
                tbreak *leave_handler
                continue
                stepi
                printf "@pc=%#lx\\n@sp=%#lx\\n", $pc, $sp
                \(GDB.show("cpsr", "$cpsr"))
                continue
                printf "@x0=%lu\\n", $x0
                delete
                continue
                """)
            let guest = try GuestProgram.named("mmu")
            let svc = 0x8000_0000 + (try guest.symbol("user_svc")) - (try guest.symbol("user_code"))
            #expect(log.values("pc") == [svc, svc + 4] && log.values("sp") == [0x8000_1000, 0x8000_1000], "\(log)")
            #expect(log.values("cpsr").map { $0 >> 2 & 3 } == [0, 1, 0], "\(log)")
            #expect(log.values("x0") == [1, 2] && log.value("stack") == 1, "\(log)")
            let vector = try guest.symbol("vector_sync_el0")
            #expect(log.value("vector") == vector && log.value("kernel") == 1, "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
        }

        @Test(
            "2.24, 2.28: one address in two address spaces: both hit, and the guest's own BRK at EL0 is its own",
            .traplineOnly("QEMU reads no memory of EL1's at EL0"))
        func twoAddressSpaces() throws {
            let vm = try VMUnderTest("mmu")
            let log = try vm.gdb(
                "mmu",
                """
                tbreak enter_user
                continue
                break *0x80000000
                hbreak *(0x80000004 + (unsigned long)&user_brk - (unsigned long)&user_code)
                set $n = 0
                while $n < 4
                  continue
                  printf "@ttbr=%#lx\\n@breaks=%lu\\n", (unsigned long)$TTBR0_EL1 >> 48, user_breaks
                  printf "@code=%#x\\n", *(int *)0x80000000
                  set $n = $n + 1
                end
                delete
                continue
                """)
            #expect(log.values("ttbr") == [1, 1, 2, 2] && log.values("breaks") == [0, 1, 1, 2], "\(log)")
            #expect(Set(log.values("code")).count == 1, "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
        }

        @Test("2.32: a breakpoint in a page that is mapped later is hit there")
        func lateMapping() throws {
            let vm = try VMUnderTest("mmu")
            let log = try vm.gdb(
                "mmu",
                """
                tbreak before_late_page
                continue
                hbreak *0x80001000
                continue
                printf "@pc=%#lx\\n", $pc
                delete
                continue
                """)
            #expect(log.value("pc") == 0x8000_1000, "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix(end), "\(log)")
        }

        @Test("2.37: with the MMU on an unmapped address is an error for reads and writes, never a guess")
        func unmapped() throws {
            let vm = try VMUnderTest("mmu")
            let gdb = try GDBSession(elf: GuestProgram.named("mmu").path, remote: vm.endpoint)
            try gdb.command("tbreak high_work")
            try gdb.command("tbreak *\(try high("high_work"))")
            try gdb.resume("continue")
            _ = try gdb.waitForStop()
            for address in ["0x80001000", "0xffff800008000000", "0xffff000000000000", "0xffffffc008000000"] {
                #expect(try gdb.failure(of: "x/x \(address)").contains("Cannot access memory at address \(address)"))
                #expect(try gdb.failure(of: "set var *(int *)\(address) = 1").contains("Cannot access memory"))
            }
        }

        @Test("2.34: monitor translate says what a virtual address is", .traplineOnly("a command of Trapline's"))
        func translate() throws {
            let vm = try VMUnderTest("mmu")
            let log = try vm.gdb(
                "mmu",
                """
                monitor translate 0x40100000
                tbreak after_mmu
                continue
                monitor translate 0xffff000040100000
                monitor translate 0x40100000
                monitor help
                monitor version
                monitor registers
                detach
                """)
            #expect(log.succeeded && log.text.lowercased().contains("40100000"), "\(log)")
        }
    }
}
