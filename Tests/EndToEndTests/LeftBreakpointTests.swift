import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Breakpoints whose commands outlive their client: GDB's default when it is killed with a `dprintf` set.
    @Suite(.enabled(if: VMUnderTest.isTrapline, "QEMU's stub has no commands at breakpoints"))
    struct LeftBreakpoints {
        /// The bytecode of a `printf` of one line.
        private static let printing = "X11,2200220034000008" + "7469636b215c6e00" + "27"

        /// A running machine with a printing breakpoint at a hot place, whose client was killed.
        private func machine() throws -> VMUnderTest {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let hot = String(try GuestProgram.named("forever").symbol("hot"), radix: 16)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("Z0,\(hot),4;cmds:1,\(Self.printing)") == "OK")
            try client.send("vCont;c")
            client.reset()
            try wait("the first line") { vm.errors.contains("tick!\n") }
            return vm
        }

        private func wait(_ what: String, until condition: () -> Bool) throws {
            let deadline = ContinuousClock.now + .seconds(20).withPatience
            while !condition() {
                guard ContinuousClock.now < deadline else { throw ProcessError("\(what) did not come") }
                usleep(20_000)
            }
        }

        /// Passes when the commands have ended.
        private func expectSilence(_ vm: VMUnderTest) throws {
            let ticks = vm.serial.components(separatedBy: "tick ").count
            let lines = vm.errors.components(separatedBy: "tick!").count
            try vm.waitForSerial("five more ticks") { $0.components(separatedBy: "tick ").count >= ticks + 5 }
            #expect(vm.errors.components(separatedBy: "tick!").count <= lines)
        }

        @Test("the next client gets a line about them, and can list and remove them")
        func listedAndRemoved() throws {
            let vm = try machine()
            let hot = "0x" + String(try GuestProgram.named("forever").symbol("hot"), radix: 16)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.monitor("left-breakpoints").contains("\(hot): commands of an earlier client"))
            try client.send("vCont;s:1")
            let text = try client.reply()
            #expect(
                String(decoding: RSPClient.bytes(hex: String(text.dropFirst())), as: UTF8.self).contains(
                    "left-breakpoints"))
            #expect(try client.reply().hasPrefix("T05"))
            #expect(try client.monitor("left-breakpoints clear").contains("no breakpoint"))
            #expect(try client.ask("D") == "OK")
            try expectSilence(vm)
        }

        @Test("a reset removes them", arguments: ["reset", "system_reset"])
        func reset(line: String) throws {
            let vm = try machine()
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            _ = try client.monitor(line)
            #expect(try client.monitor("left-breakpoints").contains("no breakpoint"))
            #expect(try client.ask("D") == "OK")
            try expectSilence(vm)
        }

        @Test("standard error gets a limited number of their lines a second, and a count of those left out")
        func rateLimit() throws {
            let vm = try machine()
            try wait("the line about lines") { vm.errors.contains("left out") }
            let lines = vm.errors.components(separatedBy: "tick!").count
            let start = ContinuousClock.now
            usleep(1_500_000)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let more = vm.errors.components(separatedBy: "tick!").count - lines
            print("\(more) lines in \(seconds) s")
            #expect(Double(more) < 250 * (seconds + 2))
        }
    }
}
