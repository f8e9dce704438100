import Foundation
import TestSupport
import Testing

extension EndToEnd.Linux {
    /// LLDB in Debian's kernel and in a process of its user land.
    @Suite(.serialized, .traplineOnly(VMUnderTest.noLLDB))
    struct LLDBKernel {
        private func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

        @Test("breakpoints set before the first instruction, MMU off, are hit in the kernel at EL1, registers and all")
        func fromTheFirstInstruction() throws {
            let booted = try LinuxGuest.shared(.virt)
            let places = try booted.kernelSymbols(["start_kernel", "rest_init"])
            let guest = try LinuxGuest(cpus: 4, hold: true)
            let log = try LLDB.batch(
                remote: guest.vm.endpoint, limit: .seconds(120),
                """
                register read pc
                breakpoint set --address \(hex(places[0]))
                breakpoint set --hardware --address \(hex(places[1]))
                continue
                register read pc cpsr TTBR1_EL1
                memory read --size 4 --format x --count 1 $pc
                thread list
                continue
                register read pc
                process plugin packet monitor translate \(hex(places[1]))
                process kill
                """)
            let stops = log.registers("pc")
            #expect(log.succeeded && stops.count == 3 && stops.dropFirst() == places[...], "\(log)")
            #expect(
                stops.first.map { $0 < 1 << 40 } == true, "the first instruction runs at a physical address: \(log)")
            #expect(log.registers("cpsr").map { $0 >> 2 & 3 } == [1], "\(log)")
            #expect(log.contains("name = 'CPU 3 (off)'") && log.contains(#/PA 0x[0-9a-f]+, /#), "\(log)")
            // The kernel's code has no trace of the breakpoint.
            #expect(log.contains(/\n0xffff[0-9a-f]+: 0x[0-9a-f]{8}/) && !log.contains(": 0xd4200000"), "\(log)")
            #expect(guest.vm.process.wait(limit: .seconds(5)) == .exited(0))
        }

        @Test("in the running kernel: a breakpoint, steps that enter no vector, a watched variable, and a clean detach")
        func runningKernel() throws {
            let guest = try LinuxGuest.shared(.virt)
            let getppid = try guest.kernelSymbol("__arm64_sys_getppid")
            let shell = try guest.run("echo $$").trimmingCharacters(in: .whitespacesAndNewlines)
            // The program must not end before LLDB has attached.
            try guest.run("taskset -c 2 clock 100000000 >/dev/null & true")
            // The call's argument is the process's registers, in which the kernel leaves the value it returns.
            let log = try LLDB.batch(
                remote: guest.vm.endpoint, limit: .seconds(120),
                """
                breakpoint set --address \(hex(getppid))
                continue
                register read pc cpsr VBAR_EL1
                thread list
                continue
                watchpoint set expression --size 8 --watch write -- $x0
                breakpoint delete
                continue
                watchpoint delete
                \(Array(repeating: "thread step-inst", count: 40).joined(separator: "\n"))
                detach
                """)
            #expect(log.succeeded && log.registers("pc") == [getppid], "\(log)")
            #expect(log.registers("cpsr").map { $0 >> 2 & 3 } == [1], "\(log)")
            #expect(log.contains(/\* thread #3: .*name = 'CPU 2 \(EL1\)', stop reason = breakpoint 1.1/), "\(log)")
            let values = log.text.matches(of: /new value: (\d+)/).map { String($0.1) }
            #expect(log.count("stop reason = watchpoint 1") == 1 && values.last == shell, "\(log)")
            // The attach, two breakpoints, the watchpoint, and the steps.
            let frames = log.frames.dropFirst(4)
            let vectors = try #require(log.registers("VBAR_EL1").first, "\(log)")
            let interrupts = [vectors + 0x280, vectors + 0x480]
            #expect(frames.count == 40 && Set(frames).count > 20, "\(log)")
            #expect(!frames.contains { pc in interrupts.contains { $0..<$0 + 0x80 ~= pc } }, "\(log)")
            try guest.run("kill -KILL $!; wait $! || true")
            #expect(try guest.run("taskset -c 2 clock 100").contains("100 rounds, 0 backwards"))
            try guest.expectNoComplaints()
        }

        @Test(
            "in a process: a breakpoint by name is hit at EL0 each time round, with the process's registers and stack")
        func process() throws {
            let guest = try LinuxGuest.shared(.virt)
            let program = try LinuxFiles.made.get().program("loop")
            let tick = try LinuxFiles.made.get().symbol("tick", of: "loop")
            let loop = try guest.type("loop 100")
            let log = try LLDB.batch(
                elf: program, remote: guest.vm.endpoint, limit: .seconds(60),
                """
                breakpoint set --address \(hex(tick))
                \(Array(repeating: "continue\nregister read x0 cpsr", count: 5).joined(separator: "\n"))
                register read pc sp
                memory read --size 8 --format x --count 1 $sp
                breakpoint delete
                detach
                """)
            let numbers = log.registers("x0")
            #expect(log.succeeded && numbers.count == 5, "\(log)")
            // The argument counts the calls: none was missed, none reported twice.
            #expect(numbers == numbers.indices.map { (numbers.first ?? 0) + UInt64($0) }, "\(log)")
            #expect(log.registers("cpsr").allSatisfy { $0 >> 2 & 3 == 0 } && log.registers("pc") == [tick], "\(log)")
            #expect(log.count("(EL0)', stop reason = breakpoint 1.1") == 5 && log.contains("`tick"), "\(log)")
            #expect(try guest.finish(loop).text == "loop: 100 ticks\n")
        }
    }
}

extension GDBLog {
    /// Whether a pattern matches anywhere.
    fileprivate func contains(_ pattern: some RegexComponent) -> Bool { text.contains(pattern) }
}
