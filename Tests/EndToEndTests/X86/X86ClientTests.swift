import Foundation
import TestSupport
import Testing

extension EndToEndX86 {
    /// Clients other than a GDB in all-stop mode with an x86-64 guest.
    @Suite struct Clients {
        @Test("LLDB attaches, stops at a breakpoint, steps, reads and writes registers and memory, and detaches")
        func lldb() throws {
            let vm = try VMUnderTest(pc: "steps")
            let guest = try GuestProgram.named("steps", .x86_64)
            let begin = "0x" + hex(try guest.symbol("steps_begin"), digits: 16)
            let log = try LLDB.batch(
                elf: guest.path, remote: vm.endpoint, limit: .seconds(120),
                """
                thread list
                breakpoint set --address \(begin)
                continue
                register read rip eflags cr0 cr3 xmm0
                register write rbx 0x123456789abcdef0
                register read rbx
                thread step-inst
                register read rip
                memory write --size 8 &results[60] 0x1122334455667788
                memory read --size 8 --format x --count 1 &results[60]
                memory region 0
                memory region 0x10000000000
                breakpoint delete --force
                process plugin packet monitor info registers
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.contains("CPU 0 (64-bit, ring 0)"), "\(log)")
            #expect(log.contains("stop reason = breakpoint 1.1"), "\(log)")
            #expect(log.contains("rbx = 0x123456789abcdef0"), "\(log)")
            #expect(log.contains("0x1122334455667788"), "\(log)")
            #expect(log.contains("rip = " + begin), "\(log)")
            // RAM is the first 128 MiB; above 4 GiB nothing is mapped, also where addresses are not canonical.
            #expect(log.contains("[0x0000000000000000-0x0000000008000000) rwx RAM"), "\(log)")
            #expect(log.contains("[0x0000010000000000-0xffffffffffffffff) ---"), "\(log)")
            #expect(vm.process.wait(limit: .seconds(40)) == .exited(0))
            #expect(vm.serial.contains("done\n") && !vm.serial.contains("unexpected"), "\(vm.serial)")
        }

        @Test("LLDB's watchpoint stops after the write, with old and new value")
        func lldbWatchpoint() throws {
            let vm = try VMUnderTest(pc: "smp", cpus: 2)
            let log = try LLDB.batch(
                elf: GuestProgram.named("smp", .x86_64).path, remote: vm.endpoint, limit: .seconds(120),
                """
                breakpoint set --name before_start
                continue
                breakpoint delete --force
                watchpoint set expression --watch write --size 8 -- &calls[1]
                continue
                bt
                continue
                expression (long)calls[1]
                watchpoint delete --force
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.contains("old value: 0x0000000000000000"), "\(log)")
            #expect(log.contains("new value: 0x0000000000000001"), "\(log)")
            #expect(log.contains("`both(cpu=1)") && log.contains("(long) $1 = 2"), "\(log)")
            try vm.waitForSerial("all finished\n")
        }

        @Test("in non-stop mode GDB holds one vCPU at a breakpoint while the other runs, and steps it")
        func nonStop() throws {
            let vm = try VMUnderTest(pc: "smp", cpus: 2)
            let gdb = try GDBSession(elf: GuestProgram.named("smp", .x86_64).path)
            try gdb.command("set non-stop on")
            try gdb.command("target remote \(vm.endpoint)")
            try gdb.command("break all_finished")
            try gdb.start("continue -a &")
            let stop = try gdb.waitForStop()
            #expect(stop.contains("breakpoint-hit") && stop.contains("thread-id=\"1\""), "\(stop)")
            // The other one beats on, and its memory is there to be read.
            let first = try gdb.number("beats[1]")
            #expect(try Patience.eventually { try gdb.number("beats[1]") > first })
            #expect(try gdb.number("beats[0]") == 0)
            let place = try gdb.number("$pc")
            try gdb.start("stepi &")
            #expect(try gdb.waitForStop().contains("end-stepping-range"))
            #expect(try gdb.number("$pc") != place)
            try gdb.command("delete")
            try gdb.start("interrupt -a")
            #expect(try gdb.waitForStop().contains("thread-id=\"2\""))
            let held = try gdb.number("beats[1]")
            usleep(300_000)
            #expect(try gdb.number("beats[1]") == held)
            try gdb.command("detach")
            try vm.waitForSerial("all finished\n")
        }

        private func hex(_ number: UInt64, digits: Int) -> String {
            let text = String(number, radix: 16)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
    }
}
