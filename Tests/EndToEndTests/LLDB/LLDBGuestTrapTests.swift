import TestSupport
import Testing

extension EndToEnd {
    /// BRK instructions of the guest's own, while LLDB has breakpoints of its own.
    @Suite(.traplineOnly(VMUnderTest.noLLDB))
    struct LLDBGuestTraps {
        let end = "brk: breaks 60 failures 0\n"

        @Test("the guest's BRKs go to its vector while breakpoints of both kinds are set, and never to LLDB")
        func besideBreakpoints() throws {
            let vm = try VMUnderTest("brk")
            let log = try vm.lldb(
                "brk",
                """
                breakpoint set --name turn
                breakpoint set --hardware --name after_guest_brk
                \(Array(repeating: "continue\nexpression breaks", count: 6).joined(separator: "\n"))
                breakpoint delete
                continue
                """)
            #expect(log.succeeded && log.results == ["0", "1", "3", "4", "6", "7"], "\(log)")
            #expect(log.count("SIGTRAP") == 1, "only the attach: \(log)")
            #expect(log.contains("exited with status = 0") && vm.serial.hasSuffix(end), "\(log)")
        }

        @Test(
            "a breakpoint on the guest's own BRK stops there, a step from it is the guest's exception, so is continue")
        func breakpointOnGuestBRK() throws {
            let vm = try VMUnderTest("brk")
            let guest = try GuestProgram.named("brk")
            let log = try vm.lldb(
                "brk",
                """
                breakpoint set --name guest_brk
                continue
                register read pc
                disassemble --pc --count 1
                thread step-inst
                register read pc cpsr
                breakpoint set --name leave_handler --one-shot true
                continue
                thread step-inst
                register read pc
                continue
                continue
                expression breaks
                breakpoint delete
                continue
                """)
            let places = try ["guest_brk", "vector_sync", "after_guest_brk"].map { try guest.symbol($0) }
            #expect(log.succeeded && log.registers("pc") == places, "\(log)")
            #expect(log.contains("brk    #0x123") && log.registers("cpsr").map { $0 & 0x3cf } == [0x3c5], "\(log)")
            #expect(log.count("stop reason = breakpoint 1.1") == 3, "\(log)")
            // The third stop is in front of the seventh BRK.
            #expect(log.results == ["6"], "\(log)")
            #expect(log.contains("exited with status = 0") && vm.serial.hasSuffix(end), "\(log)")
        }
    }
}
