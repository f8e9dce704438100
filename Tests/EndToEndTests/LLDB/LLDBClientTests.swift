import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Plain LLDB from attach to detach.
    @Suite(.enabled(if: VMUnderTest.isTrapline, "QEMU has few of the packets LLDB asks for"))
    struct LLDBClient {
        private func run(_ guest: String, _ script: String) throws -> (log: GDBLog, vm: VMUnderTest) {
            let vm = try VMUnderTest(guest)
            return (try LLDB.batch(elf: GuestProgram.named(guest).path, remote: vm.endpoint, script), vm)
        }

        @Test("LLDB attaches, sees vCPUs by name and registers by theirs, and detaches")
        func attach() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let log = try LLDB.batch(
                elf: GuestProgram.named("smp").path, remote: vm.endpoint,
                """
                thread list
                register read pc sp fp lr cpsr x0
                register write x7 0x1122334455667788
                register read x7 w7
                thread select 2
                register read x7
                thread select 1
                register read x7
                detach
                """)
            #expect(log.succeeded, "\(log)")
            let start = try GuestProgram.named("smp").symbol("_start")
            #expect(log.contains("name = 'CPU 0 (EL1)', stop reason") && log.contains("name = 'CPU 1 (off)'"), "\(log)")
            #expect(
                log.contains("pc = 0x00000000\(String(start, radix: 16))") && log.contains("cpsr = 0x000003c5"),
                "\(log)")
            #expect(log.count("x7 = 0x1122334455667788") == 2 && log.contains("w7 = 0x55667788"), "\(log)")
            #expect(log.count("x7 = 0x0000000000000000") == 1, "\(log)")
            try vm.waitForSerial("smp: calls 40 40\n")
        }

        @Test("breakpoints hit, steps are one instruction, finish returns, bt sees the callers, memory is the guest's")
        func breakStepFinish() throws {
            let (log, vm) = try run(
                "calls",
                """
                breakpoint set --name add
                breakpoint set --hardware --name fib --one-shot true
                continue
                bt
                register read pc
                thread step-inst
                register read pc
                thread step-over
                finish
                memory read --size 4 --format x --count 2 `(unsigned long)&add`
                disassemble --name add
                memory write --size 4 `(unsigned long)&calls` 0x3e8
                expression calls
                breakpoint disable 1
                continue
                bt
                continue
                """)
            let add = try GuestProgram.named("calls").symbol("add")
            #expect(log.succeeded && log.contains("stop reason = breakpoint 1.1"), "\(log)")
            #expect(log.contains("frame #1") && log.contains("`loop(count=100)") && log.contains("`main at"), "\(log)")
            // The breakpoint is after the prologue, and the step is one instruction.
            let counters = log.text.matches(of: /pc = 0x([0-9a-f]{16})/).compactMap { UInt64($0.1, radix: 16) }
            #expect(counters.count == 2 && counters[1] == counters[0] + 4, "\(log)")
            #expect((add..<add + 32).contains(counters.first ?? 0), "\(log)")
            #expect(log.contains("stop reason = step over") && log.contains("stop reason = step out"), "\(log)")
            #expect(log.contains("Return value: (int)"), "\(log)")
            // No breakpoint of the debugger's is seen in the code.
            #expect(log.contains("sub    sp, sp, #0x10") && !log.contains("brk"), "\(log)")
            #expect(log.contains("= 1000") && log.contains("`fib(n=10)"), "\(log)")
            // The guest exits with a status, and the count continues from the written value.
            #expect(log.contains("exited with status = 0"), "\(log)")
            #expect(vm.serial.contains("calls: sum") && vm.serial.contains("calls 1099\n"), "\(vm.serial)")
        }

        @Test("memory regions are reported before and after the MMU is on, up to the last address")
        func regions() throws {
            let (log, _) = try run(
                "mmu",
                """
                memory region 0
                memory region $pc
                memory region 0x09000000
                memory region 0xffffffffffff0000
                breakpoint set --name after_mmu
                continue
                memory region $pc
                memory region 0x80000000
                memory region 0xffff000040100000
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.contains("[0x0000000000000000-0x0000000008000000) rwx flash"), "\(log)")
            #expect(log.count("[0x0000000040000000-0x0000000048000000) rwx RAM") >= 1, "\(log)")
            #expect(log.contains("[0x0000000009000000-0x0000000009001000) --- PL011"), "\(log)")
            #expect(log.contains("-0xffffffffffffffff) ---"), "\(log)")
            let regions = log.text.matches(of: /\[0x([0-9a-f]{16})-0x([0-9a-f]{16})\) (\S+)/)
            #expect(regions.count == 7, "\(log)")
            let high = regions.last
            #expect(high.map { $0.1.hasPrefix("ffff0000") && $0.3.hasPrefix("r") } == true, "\(log)")
        }

        @Test("from 0 on each region begins where the last one ended, up to the last address, the MMU off and on")
        func tiling() throws {
            let vm = try VMUnderTest("mmu")
            let client = try RSPClient(vm.endpoint)
            #expect(
                try client.ask("Z0,\(String(try GuestProgram.named("mmu").symbol("after_mmu"), radix: 16)),4") == "OK")
            for isOn in [false, true] {
                if isOn { #expect(try client.ask("c").hasPrefix("T05")) }
                var next: UInt64 = 0
                var holes = 0
                var count = 0
                while next < .max, count < 100 {
                    let reply = try client.ask("qMemoryRegionInfo:" + String(next, radix: 16))
                    let match = try #require(reply.firstMatch(of: /^start:([0-9a-f]+);size:([0-9a-f]+);/), "\(reply)")
                    #expect(UInt64(match.1, radix: 16) == next, "\(reply)")
                    let size = try #require(UInt64(match.2, radix: 16))
                    try #require(size > 0 && next <= .max - size, "\(reply)")
                    if !reply.contains("permissions:") { holes += 1 }
                    next += size
                    count += 1
                }
                #expect(next == .max && holes >= 2 && count < 100, "\(count) regions")
            }
        }

        @Test("a watchpoint stops before the write, shows both values, and the guest continues")
        func watchpoint() throws {
            let (log, vm) = try run(
                "calls",
                """
                breakpoint set --name loop --one-shot true
                continue
                watchpoint set variable calls
                continue
                continue
                continue
                watchpoint list
                watchpoint delete
                continue
                """)
            #expect(log.succeeded && log.count("stop reason = watchpoint 1") >= 3, "\(log)")
            #expect(
                log.contains("old value: 0") && log.contains("new value: 1") && log.contains("new value: 3"), "\(log)")
            #expect(log.contains("old value: 2"), "\(log)")
            #expect(log.contains("exited with status = 0") && vm.serial.contains("calls 100\n"), "\(log)")
        }

        @Test("a running guest is interrupted with SIGINT, again and again, and runs on after the detach")
        func interrupt() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let lldb = try LLDBSession(elf: GuestProgram.named("forever").path, remote: vm.endpoint)
            for _ in 0..<3 {
                try lldb.command("continue", until: "resuming")
                let before = vm.serial.utf8.count
                try vm.waitForSerial { $0.utf8.count > before }
                // The guest runs before LLDB says so.
                while try !lldb.command("process status", until: "Process 1 ").contains("running") { usleep(10_000) }
                let stop = try lldb.command("process interrupt", until: "stop reason")
                #expect(stop.contains("stop reason = signal SIGINT"), "\(stop)")
                let step = try lldb.command("thread step-inst", until: "stop reason")
                #expect(step.contains("instruction step into"), "\(step)")
            }
            try lldb.command("breakpoint set --name hot", until: "Breakpoint 1")
            #expect(try lldb.command("continue", until: "stop reason").contains("breakpoint 1.1"))
            try lldb.command("detach", until: "detached")
            let before = vm.serial.utf8.count
            try vm.waitForSerial { $0.utf8.count > before }
            try lldb.quit()
        }

        @Test("what a caught exception is, LLDB shows as the stop reason")
        func caught() throws {
            let (log, vm) = try run(
                "brk",
                """
                process plugin packet monitor catch brk
                continue
                process plugin packet monitor catch none
                continue
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.contains("stop reason = CPU 0 is about to take: BRK: #0x123 at EL1"), "\(log)")
            #expect(vm.serial.hasSuffix("brk: breaks 60 failures 0\n"), "\(vm.serial)")
        }
    }
}
