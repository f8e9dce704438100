import AArch64
import TestSupport
import Testing

/// Seed item 2.9: the instructions a step with masked interrupts must know.
@Suite("Steps")
struct StepTests {
    static let classes: [(String, StepClass)] = [
        ("nop", .plain), ("add x0, x1, x2", .plain), ("ldr x0, [x1]", .plain), ("b .", .plain), ("ret", .plain),
        ("mrs x7, daif", .readsDAIF(register: 7)), ("mrs xzr, daif", .readsDAIF(register: 31)),
        ("msr daif, x3", .writesDAIF),
        ("msr daifset, #2", .setsDAIF(2)), ("msr daifset, #15", .setsDAIF(15)),
        ("msr daifclr, #0", .clearsDAIF(0)), ("msr daifclr, #10", .clearsDAIF(10)),
        ("msr spsel, #1", .writesPSTATE), ("msr pan, #1", .writesPSTATE), ("msr uao, #0", .writesPSTATE),
        ("msr dit, #1", .writesPSTATE), ("msr ssbs, #1", .writesPSTATE), ("msr tco, #1", .writesPSTATE),
        ("msr allint, #1", .writesPSTATE), ("cfinv", .plain),
        ("msr nzcv, x0", .writesPSTATE), ("msr spsel, x0", .writesPSTATE), ("msr pan, x0", .writesPSTATE),
        ("mrs x0, nzcv", .plain), ("mrs x0, sctlr_el1", .plain), ("msr spsr_el1, x0", .plain),
        ("eret", .exceptionReturn), ("eretaa", .exceptionReturn), ("eretab", .exceptionReturn),
        ("svc #0", .exceptionGenerating(.svc)), ("svc #0xffff", .exceptionGenerating(.svc)),
        ("hvc #1", .exceptionGenerating(.hvc)), ("smc #2", .exceptionGenerating(.smc)),
        ("brk #0x800", .exceptionGenerating(.brk)), ("hlt #0xf000", .exceptionGenerating(.hlt)),
        ("wfi", .waits), ("wfe", .waits), ("wfit x1", .waits), ("wfet x30", .waits),
        ("yield", .plain), ("sev", .plain), ("sevl", .plain), ("isb", .plain), ("dsb sy", .plain),
        ("ldxr x0, [x1]", .exclusiveLoad), ("ldxr w0, [x1]", .exclusiveLoad), ("ldxrb w0, [x1]", .exclusiveLoad),
        ("ldxrh w0, [x1]", .exclusiveLoad), ("ldaxr x0, [x1]", .exclusiveLoad),
        ("ldaxrb w0, [sp]", .exclusiveLoad), ("ldxp x0, x2, [x1]", .exclusiveLoad),
        ("ldaxp w0, w2, [x1]", .exclusiveLoad),
        ("stxr w0, x1, [x2]", .plain), ("stlxp w0, x1, x2, [x3]", .plain), ("ldar x0, [x1]", .plain),
        ("stlr x0, [x1]", .plain), ("cas x0, x1, [x2]", .plain), ("casp x0, x1, x2, x3, [x4]", .plain),
        ("caspal w0, w1, w2, w3, [x4]", .plain), ("ldlar x0, [x1]", .plain), ("clrex", .plain),
        ("ldadd x0, x1, [x2]", .plain),
    ]

    @Test("Each instruction has its class")
    func classification() throws {
        let words = try Assembler.aarch64(Self.classes.map(\.0))
        try #require(words.count == Self.classes.count)
        for ((text, expected), word) in zip(Self.classes, words) {
            #expect(StepClass(word) == expected, "\(text)")
        }
    }

    @Test("Few words are anything but plain")
    func mostArePlain() {
        var random = SeededRandom(seed: 3)
        var special = 0
        for _ in 0..<200_000 where StepClass(UInt32(truncatingIfNeeded: random.next())) != .plain { special += 1 }
        // Exclusive loads are 2 in 512 of all words (size and pair), the rest is rarer.
        #expect(special < 2_000)
    }

    static let vbar: UInt64 = 0xffff_8000_0800_0000

    /// A step at EL1h from 0x1000 with the guest's own masks, DAIF.I and F set on top.
    static func fixUp(
        _ instruction: StepClass, own: UInt64, afterPSTATE: UInt64, pc: UInt64 = 0x1004, elr: UInt64 = 0,
        spsr: UInt64 = 0
    ) -> StepFixUp {
        StepFixUp.after(
            instruction, pc: 0x1000, own: PSTATE(rawValue: own),
            state: .init(pc: pc, pstate: PSTATE(rawValue: afterPSTATE), elr: elr, spsr: spsr, vbar: vbar))
    }

    @Test("A plain instruction gets its masks back and keeps everything else it changed")
    func plain() {
        let result = Self.fixUp(.plain, own: 0x2000_0005, afterPSTATE: 0x6000_00c5)
        #expect(result.pstate?.rawValue == 0x6000_0005)
        #expect(result.spsr == nil && result.register == nil)
        #expect(Self.fixUp(.plain, own: 0xc5, afterPSTATE: 0xc5).pstate == nil)
        #expect(Self.fixUp(.writesPSTATE, own: 0x5, afterPSTATE: 0xc4).pstate?.rawValue == 0x4)
    }

    @Test("MRS DAIF shows the guest's own masks")
    func readsDAIF() {
        let result = Self.fixUp(.readsDAIF(register: 3), own: 0x205, afterPSTATE: 0x2c5)
        #expect(result.register == 3 && result.registerValue == 0x200)
        #expect(result.pstate?.rawValue == 0x205)
        #expect(Self.fixUp(.readsDAIF(register: 31), own: 0x205, afterPSTATE: 0x2c5).register == nil)
    }

    @Test("Writes of DAIF take effect on the guest's own masks")
    func writesDAIF() {
        // MSR DAIF wrote it whole: nothing to do.
        #expect(Self.fixUp(.writesDAIF, own: 0x5, afterPSTATE: 0x145) == StepFixUp.none)
        // DAIFSet #2 on D: D and I.
        #expect(Self.fixUp(.setsDAIF(2), own: 0x205, afterPSTATE: 0x2c5).pstate?.rawValue == 0x285)
        // DAIFClr #2 with D and F masked: both stay, though I was only masked by the step.
        #expect(Self.fixUp(.clearsDAIF(2), own: 0x245, afterPSTATE: 0x245) == StepFixUp.none)
        #expect(Self.fixUp(.clearsDAIF(2), own: 0x285, afterPSTATE: 0x245).pstate?.rawValue == 0x205)
    }

    @Test("After ERET nothing is put back")
    func exceptionReturn() {
        #expect(Self.fixUp(.exceptionReturn, own: 0x3c5, afterPSTATE: 0x0, pc: 0x40_0000) == StepFixUp.none)
    }

    @Test(
        "An exception has the guest's own masks in SPSR_EL1",
        arguments: [
            (StepClass.exceptionGenerating(.svc), UInt64(0x1004)), (.plain, 0x1000), (.writesDAIF, 0x1000),
            (.exceptionReturn, 0x1000),
        ])
    func exception(instruction: StepClass, elr: UInt64) {
        let origins: [(own: UInt64, group: UInt64)] = [
            (0x6000_0000, 0x400), (0x6000_0004, 0), (0x6000_0005, 0x200), (0x6000_0100, 0x400), (0x6000_0205, 0x200),
        ]
        for (own, group) in origins {
            let result = Self.fixUp(
                instruction, own: own, afterPSTATE: 0x6000_03c5, pc: Self.vbar + group, elr: elr, spsr: own | 0xc0)
            #expect(result.spsr == own && result.pstate == nil && result.register == nil)
        }
        // The vector reached by a branch: ELR_EL1 differs.
        let branch = Self.fixUp(.plain, own: 0x305, afterPSTATE: 0x3c5, pc: Self.vbar + 0x200, elr: 0x8888, spsr: 0xc5)
        #expect(branch.spsr == nil && branch.pstate?.rawValue == 0x305)
    }

    /// Seed item 2.14: a load-exclusive is never stepped alone.
    @Test("An exclusive sequence ends after its store")
    func exclusiveSequences() throws {
        let cases: [([String], [UInt64]?)] = [
            (["ldxr x0, [x1]", "add x0, x0, #1", "stxr w2, x0, [x1]", "cbnz w2, .-12"], [0x10]),
            // Compare and swap: the branch out is an exit too.
            (["ldaxr x0, [x1]", "cmp x0, x3", "b.ne .+16", "stlxr w2, x4, [x1]", "cbnz w2, .-16"], [0x14, 0x1c]),
            (
                ["ldxp x0, x2, [x1]", "cbz x0, .+20", "tbnz x2, #3, .-12", "stxp w5, x0, x2, [x1]"],
                [0x14, 0x1c, 0x0]
            ),
            // A branch within the sequence is no exit, and one target counts once.
            (["ldxr x0, [x1]", "cbz x0, .+8", "nop", "b.eq .+64", "b.ne .+60", "stxr w2, x0, [x1]"], [0x1c, 0x50]),
            (["ldxr x0, [x1]", "b .+32", "stxr w2, x0, [x1]"], [0x10, 0x28]),
            // No store, or a way out that can't be foreseen.
            (Array(repeating: "ldxr x0, [x1]", count: 20), nil),
            (["ldxr x0, [x1]", "blr x3", "stxr w2, x0, [x1]"], nil),
            (["ldxr x0, [x1]", "ret", "stxr w2, x0, [x1]"], nil),
            (["ldxr x0, [x1]", "svc #0", "stxr w2, x0, [x1]"], nil),
            (["ldxr x0, [x1]", "wfe", "stxr w2, x0, [x1]"], nil),
            (["ldxr x0, [x1]"], nil), (["nop", "stxr w2, x0, [x1]"], nil), ([], nil),
        ]
        let words = try Assembler.aarch64(cases.flatMap(\.0))
        var next = 0
        for (lines, exits) in cases {
            let code = Array(words[next..<next + lines.count])
            next += lines.count
            // The code is at 4, so that a branch back leads to 0.
            let sequence = ExclusiveSequence(at: 4) { address in
                let index = Int(address / 4) - 1
                return code.indices.contains(index) ? code[index] : nil
            }
            #expect(sequence?.exits == exits, "\(lines)")
        }
    }
}

extension StepFixUp {
    /// Nothing to put right.
    static let none = StepFixUp.after(
        .writesDAIF, pc: 0, own: PSTATE(rawValue: 0),
        state: .init(pc: 4, pstate: PSTATE(rawValue: 0), elr: 1, spsr: 0, vbar: 0x800))
}
