import TestSupport
import Testing

extension EndToEnd {
    /// LLDB's breakpoints: conditions, counts, kinds and places.
    @Suite(.traplineOnly(VMUnderTest.noLLDB))
    struct LLDBBreakpoints {
        @Test("conditions and ignore counts, which LLDB looks at itself at each hit, stop at the right turn")
        func conditions() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.lldb(
                "calls",
                """
                breakpoint set --name add --condition 'b == 73'
                continue
                breakpoint modify --condition "" 1
                breakpoint modify --ignore-count 25 1
                continue
                breakpoint disable 1
                continue
                """)
            #expect(log.succeeded && log.count("stop reason = breakpoint 1.1") == 2, "\(log)")
            #expect(
                log.contains("add(a=\(72 * 73 / 2), b=73)") && log.contains("add(a=\(98 * 99 / 2), b=99)"), "\(log)")
            #expect(log.contains("exited with status = 0") && vm.serial.contains("calls 100\n"), "\(log)")
        }

        @Test("a breakpoint of each kind that continues by itself is hit as often as the guest calls")
        func counts() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.lldb(
                "calls",
                """
                breakpoint set --name add --auto-continue true
                breakpoint set --hardware --name fib --auto-continue true
                breakpoint set --name main --one-shot true
                breakpoint set --name power_off --one-shot true
                continue
                continue
                breakpoint list
                detach
                """)
            // fib(10) makes 177 calls.
            #expect(log.succeeded && log.hits(1) == 100 && log.hits(2) == 177, "\(log)")
            try vm.waitForSerial("calls: sum 4950 fib 55 straight 664 calls 100\n")
        }

        @Test("eleven adjacent software breakpoints, more than there are registers, stop one after the other")
        func sideBySide() throws {
            try sideBySide("")
        }

        @Test("as many hardware breakpoints as well", .notOnKVM(.debugRegisters))
        func sideBySideInRegisters() throws {
            try sideBySide(" --hardware")
        }

        private func sideBySide(_ option: String) throws {
            let vm = try VMUnderTest("calls")
            let start = try GuestProgram.named("calls").symbol("straight")
            let places = (0...10).map { start + 4 * $0 }
            let log = try vm.lldb(
                "calls",
                """
                \(places.map { "breakpoint set\(option) --address 0x\(String($0, radix: 16))" }.joined(separator: "\n"))
                \(places.map { _ in "continue\nregister read x0" }.joined(separator: "\n"))
                disassemble --name straight
                continue
                """)
            #expect(log.succeeded && Array(log.frames.dropFirst()) == places, "\(log)")
            #expect(log.registers("x0") == [1, 2, 32, 223, 223, 669, 664, 664, 664, 664, 664], "\(log)")
            #expect((1...11).allSatisfy { log.count("stop reason = breakpoint \($0).1\n") == 1 }, "\(log)")
            #expect(log.contains("eor    x0, x0, #0xff") && !log.contains("brk"), "\(log)")
            #expect(log.contains("exited with status = 0") && vm.serial.contains("straight 664"), "\(log)")
        }

        @Test("set before the MMU is on, breakpoints are hit at identity and high addresses, and on no other alias")
        func aroundMMU() throws {
            let vm = try VMUnderTest("mmu")
            let guest = try GuestProgram.named("mmu")
            let top: UInt64 = 0xffff_0000_0000_0000
            let places = try ["before_mmu", "after_mmu", "hot", "hot", "hot"].map { try guest.symbol($0) }
            let high = try guest.symbol("high_work") | top
            let log = try vm.lldb(
                "mmu",
                """
                breakpoint set --address \(places[0])
                breakpoint set --hardware --address \(places[1])
                breakpoint set --address \(places[2])
                breakpoint set --address \(high)
                continue
                continue
                continue
                memory read --size 4 --format x --count 1 0xffff000040100000
                memory read --size 4 --format x --count 1 0x40100000
                continue
                continue
                continue
                continue
                """)
            let stops = [places[0], places[1], high] + places[2...]
            #expect(log.succeeded && Array(log.frames.dropFirst()) == stops, "\(log)")
            let words = log.text.matches(of: /\n0x[0-9a-f]+: (0x[0-9a-f]{8})/).map { $0.1 }
            #expect(words.count == 2 && Set(words).count == 1, "\(log)")
            #expect(log.contains("exited with status = 0") && vm.serial.contains("highs 11 hots 6"), "\(log)")
        }

        @Test("with the image slid to where the guest will map it, breakpoints by name are hit there")
        func slidImage() throws {
            let vm = try VMUnderTest("mmu")
            let guest = try GuestProgram.named("mmu")
            let log = try vm.lldb(
                "mmu",
                """
                target modules load --file \(guest.path) --slide 0xffff000000000000
                breakpoint set --name high_work --one-shot true
                breakpoint set --name hot
                continue
                expression highs
                continue
                continue
                continue
                image list
                breakpoint disable 2
                continue
                """)
            #expect(log.succeeded && log.contains("`high_work at mmu.c"), "\(log)")
            #expect(log.count("stop reason = breakpoint 2.1") == 3 && log.count("`hot at mmu.c") == 1 + 3, "\(log)")
            #expect(log.frames.dropFirst().prefix(4).allSatisfy { $0 >> 48 == 0xffff }, "\(log)")
            #expect(log.results == ["1"] && log.contains("0xffff000040100000 /"), "\(log)")
            #expect(log.contains("exited with status = 0") && vm.serial.contains("highs 11 hots 6"), "\(log)")
        }

        @Test("a breakpoint at EL0 waits for its page and stops in each address space; steps there end in the vector")
        func userMode() throws {
            let vm = try VMUnderTest("mmu")
            let guest = try GuestProgram.named("mmu")
            let svc = 0x8000_0000 + (try guest.symbol("user_svc")) - (try guest.symbol("user_code"))
            let log = try vm.lldb(
                "mmu",
                """
                breakpoint set --address 0x80000000
                continue
                register read TTBR0_EL1
                thread list
                breakpoint set --address \(svc) --one-shot true
                continue
                register read sp cpsr x0
                memory read --size 8 --format d --count 1 `$sp - 16`
                thread step-inst
                register read pc cpsr
                continue
                register read TTBR0_EL1
                breakpoint delete
                continue
                """)
            #expect(log.succeeded && log.count("stop reason = breakpoint 1.1") >= 2, "\(log)")
            #expect(log.contains("name = 'CPU 0 (EL0)', stop reason = breakpoint 1.1"), "\(log)")
            #expect(log.registers("TTBR0_EL1").map { $0 >> 48 } == [1, 2], "\(log)")
            #expect(log.registers("sp") == [0x8000_1000] && log.registers("x0") == [1], "\(log)")
            #expect(log.contains("0x80000ff0: 1\n"), "\(log)")
            #expect(log.registers("pc") == [try guest.symbol("vector_sync_el0")], "\(log)")
            #expect(log.registers("cpsr").map { $0 >> 2 & 3 } == [0, 1], "\(log)")
            #expect(log.contains("exited with status = 0") && vm.serial.contains("calls 15 breaks 3"), "\(log)")
        }

        @Test("one where no instruction can be is never hit, `monitor last-error` has reasons, and the others work")
        func oddAddress() throws {
            let vm = try VMUnderTest("calls")
            let odd = try GuestProgram.named("calls").symbol("add") + 2
            let log = try vm.lldb(
                "calls",
                """
                breakpoint set --address \(odd)
                process plugin packet monitor xp 0x09000000
                process plugin packet monitor last-error
                breakpoint set --hardware --address \(odd)
                breakpoint set --name add
                continue
                breakpoint delete
                continue
                """)
            #expect(log.count("warning: failed to set breakpoint site") == 0, "\(log)")
            #expect(log.count("whose registers change") >= 1, "\(log)")
            #expect(log.contains("stop reason = breakpoint 3.1") && log.contains("exited with status = 0"), "\(log)")
        }
    }
}
