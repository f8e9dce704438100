import Foundation
import TestSupport
import Testing

extension EndToEndX86 {
    /// Single steps while a timer interrupts: the program must not be able to notice them.
    @Suite struct Steps {
        /// How a step holds interrupts off; `flags` is what hosts without KVM_GUESTDBG_BLOCKIRQ have.
        enum Holding: String, CaseIterable, Sendable {
            case kvm, flags
        }

        /// The guest's output about the values of RFLAGS that it saw.
        private func views(_ serial: String) -> [Substring] {
            serial.split(separator: "\n").filter { $0.contains("result ") || $0.hasPrefix("seen ") }
        }

        /// The output of a run without a debugger.
        private func undisturbed() throws -> [Substring] {
            let vm = try VMUnderTest(pc: "steps", hold: false)
            #expect(vm.process.wait(limit: .seconds(20)) == .exited(0))
            let views = views(vm.serial)
            try #require(views.count == 32 && vm.serial.contains("done\n"), "\(vm.serial)")
            return views
        }

        @Test(
            "stepi through pushf, popf, cli, sti, mov ss, int, int3, iret, syscall, a fault, a device and hlt leaves no trace",
            arguments: Holding.allCases)
        func stepThroughEverything(holding: Holding) throws {
            let expected = try undisturbed()
            let vm = try VMUnderTest(pc: "steps")
            let log = try vm.gdb(
                pc: "steps", limit: .seconds(120),
                """
                monitor steps \(holding.rawValue)
                break *steps_begin
                continue
                delete
                printf "@ticks=%lu\\n", ticks
                set $n = 0
                while $pc != (unsigned long)&steps_end && $n < 2500
                  stepi
                  printf "@pc=%#lx\\n@flags=%#x\\n", $pc, $eflags
                  set $n = $n + 1
                end
                printf "@reached=%d\\n@ticks=%lu\\n", $pc == (unsigned long)&steps_end, ticks
                tbreak power_off
                continue
                printf "@ticks=%lu\\n", ticks
                detach
                """)
            #expect(log.succeeded && log.value("reached") == 1, "\(log)")
            let guest = try GuestProgram.named("steps", .x86_64)
            let pcs = log.values("pc")
            #expect(pcs.count > 250, "\(log)")
            #expect(!pcs.contains(try guest.symbol("timer_entry")), "a step led into an interrupt: \(log)")
            #expect(!pcs.contains(try guest.symbol("debug_entry")), "a step led into the guest's #DB: \(log)")
            // Each of these leads where the architecture says, by one step.
            let ways = [
                ("steps_call", "call_entry"), ("steps_own_breakpoint", "breakpoint_entry"),
                ("steps_fault", "fault_entry"), ("steps_syscall", "syscall_entry"),
            ]
            for (from, to) in ways {
                let place = try #require(pcs.firstIndex(of: try guest.symbol(from)), "\(from): \(log)")
                #expect(pcs[place + 1] == (try guest.symbol(to)), "\(from): \(log)")
            }
            // TF is the debugger's alone.
            #expect(log.values("flags").allSatisfy { $0 & 0x100 == 0 }, "\(log)")
            let ticks = log.values("ticks")
            try #require(ticks.count == 3, "\(log)")
            #expect(ticks[1] == ticks[0], "an interrupt was taken by a step: \(ticks)")
            try vm.waitForSerial("done\n")
            #expect(views(vm.serial) == expected, "\(vm.serial)")
            #expect(!vm.serial.contains("unexpected"), "\(vm.serial)")
            #expect(vm.process.wait(limit: .seconds(20)) == .exited(0))
        }

        @Test(
            "a breakpoint on each of the delicate instructions is continued from without a trace",
            arguments: Holding.allCases)
        func continueOverDelicateInstructions(holding: Holding) throws {
            let expected = try undisturbed()
            let vm = try VMUnderTest(pc: "steps")
            // Not at the guest's own INT3: GDB takes that for a breakpoint of its user's, and passes it over.
            let places = [
                "steps_begin", "steps_call", "steps_after_call", "steps_fault", "steps_iret", "steps_syscall",
                "steps_halt", "steps_end",
            ]
            let log = try vm.gdb(
                pc: "steps", limit: .seconds(60),
                """
                monitor steps \(holding.rawValue)
                \(places.map { "break *\($0)" }.joined(separator: "\n"))
                \(places.map { _ in "continue\nprintf \"@pc=%#lx\\n\", $pc" }.joined(separator: "\n"))
                delete
                continue
                """)
            #expect(log.contains("exited normally"), "\(log)")
            let guest = try GuestProgram.named("steps", .x86_64)
            #expect(log.values("pc").filter { $0 != 0 } == (try steps(places, guest)), "\(log)")
            #expect(views(vm.serial) == expected && vm.serial.contains("done\n"), "\(vm.serial)")
        }

        /// The places' addresses; the fault is met twice, as it is executed again.
        private func steps(_ places: [String], _ guest: GuestProgram) throws -> [UInt64] {
            var addresses = try places.map { try guest.symbol($0) }
            let fault = try guest.symbol("steps_fault")
            if let place = addresses.firstIndex(of: fault) {
                addresses.insert(fault, at: place)
                addresses.removeLast()
            }
            return addresses
        }

        @Test("a step comes back that loses TF and leads where no debug register waits: SYSCALL, with four watchpoints")
        func boundedStep() throws {
            let vm = try VMUnderTest(pc: "steps")
            let log = try vm.gdb(
                pc: "steps", limit: .seconds(60),
                """
                tbreak *steps_syscall
                continue
                \((60..<64).map { "watch results[\($0)]" }.joined(separator: "\n"))
                # Two NOPs, and a jump to the second.
                set $code = *(unsigned int *)&syscall_entry
                set var *(unsigned int *)&syscall_entry = 0xfdeb9090
                stepi
                printf "@pc=%#lx\\n@flags=%#x\\n", $pc, $eflags
                set var *(unsigned int *)&syscall_entry = $code
                set $pc = (unsigned long)&syscall_entry
                delete
                continue
                """)
            // The effect on a guest whose flags are pushed meanwhile is in Documentation/kvm-x86.md.
            #expect(log.contains("exited normally"), "\(log)")
            let entry = try GuestProgram.named("steps", .x86_64).symbol("syscall_entry")
            #expect(log.value("pc").map { entry..<entry + 4 ~= $0 } == true, "\(log)")
            #expect(log.value("flags").map { $0 & 0x100 } == 0, "\(log)")
            #expect(vm.serial.contains("done\n"), "\(vm.serial)")
        }

        @Test("steps through sti; hlt; cli continue without waiting, and the timer comes afterwards")
        func stepThroughWait() throws {
            let vm = try VMUnderTest(pc: "forever", hold: false)
            try vm.waitForSerial("beat ")
            let gdb = try GDBSession(elf: GuestProgram.named("forever", .x86_64).path, remote: vm.endpoint)
            try gdb.command("tbreak hot")
            try gdb.resume("continue")
            _ = try gdb.waitForStop()
            let before = try gdb.command("printf \"%lu\\n\", ticks")
            for _ in 0..<4 {
                try gdb.command("stepi 60")
                let place = try gdb.command("info symbol $pc")
                #expect(!place.contains("timer_entry") && !place.contains("on_timer"), "\(place)")
            }
            #expect(try gdb.command("printf \"%lu\\n\", ticks") == before)
            try gdb.command("detach")
            try vm.expectBeats()
            #expect(!vm.serial.contains("unexpected"), "\(vm.serial)")
        }
    }
}
