import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// `process plugin packet monitor`: Trapline's own commands, from LLDB.
    @Suite(.traplineOnly(VMUnderTest.noLLDB))
    struct LLDBMonitor {
        /// A command as LLDB takes it.
        private func monitor(_ command: String) -> String { "process plugin packet monitor \(command)" }

        @Test("replies and errors of commands are shown, and the guest continues afterwards")
        func commands() throws {
            let vm = try VMUnderTest("mmu")
            let log = try vm.lldb(
                "mmu",
                """
                \(monitor("translate 0x40100000"))
                breakpoint set --name after_mmu --one-shot true
                continue
                \(monitor("translate 0xffff000040100000"))
                \(monitor("translate 0xffff800000000000"))
                \(monitor("info registers"))
                \(monitor("info cpus"))
                \(monitor("xp /4xw 0x40100000"))
                \(monitor("no such thing"))
                \(monitor("help"))
                continue
                """)
            #expect(log.succeeded && log.contains("PA 0x40100000 (MMU off)"), "\(log)")
            #expect(log.contains("PA 0x40100000, 4 KiB page at level 3"), "\(log)")
            #expect(log.contains("* CPU 0 (EL1)  PC 0x") && log.contains("PSTATE=0x"), "\(log)")
            #expect(log.contains("unknown command: 'no'"), "\(log)")
            #expect(log.contains("translate VA [el0|el1]"), "\(log)")
            #expect(log.contains("exited with status = 0") && vm.serial.contains("calls 15 breaks 3"), "\(log)")
        }

        @Test(
            "a caught system call is the stop reason, a step takes its exception, and continue lets the guest have it",
            .notOnKVM(.exceptionCatches))
        func caught() throws {
            let vm = try VMUnderTest("mmu")
            let guest = try GuestProgram.named("mmu")
            let log = try vm.lldb(
                "mmu",
                """
                \(monitor("catch svc el0"))
                continue
                register read pc
                thread step-inst
                register read pc
                continue
                expression system_calls
                \(monitor("catch none"))
                continue
                """)
            let svc = 0x8000_0000 + (try guest.symbol("user_svc")) - (try guest.symbol("user_code"))
            let vector = try guest.symbol("vector_sync_el0")
            #expect(log.succeeded && log.registers("pc") == [svc, vector], "\(log)")
            #expect(log.count("stop reason = CPU 0 is about to take: SVC: #0x1 at EL0") == 2, "\(log)")
            #expect(log.results == ["1"] && log.contains("exited with status = 0"), "\(log)")
        }

        @Test("monitor reset restarts the machine: breakpoints stay, and the next stop is the new run's")
        func reset() throws {
            let vm = try VMUnderTest("forever")
            let log = try vm.lldb(
                "forever",
                """
                breakpoint set --name hot
                continue
                continue
                expression beats
                \(monitor("reset"))
                continue
                expression beats
                thread step-inst
                breakpoint delete
                detach
                """)
            #expect(log.succeeded && log.contains("the machine is back at its first instruction"), "\(log)")
            #expect(log.count("stop reason = breakpoint 1.1") == 3 && log.results == ["1", "0"], "\(log)")
            try vm.waitForSerial("begin again") { $0.components(separatedBy: "forever: begin").count == 3 }
            try vm.expectTicks()
        }

        @Test("bound to an address space a breakpoint lets the others run through its address")
        func bound() throws {
            let vm = try VMUnderTest("mmu")
            let log = try vm.lldb(
                "mmu",
                """
                breakpoint set --name after_mmu --one-shot true
                continue
                \(monitor("bind 0x80000000 asid 2"))
                breakpoint set --address 0x80000000
                continue
                register read TTBR0_EL1
                continue
                """)
            #expect(log.succeeded && log.registers("TTBR0_EL1").map { $0 >> 48 } == [2], "\(log)")
            #expect(log.contains("exited with status = 0") && vm.serial.contains("calls 15 breaks 3"), "\(log)")
        }
    }
}
