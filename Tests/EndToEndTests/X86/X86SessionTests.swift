import Foundation
import TestSupport
import Testing

extension EndToEndX86 {
    /// Attaching, interrupting and leaving.
    @Suite struct Sessions {
        private func session(_ vm: VMUnderTest) throws -> GDBSession {
            try GDBSession(elf: GuestProgram.named("forever", .x86_64).path, remote: vm.endpoint)
        }

        @Test("Ctrl-C stops a running guest with SIGINT, repeatedly, and detach resumes it")
        func controlC() throws {
            let vm = try VMUnderTest(pc: "forever", hold: false)
            try vm.waitForSerial("beat ")
            let gdb = try session(vm)
            for _ in 0..<5 {
                try gdb.resume("continue")
                try vm.expectBeats()
                gdb.interrupt()
                let stop = try gdb.waitForStop()
                #expect(stop.contains("signal-name=\"SIGINT\""), "\(stop)")
                let before = vm.serial
                usleep(300_000)
                #expect(vm.serial == before, "the guest went on while it was reported stopped")
            }
            try gdb.command("detach")
            try vm.expectBeats()
        }

        @Test(
            "when GDB is killed with stop points set, the guest continues without them and the next client is served",
            arguments: ["auto", "memory"])
        func killed(placement: String) throws {
            let vm = try VMUnderTest(pc: "forever", hold: false)
            try vm.waitForSerial("beat ")
            for runs in [true, false] {
                let gdb = try session(vm)
                try gdb.command("monitor breakpoints \(placement)")
                try gdb.command("break hot")
                try gdb.command("hbreak touch")
                try gdb.resume("continue")
                _ = try gdb.waitForStop()
                try gdb.command("watch beats")
                if runs { try gdb.type("1-interpreter-exec console \"continue 1000\"") }
                gdb.listen(for: .milliseconds(300))
                gdb.kill()
                try vm.expectBeats()
            }
            let log = try vm.gdb(pc: "forever", "printf \"@hot=%#x\\n\", *(unsigned char *)hot\ndetach")
            #expect(log.succeeded && log.value("hot") == 0x55, "\(log)")
            #expect(!vm.serial.contains("unexpected"), "\(vm.serial)")
        }

        @Test("kill ends the machine; monitor reset starts it again with its breakpoints")
        func killAndReset() throws {
            let vm = try VMUnderTest(pc: "forever")
            let log = try vm.gdb(
                pc: "forever",
                """
                break main
                continue
                tbreak hot
                continue
                monitor reset
                maintenance flush register-cache
                printf "@pc=%#lx\\n", $pc
                continue
                printf "@pc=%#lx\\n", $pc
                kill
                """)
            #expect(log.succeeded, "\(log)")
            let guest = try GuestProgram.named("forever", .x86_64)
            #expect(log.values("pc").first == (try guest.symbol("_start")), "\(log)")
            #expect(log.count("Breakpoint 1, main ()") == 2, "\(log)")
            #expect(vm.process.wait(limit: .seconds(20)) == .exited(0))
        }

        @Test("GDB needs no ELF: the target description says what it is, also with the architecture set by hand")
        func withoutSymbols() throws {
            for line in ["show architecture", "set architecture i386:x86-64"] {
                let vm = try VMUnderTest(pc: "forever")
                let log = try GDB.batch(
                    "\(line)\ntarget remote \(vm.endpoint)\nshow architecture\nstepi\nx/2i $pc\ninfo registers rip\nkill"
                )
                #expect(log.succeeded && log.contains("i386:x86-64") && log.contains("rip"), "\(log)")
            }
        }
    }

    /// Registers and memory.
    @Suite struct Inspection {
        @Test("core, SSE and system registers are read and written, and the guest sees them")
        func registers() throws {
            let vm = try VMUnderTest(pc: "forever")
            let names = [
                "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
            ]
            let log = try vm.gdb(
                pc: "forever",
                """
                printf "@rsi=%#lx\\n@cs=%#x\\n", $rsi, $cs
                \(GDB.show("cr0", "$cr0"))
                \(GDB.show("efer", "$efer"))
                \(GDB.show("cr3", "$cr3"))
                tbreak *hot
                continue
                \(names.enumerated().map { "set $\($1) = 0x1111111100000000 + \($0)" }.joined(separator: "\n"))
                set $xmm3.v2_int64[0] = 0x123456789abcdef0
                set $xmm3.v2_int64[1] = 42
                set $fs_base = 0x7f0000001000
                set $gs_base = 0x202000
                set $k_gs_base = 0xffff800000000000
                maintenance flush register-cache
                \(names.map { "printf \"@general=%#lx\\n\", $\($0)" }.joined(separator: "\n"))
                printf "@xmm=%#lx\\n@xmm=%#lx\\n", $xmm3.v2_int64[0], $xmm3.v2_int64[1]
                printf "@base=%#lx\\n@base=%#lx\\n@base=%#lx\\n", $fs_base, $gs_base, $k_gs_base
                set $rdi = 20
                set $rip = hot
                finish
                info registers mxcsr
                info registers
                kill
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.value("cs") == 0x10, "\(log)")
            // PE and PG; LME and LMA.
            #expect(log.value("cr0").map { $0 & 0x8000_0001 } == 0x8000_0001, "\(log)")
            #expect(log.value("efer").map { $0 & 0x500 } == 0x500, "\(log)")
            #expect(log.values("general") == names.indices.map { 0x1111_1111_0000_0000 + UInt64($0) }, "\(log)")
            #expect(log.values("xmm") == [0x1234_5678_9abc_def0, 42], "\(log)")
            #expect(log.values("base") == [0x7f00_0000_1000, 0x20_2000, 0xffff_8000_0000_0000], "\(log)")
            #expect(log.contains("Value returned is $") && log.contains(" = 41"), "\(log)")
            #expect(log.contains("cr4") && log.contains("lstar") && log.contains("[ "), "\(log)")
        }

        @Test("memory is read and written through the guest's page tables; what they don't map is an error")
        func memory() throws {
            let vm = try VMUnderTest(pc: "forever")
            let log = try vm.gdb(
                pc: "forever",
                """
                tbreak touch
                continue
                set var watched.low = 0x12345678
                printf "@low=%#x\\n", watched.low
                backtrace
                info locals
                monitor translate 0x200000
                monitor gva2gpa 0x10000000000
                monitor cpus
                monitor info registers
                monitor info mem
                monitor info mappings
                monitor info mtree
                monitor info version
                monitor xp /1xg 0x200000
                monitor trace mmio on
                monitor exits
                info threads
                x/1xb 0x10000000000
                """)
            #expect(!log.succeeded && log.contains("Cannot access memory at address 0x10000000000"), "\(log)")
            #expect(log.value("low") == 0x1234_5678, "\(log)")
            #expect(log.contains("#0  touch (") && log.contains("in main ()"), "\(log)")
            #expect(log.contains("Unmapped") && log.contains("64-bit, ring 0"), "\(log)")
            for text in [
                "rax ", "cr3 ", "efer ", "0x0000000000000000  0x0000000007ffffff  128 MiB    supervisor rwx  RAM",
                "0000000000000000-0000000008000000 0000000008000000 -rw\n",
                "virtio entropy",
                "kvm, machine pc", "0000000000200000: 0x", "accesses to devices are recorded", "exit ",
            ] {
                #expect(log.contains(text), "\(text): \(log)")
            }
        }
    }

    /// Two vCPUs, the second started by INIT and SIPI.
    @Suite struct Multiprocessor {
        @Test(
            "a breakpoint both vCPUs run through is hit by each as often as the guest counts",
            arguments: ["auto", "memory"])
        func breakpointHitByBoth(placement: String) throws {
            let vm = try VMUnderTest(pc: "smp", cpus: 2)
            let log = try vm.gdb(
                pc: "smp", limit: .seconds(90),
                """
                monitor breakpoints \(placement)
                \(SMPGuest.countHits)
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.values("calls") == [40, 40] && log.values("hits") == [40, 40], "\(log)")
            #expect(log.values("thread").map { $0 - 1 } == log.values("cpu"), "\(log)")
            try vm.waitForSerial("all finished\n")
        }

        @Test("a vCPU that waits for SIPI is off; scheduler-locking steps one while the other stands still")
        func threads() throws {
            let vm = try VMUnderTest(pc: "smp", cpus: 2)
            let gdb = try GDBSession(elf: GuestProgram.named("smp", .x86_64).path, remote: vm.endpoint)
            try gdb.command("tbreak before_start")
            try gdb.resume("continue")
            _ = try gdb.waitForStop()
            let before = try gdb.command("info threads")
            #expect(before.contains("CPU 1 (off)"), "\(before)")
            try gdb.command("tbreak all_finished")
            try gdb.resume("continue")
            _ = try gdb.waitForStop()
            let after = try gdb.command("info threads")
            #expect(!after.contains("off") && after.contains("CPU 1 (64-bit, ring 0"), "\(after)")
            try gdb.command("set scheduler-locking on")
            for (own, other) in [(1, 2), (2, 1)] {
                try gdb.command("thread \(other)")
                let still = try gdb.command("printf \"%lu %#lx\\n\", beats[\(other - 1)], $pc")
                try gdb.command("thread \(own)")
                try gdb.command("stepi 200")
                try gdb.command("thread \(other)")
                #expect(try gdb.command("printf \"%lu %#lx\\n\", beats[\(other - 1)], $pc") == still)
            }
            try gdb.command("set scheduler-locking off")
            for vcpu in 0...1 { try gdb.run(untilChanged: "beats[\(vcpu)]") }
        }
    }
}
