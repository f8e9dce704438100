import AArch64
import Acceleration
import Execution
import GDBStub
import TestSupport
import Testing
import VirtualMachine

/// Random lines that no user types, and tables that no kernel makes.
@Suite struct MonitorFuzzTests {
    private static let words = [
        "translate", "gva2gpa", "xp", "regime", "info", "cpus", "catch", "mask-irq", "exits", "trace", "bind", "unbind",
        "reset", "help", "el0", "el1", "asid", "ttbr0", "current", "physical", "auto", "mem", "mappings", "mtree",
        "irq", "timer",
        "registers", "version", "bindings", "mmio", "on", "off", "step", "none", "svc", "data-abort", "irq", "halt",
        "/8xg", "/99999999999999999999xg", "/c", "/-1x", "/0x", "/1xwgé", "0", "0x40000000", "0x40000004", "0x09000000",
        "0xffffffffffffffff", "0x10000000000000000", "-1", "0x", "é", "",
    ]

    @Test func noLineCrashesAndEveryErrorHasWords() throws {
        let guest = try Guest(PowerTests.program, vcpuCount: 2)
        let target = guest.machine.debugTarget
        fuzz("monitor") { random in
            for _ in 0..<20 {
                let name = random.pick(target.monitorCommands).name
                let arguments = (0..<random.below(5)).map { _ in random.pick(Self.words) }
                do throws(TargetError) {
                    let text = try target.runMonitorCommand(name, arguments: arguments, vcpu: random.below(2))
                    if text.last != "\n" { Issue.record("\(name) \(arguments): \(text) \(random.comment)") }
                } catch {
                    if error.text.count < 5 { Issue.record("\(name) \(arguments): \(error) \(random.comment)") }
                }
            }
        }
    }

    @Test func everyCommandHasHelp() throws {
        let commands = try Guest(PowerTests.program).machine.debugTarget.monitorCommands
        #expect(Set(commands.map(\.name)).count == commands.count && commands.count >= 13)
        for command in commands { #expect(command.help.count > 10 && command.help.first?.isUppercase == false) }
    }

    @Test("tables that lead back to themselves are looked at for a moment, not for ever")
    func endlessTables() throws {
        let guest = try Guest(PowerTests.program)
        let (accelerator, target) = (guest.accelerator, guest.machine.debugTarget)
        // A table at the start of RAM all of whose entries are itself but the last, which is a hole at every level.
        let entry: [UInt8] = [3, 0, 0, 0x40, 0, 0, 0, 0]
        let table = Array((0..<511).map { _ in entry }.joined()) + [UInt8](repeating: 0, count: 8)
        try target.writeMemory(0x4000_0000, bytes: table, vcpu: 0)
        for (name, value) in [
            ("TCR_EL1", 16 | 16 << 16 | 2 << 30 | 5 << 32 as UInt64), ("TTBR0_EL1", 0x4000_0000),
            ("TTBR1_EL1", 0x4000_0000),
            ("SCTLR_EL1", 0x30d0_0801),
        ] {
            let register = try #require(accelerator.systemRegisters.first { $0.name == name })
            try accelerator.write(.system(register.encoding), value, vcpu: 0)
        }
        let start = ContinuousClock.now
        #expect(try target.runMonitorCommand("info", arguments: ["mem"], vcpu: 0).contains("not read from"))
        var next: UInt64 = 0
        for _ in 0..<20 {
            let area = try target.memoryArea(at: next, vcpu: 0)
            #expect(area.first <= next && area.last >= next)
            next = area.last + 1
        }
        #expect(ContinuousClock.now - start < .seconds(10).withPatience)
    }
}
