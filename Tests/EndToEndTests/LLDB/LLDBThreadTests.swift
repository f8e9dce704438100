import TestSupport
import Testing

extension EndToEnd {
    /// Several vCPUs in LLDB, the second started while it is attached.
    @Suite(.traplineOnly(VMUnderTest.noLLDB))
    struct LLDBThreads {
        private func run(_ script: String, stopsAtError: Bool = true) throws -> GDBLog {
            try VMUnderTest("smp", cpus: 2).lldb("smp", stopsAtError: stopsAtError, script)
        }

        @Test("thread list has each vCPU's name, where it is, and why the one stopped")
        func names() throws {
            let log = try run(
                """
                breakpoint set --name before_cpu_on
                breakpoint set --name secondary_main
                continue
                thread list
                continue
                thread list
                bt all
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.contains(/thread #2: tid = 0x0002, 0x0+, name = 'CPU 1 \(off\)'\n/), "\(log)")
            #expect(
                log.contains(/\* thread #2: .*`secondary_main.* name = 'CPU 1 \(EL1\)', stop reason = breakpoint 2/),
                "\(log)")
            #expect(log.contains(/\n  thread #1: .*, name = 'CPU 0 \(EL1\)'\n/), "\(log)")
            #expect(log.contains("`secondary_main") && log.contains("`main at smp.c"), "\(log)")
        }

        @Test("registers read and written are the selected vCPU's")
        func ownRegisters() throws {
            let log = try run(
                """
                breakpoint set --name all_finished
                continue
                thread select 2
                register write x27 0x2727
                register write v9 "{0x09 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00 0x00}"
                register write TPIDR_EL1 0x2222
                register read sp
                thread select 1
                register write x27 0x1111
                register write TPIDR_EL1 0x1212
                register read sp
                thread step-inst
                register read x27 v9 TPIDR_EL1
                thread select 2
                register read x27 v9 TPIDR_EL1
                detach
                """)
            #expect(log.succeeded && log.registers("x27") == [0x1111, 0x2727], "\(log)")
            #expect(log.registers("TPIDR_EL1") == [0x1212, 0x2222], "\(log)")
            #expect(log.contains("v9 = {0x09 ") && log.contains("v9 = {0x00 "), "\(log)")
            let guest = try GuestProgram.named("smp")
            let stacks = log.registers("sp")
            let (stack0, stack1) = (try guest.symbol("stack0"), try guest.symbol("stack1"))
            try #require(stacks.count == 2, "\(log)")
            #expect(stack1 - 0x8000..<stack1 ~= stacks[0] && stack0 - 0x8000..<stack0 ~= stacks[1], "\(log)")
        }

        @Test("a breakpoint both vCPUs run through is hit as often as they call, or only by the one it is for")
        func hitByBoth() throws {
            let log = try run(
                """
                breakpoint set --name both --auto-continue true
                breakpoint set --name all_finished
                continue
                breakpoint list
                expression calls[0] + calls[1]
                detach
                """)
            #expect(log.succeeded && log.hits(1) == 80 && log.results == ["80"], "\(log)")
            let ofOne = try run(
                """
                breakpoint set --name both --thread-index 2
                breakpoint set --name all_finished
                continue
                continue
                continue
                expression calls[1]
                breakpoint disable 1
                continue
                detach
                """)
            #expect(
                ofOne.succeeded && ofOne.count("thread #2, name = 'CPU 1 (EL1)', stop reason = breakpoint 1.1") == 3,
                "\(ofOne)")
            #expect(ofOne.count("stop reason = breakpoint 1.1") == 3 && ofOne.results == ["2"], "\(ofOne)")
        }

        @Test("steps and thread continue move the vCPU they are for, and leave the other where it is")
        func oneAlone() throws {
            let steps = Array(repeating: "thread step-inst", count: 20).joined(separator: "\n")
            let log = try run(
                """
                breakpoint set --name all_finished --one-shot true
                continue
                expression beats[1]
                \(steps)
                expression beats[1]
                thread select 2
                \(steps)
                thread select 1
                expression beats[0]
                breakpoint set --name beat --ignore-count 25
                thread continue 2
                expression beats[0]
                thread list
                detach
                """)
            try #require(log.succeeded && log.results.count == 4, "\(log)")
            #expect(log.results[0] == log.results[1] && log.results[2] == log.results[3], "\(log)")
            #expect(log.contains(/\* thread #2, name = 'CPU 1 \(EL1\)', stop reason = breakpoint 2.1\n/), "\(log)")
        }

        @Test("memory is read by the tables of the vCPU that stopped, and by another's after an Hg")
        func ownTranslation() throws {
            // vCPU 0 has its MMU on and a high mapping, vCPU 1 runs without.
            let log = try run(
                """
                breakpoint set --name all_finished
                continue
                memory read --size 4 --format x --count 1 0xffff000040100000
                thread select 2
                thread step-inst
                memory read --size 4 --format x --count 1 0xffff000040100000
                memory read --size 4 --format x --count 1 0x40100000
                process plugin packet send Hg1
                memory read --size 4 --format x --count 1 0xffff000040100000
                detach
                """, stopsAtError: false)
            let words = log.text.matches(of: /\n0x[0-9a-f]+: (0x[0-9a-f]{8})/).map { $0.1 }
            #expect(words.count == 3 && Set(words).count == 1, "\(log)")
            #expect(log.count("error: memory read failed for 0xffff000040100000") == 1, "\(log)")
        }

        @Test("a hundred vCPUs are there by name, and any of them can be selected")
        func many() throws {
            let vm = try VMUnderTest("calls", cpus: 100)
            let log = try vm.lldb("calls", "thread list\nthread select 100\nthread info\nregister read pc\ndetach")
            #expect(log.succeeded && log.count("name = 'CPU ") >= 100, "\(log)")
            #expect(log.contains("name = 'CPU 99 (off)'") && log.registers("pc") == [0], "\(log)")
        }
    }
}

extension GDBLog {
    /// Whether a pattern matches anywhere.
    fileprivate func contains(_ pattern: some RegexComponent) -> Bool { text.contains(pattern) }
}
