import AArch64
import Testing

import AArch64CPU

@Suite struct SystemShortcutTests {
    /// Does what a shortcut says, as an engine would.
    static func perform(_ shortcut: SystemShortcut, _ cpu: VCPU) {
        switch shortcut {
        case .load(let register, let field):
            cpu.setX(
                register,
                withUnsafeMutableBytes(of: &cpu.system) { $0.load(fromByteOffset: field, as: UInt64.self) })
        case .store(let register, let field):
            let value = cpu.x(register)
            withUnsafeMutableBytes(of: &cpu.system) {
                $0.storeBytes(of: value, toByteOffset: field, as: UInt64.self)
            }
        case .setMasks(let masks): cpu.pstate |= masks
        case .clearMasks(let masks): cpu.pstate &= ~masks
        }
    }

    @Test("At EL1h a shortcut does what the instruction does")
    func equivalence() {
        var shortcuts = 0
        let moves = ImplementedRegisters.shared.rows.flatMap { [Word.mrs($0.encoding, 5), Word.msr($0.encoding, 5)] }
        let masks = (UInt32(0)...15).flatMap { [Word.daifSet($0), Word.daifClr($0)] }
        for word in moves + masks {
            guard let shortcut = SystemShortcut(word) else { continue }
            shortcuts += 1
            let fixtures = [SystemFixture(), SystemFixture()]
            for fixture in fixtures {
                fixture.cpu.pstate = 0xA000_0245
                fixture.cpu.setX(5, 0x1234_5678_9ABC_DEF0)
                fixture.cpu.setBankedSP(0, 0x5678)
            }
            fixtures[0].execute(word)
            Self.perform(shortcut, fixtures[1].cpu)
            #expect(fixtures[0].cpu.pc == SystemFixture.code + 4)
            #expect(fixtures[0].cpu.x(5) == fixtures[1].cpu.x(5))
            #expect(fixtures[0].cpu.pstate == fixtures[1].cpu.pstate)
            for row in ImplementedRegisters.shared.rows where row.access.canRead {
                let values = fixtures.map { try? $0.cpu.debuggerRead(row.encoding) }
                #expect(values[0] == values[1], "\(SystemRegisterTable.name(of: row.encoding))")
            }
        }
        #expect(shortcuts > 60)
    }

    @Test(
        "The instructions a kernel executes most have a shortcut",
        arguments: [
            Word.mrs(.spEL0), Word.msr(.spEL0), Word.mrs(.tpidrEL1), Word.mrs(.tpidrEL0), Word.msr(.tpidrEL0),
            Word.mrs(.esr), Word.mrs(.far), Word.mrs(.elr), Word.msr(.elr), Word.mrs(.spsr), Word.daifSet(3),
            Word.daifClr(3),
        ])
    func frequent(word: UInt32) {
        #expect(SystemShortcut(word) != nil)
    }

    @Test(
        "What has a mask, an effect or another state has none",
        arguments: [
            Word.msr(.ttbr0), Word.msr(.sctlr), Word.msr(.spsr), Word.mrs(.cntvct), Word.msr(.midr), Word.spSel(1),
            Word.eret, Word.wfi, Word.sys(0, 8, 7, 0), Word.mrs(SystemRegisterEncoding(3, 4, 1, 1, 0)), Word.svc(0),
        ])
    func others(word: UInt32) {
        #expect(SystemShortcut(word) == nil)
    }
}
