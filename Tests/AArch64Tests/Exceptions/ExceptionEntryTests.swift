import AArch64
import Testing

/// Expected values are those of the Arm pseudocode's `AArch64.TakeException`.
///
/// Seed item 2.27 is the list of what must be right.
@Suite("Exception entry")
struct ExceptionEntryTests {
    static let vbar: UInt64 = 0xffff_8000_0801_0800

    static func context(
        sctlr: UInt64 = 0, vbar: UInt64 = vbar, features: ArchitectureFeatures = .all
    ) -> ExceptionEntry.Context {
        .init(sctlr: SCTLR(rawValue: sctlr), vbar: vbar, features: features)
    }

    static let vectorRows: [(UInt64, ExceptionEntry.Kind, UInt64)] = [
        // PSTATE, kind, offset
        (0x4, ExceptionEntry.Kind.synchronous, 0x000),  // EL1t
        (0x4, .irq, 0x080), (0x4, .fiq, 0x100), (0x4, .sError, 0x180),
        (0x5, .synchronous, 0x200), (0x5, .irq, 0x280), (0x5, .fiq, 0x300), (0x5, .sError, 0x380),  // EL1h
        (0x0, .synchronous, 0x400), (0x0, .irq, 0x480), (0x0, .fiq, 0x500), (0x0, .sError, 0x580),  // EL0
        // Seed item 2.28: EL0 in AArch32 has its own group.
        (0x10, .synchronous, 0x600), (0x10, .irq, 0x680), (0x10, .fiq, 0x700), (0x10, .sError, 0x780),
    ]

    @Test("The vector is chosen by kind and by where the exception comes from", arguments: vectorRows)
    func vectors(pstate: UInt64, kind: ExceptionEntry.Kind, offset: UInt64) {
        let entry = ExceptionEntry.take(
            kind, from: PSTATE(rawValue: pstate), returnAddress: 0x1000, context: Self.context())
        #expect(entry.pc == Self.vbar + offset)
    }

    @Test("VBAR_EL1 bits 10:0 don't count")
    func vectorBase() {
        #expect(ExceptionEntry.vector(.irq, from: PSTATE(rawValue: 5), vbar: 0x8_07ff) == 0x8_0280)
    }

    static let span: UInt64 = 1 << 23
    static let dssbs: UInt64 = 1 << 44
    static let spintmask: UInt64 = 1 << 62

    static let handlerStateRows: [(UInt64, UInt64, ArchitectureFeatures, UInt64)] = [
        // PSTATE before, SCTLR_EL1, features, PSTATE after
        // EL1h, all of DAIF masked; SP, DAIF and EL from every origin.
        (0x0, span, ArchitectureFeatures([]), 0x3c5),
        (0x4, span, [], 0x3c5), (0x5, span, [], 0x3c5), (0x45, span, [], 0x3c5),
        // N, Z, C, V are kept.
        (0xf000_0000, span, [], 0xf000_03c5), (0x6000_0005, span, [], 0x6000_03c5),
        // DIT (24) is kept.
        (0x0100_0000, span, [.dit], 0x0100_03c5),
        // PAN (22) is kept with SPAN 1 and set with SPAN 0.
        (0x0040_0000, span, [.pan], 0x0040_03c5), (0x0, span, [.pan], 0x3c5), (0x0, 0, [.pan], 0x0040_03c5),
        (0x0, 0, [], 0x3c5),
        // UAO (23), SS (21), IL (20) and BTYPE (11:10) become 0.
        (0x0080_0005, span, [.uao], 0x3c5), (0x0020_0000, span, [], 0x3c5), (0x0010_0005, span, [], 0x3c5),
        (0x0000_0c00, span, [.bti], 0x3c5),
        // SSBS (12) becomes SCTLR_EL1.DSSBS.
        (0x0000_1000, span, [.ssbs], 0x3c5), (0x0, span | dssbs, [.ssbs], 0x13c5), (0x0, span | dssbs, [], 0x3c5),
        // TCO (25) becomes 1 with FEAT_MTE2.
        (0x0, span, [.mte], 0x0200_03c5), (0x0200_0000, span, [.mte], 0x0200_03c5),
        // ALLINT (13) becomes the inverse of SPINTMASK with FEAT_NMI.
        (0x0, span, [.nmi], 0x23c5), (0x2000, span | spintmask, [.nmi], 0x3c5), (0x2000, span, [], 0x3c5),
        // The high half is clear.
        (0xffff_ffff_0000_0000, span, [], 0x3c5),
        // From AArch32: N, Z, C, V and PAN survive, DIT moves from bit 21; E, IT, GE, Q and T don't leak.
        (0xf00f_fe30 | 0x0800_0000, span, [.dit, .bti, .nmi, .ssbs], 0xf000_03c5 | 0x2000),
        (0x0020_0010, span, [.dit], 0x0100_03c5), (0x0040_0010, span, [.pan], 0x0040_03c5),
    ]

    @Test("PSTATE at the vector", arguments: handlerStateRows)
    func handlerState(before: UInt64, sctlr: UInt64, features: ArchitectureFeatures, after: UInt64) {
        let new = ExceptionEntry.handlerState(
            from: PSTATE(rawValue: before), context: Self.context(sctlr: sctlr, features: features))
        #expect(new.rawValue == after, "got \(String(new.rawValue, radix: 16))")
    }

    @Test("SPSR is the whole old PSTATE, ELR the return address")
    func saved() {
        let old = PSTATE(rawValue: 0x0012_0000_63d0_0c05)
        let entry = ExceptionEntry.take(
            .synchronous, from: old, returnAddress: 0x4008_1234, syndrome: .svc(7), faultAddress: 0x99,
            context: Self.context())
        #expect(entry.spsr == old.rawValue)
        #expect(entry.elr == 0x4008_1234)
        #expect(entry.esr == .svc(7))
        #expect(entry.far == 0x99)
    }

    static let reportRows: [(ExceptionEntry.Kind, Bool, Bool)] = [
        (ExceptionEntry.Kind.synchronous, true, true), (.irq, false, false), (.fiq, false, false),
        (.sError, true, false),
    ]

    @Test("ESR and FAR are written by the kinds that report", arguments: reportRows)
    func reports(kind: ExceptionEntry.Kind, esr: Bool, far: Bool) {
        let entry = ExceptionEntry.take(
            kind, from: PSTATE(rawValue: 5), returnAddress: 0, syndrome: .undefined, faultAddress: 1,
            context: Self.context())
        #expect((entry.esr != nil) == esr)
        #expect((entry.far != nil) == far)
    }
}

/// Expected values: `AArch64.ExceptionReturn`, `IllegalExceptionReturn`, `SetPSTATEFromPSR`.
@Suite("Exception return")
struct ExceptionReturnTests {
    static let legalityRows: [(UInt64, Bool)] = [
        (0x0, false), (0x4, false), (0x5, false),
        (0x1, true),  // EL0 with SP set
        (0x2, true), (0x3, true), (0x6, true), (0x7, true),  // M[1]
        (0x8, true), (0x9, true), (0xc, true), (0xd, true),  // EL2, EL3
        (0x10, true), (0x13, true), (0x1f, true),  // AArch32
    ]

    @Test("What SPSR_EL1 may ask for", arguments: legalityRows)
    func legality(mode: UInt64, isIllegal: Bool) {
        #expect(ExceptionReturn.isIllegalReturn(spsr: 0x3c0 | mode, from: .el1) == isIllegal)
    }

    @Test("A legal return takes everything from SPSR_EL1")
    func legal() {
        let result = ExceptionReturn.perform(
            spsr: 0xa3d0_2d40, elr: 0x1234, from: PSTATE(rawValue: 0x3c5), features: .all)
        #expect(!result.isIllegal && result.pc == 0x1234)
        // SS stays 0: debug is off. The rest is as saved: NZCV, TCO, DIT, UAO, PAN, IL, ALLINT, BTYPE, D, F, EL0t.
        #expect(result.pstate.rawValue == 0xa3d0_2d40)
    }

    @Test("Fields of absent features stay as they are")
    func absent() {
        let result = ExceptionReturn.perform(
            spsr: 0xf3c0_3c05, elr: 0, from: PSTATE(rawValue: 0x3c5), features: [])
        #expect(result.pstate.rawValue == 0xf000_0005)
    }

    @Test("An illegal return sets IL, keeps the mode, and still takes NZCV, DAIF and PAN")
    func illegal() {
        let result = ExceptionReturn.perform(
            spsr: 0x6f40_0c49, elr: 0x1234, from: PSTATE(rawValue: 0x3c5), features: .all)
        #expect(result.isIllegal)
        #expect(result.pstate.rawValue == 0x6050_0045)
    }

    static let stepRows: [(UInt64, Bool, UInt64, UInt64, Bool)] = [
        // MDSCR_EL1, OS lock, PSTATE now, SPSR_EL1, SS
        (0x1, false, 0x3c5, 0x0020_0000, true),  // kernel to user, SS
        (0x1, false, 0x3c5, 0x0000_0000, false),  // SPSR.SS clear
        (0x0, false, 0x3c5, 0x0020_0000, false),  // MDSCR.SS clear
        (0x1, true, 0x3c5, 0x0020_0000, false),  // OS lock
        (0x2001, false, 0x3c5, 0x0020_0005, true),  // KDE, D set here and clear there
        (0x2001, false, 0x3c5, 0x0020_0205, false),  // D set there
        (0x2001, false, 0x005, 0x0020_0005, false),  // enabled here already
        (0x1, false, 0x3c5, 0x0020_0005, false),  // no KDE: EL1 is never stepped
    ]

    @Test("PSTATE.SS is set when a step is due at the target", arguments: stepRows)
    func step(mdscr: UInt64, locked: Bool, now: UInt64, spsr: UInt64, ss: Bool) {
        let result = ExceptionReturn.perform(
            spsr: spsr, elr: 0, from: PSTATE(rawValue: now), features: .all,
            debug: DebugExceptionState(mdscr: mdscr, isOSLocked: locked))
        #expect(result.pstate.ss == ss)
    }

    @Test("A return undoes an entry")
    func roundTrip() {
        for raw: UInt64 in [0x0, 0x4, 0x5, 0x6000_0005, 0x0340_1c45, 0x83c0_2000] {
            let entry = ExceptionEntry.take(
                .irq, from: PSTATE(rawValue: raw), returnAddress: 0x40,
                context: ExceptionEntryTests.context())
            let back = ExceptionReturn.perform(spsr: entry.spsr, elr: entry.elr, from: entry.pstate, features: .all)
            #expect(back.pstate.rawValue == raw && back.pc == 0x40 && !back.isIllegal)
        }
    }
}
