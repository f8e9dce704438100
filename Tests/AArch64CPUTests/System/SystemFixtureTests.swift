import AArch64
import TestSupport
import Testing

/// Words that the system tests make of numbers, against the assembler.
@Suite struct SystemFixtureTests {
    @Test func wordsAreTheAssemblers() throws {
        let rows: [(text: String, word: UInt32)] = [
            ("mrs x3, sctlr_el1", Word.mrs(.sctlr, 3)), ("msr sctlr_el1, x0", Word.msr(.sctlr)),
            ("sys #3, c7, c4, #1, x9", Word.sys(3, 7, 4, 1, 9)), ("svc #0xffff", Word.svc(0xFFFF)),
            ("hvc #1", Word.hvc(1)), ("smc #2", Word.smc(2)), ("brk #3", Word.brk(3)),
            ("hlt #0xf000", Word.hlt(0xF000)),
            ("dcps1", Word.dcps1), ("eret", Word.eret), ("drps", Word.drps), ("yield", Word.yield), ("wfe", Word.wfe),
            ("wfi", Word.wfi), ("sev", Word.sev), ("sevl", Word.sevl), ("isb", Word.isb),
            ("msr daifset, #5", Word.daifSet(5)), ("msr daifclr, #10", Word.daifClr(10)),
            ("msr spsel, #1", Word.spSel(1)), ("msr pan, #1", Word.pan(1)), ("msr uao, #1", Word.uao(1)),
            ("nop", Code.nop), ("b .", Code.branchToSelf), ("ldr x1, [x0]", Code.load), ("str x1, [x0]", Code.store),
            ("ldtr x1, [x0]", Code.loadUnprivileged), ("sttr x1, [x0]", Code.storeUnprivileged),
            ("ldr x1, [sp]", Code.loadFromStack), ("br x0", Code.branchRegister), ("add x20, x20, #1", Code.count),
            ("ldxr x1, [x0]", Code.loadExclusive), ("stxr w2, x1, [x0]", Code.storeExclusive),
        ]
        for (row, word) in zip(rows, try Assembler.aarch64(rows.map(\.text))) {
            #expect(row.word == word, "\(row.text)")
        }
    }
}
