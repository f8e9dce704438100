import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Lines stepped through in one go (`vCont;r`).
    @Suite struct RangeSteps {
        private static let spins = 60

        /// Steps over the long line of `spin`, at least four instructions a round, with GDB's packets in the log.
        private func stepOverLine(_ vm: VMUnderTest, isRangeStepping: Bool) throws -> GDBLog {
            try vm.gdb(
                "agent", limit: .seconds(120),
                """
                \(AgentGuest.setUp)
                set var spins = \(Self.spins)
                set range-stepping \(isRangeStepping ? "on" : "off")
                break \(GuestProgram.named("agent").line("spin-start"))
                continue
                delete
                next
                set debug remote 1
                next
                set debug remote 0
                printf "@left=%d\\n", left
                next
                printf "@total=%d\\n", total
                """)
        }

        @Test(
            "next over a long line takes a few round trips, and ends where steps by the instruction end",
            .traplineOnly("QEMU's stub has no range stepping"))
        func next() throws {
            let fast = try stepOverLine(VMUnderTest("agent"), isRangeStepping: true)
            let slow = try stepOverLine(VMUnderTest("agent"), isRangeStepping: false)
            for log in [fast, slow] {
                #expect(log.succeeded && log.value("left") == 0 && log.value("total") == 100, "\(log)")
            }
            let trips = [fast, slow].map { log in log.exchanges.count { $0.packet.hasPrefix("vCont;") } }
            print("next over \(4 * Self.spins) instructions: \(trips[0]) resumptions, \(trips[1]) step by step")
            #expect(1...4 ~= trips[0] && trips[1] >= 4 * Self.spins)
        }

        @Test("a breakpoint within the range stops, and its condition counts")
        func breakpoints() throws {
            let vm = try VMUnderTest("agent")
            let log = try vm.gdb(
                "agent",
                """
                \(AgentGuest.setUp)
                break \(GuestProgram.named("agent").line("spin-start"))
                continue
                next
                # The second instruction of the loop.
                break *($pc + 8) if $x8 == \(AgentGuest.spins * 2 / 3)
                set $place = $pc + 8
                next
                printf "@left=%d\\n@there=%d\\n", $x8, $pc == $place
                delete
                next
                printf "@left=%d\\n@there=%d\\n", left, $pc == $place
                """)
            #expect(log.succeeded && log.contains("\nBreakpoint 2, "), "\(log)")
            let left = [UInt64(AgentGuest.spins * 2 / 3), 0]
            #expect(log.values("left") == left && log.values("there") == [1, 0], "\(log)")
        }

        @Test("a range step passes over calls, and next ends after them")
        func calls() throws {
            let vm = try VMUnderTest("agent")
            let log = try vm.gdb(
                "agent",
                """
                break \(GuestProgram.named("agent").line("work-line"))
                continue
                delete
                set $before = total
                next
                printf "@visited=%d\\n", total - $before
                info line
                step
                step
                """)
            #expect(log.succeeded && log.value("visited") == 100, "\(log)")
            #expect(log.contains("@work-end"), "\(log)")
        }

        @Test("Ctrl-C ends a range that is never left")
        func interrupt() throws {
            let vm = try VMUnderTest("agent")
            let guest = try GuestProgram.named("agent")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let spin = try guest.symbol("spin")
            #expect(try client.ask("Z0,\(String(spin, radix: 16)),4") == "OK")
            #expect(try client.ask("vCont;c").hasPrefix("T05swbreak"))
            #expect(try client.ask("z0,\(String(spin, radix: 16)),4") == "OK")
            // A loop that takes for ever, in a range that has everything.
            #expect(try client.ask("P0=ffffff7f00000000") == "OK")
            try client.send("vCont;r0,ffffffffffffffff:1")
            usleep(200_000)
            try client.send(raw: [3])
            #expect(try client.reply().hasPrefix("T02"))
            #expect((spin..<spin + 0x40).contains(try client.programCounter()))
        }

        @Test("interrupts are held off through a range, as they are for a step")
        func interrupts() throws {
            let vm = try VMUnderTest("steps")
            let guest = try GuestProgram.named("steps")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let begin = try guest.symbol("steps_begin")
            let end = try guest.symbol("steps_exclusive")
            let vectors = try guest.symbol("vectors")
            #expect(try client.ask("Z0,\(String(begin, radix: 16)),4") == "OK")
            #expect(try client.ask("vCont;c").hasPrefix("T05swbreak"))
            let interrupts = String(try guest.symbol("interrupts"), radix: 16)
            let before = try client.ask("m\(interrupts),8")
            // The body itself, its SVC's vector, and what the handler does: only the IRQ vector is not in the range.
            let range = "\(String(begin, radix: 16)),\(String(end, radix: 16))"
            #expect(try client.ask("vCont;r\(range):1", limit: .seconds(20)).hasPrefix("T05thread"))
            #expect(try client.programCounter() == vectors + 0x200, "stepping left the range other than by its SVC")
            #expect(try client.ask("m\(interrupts),8") == before)
        }
    }
}
