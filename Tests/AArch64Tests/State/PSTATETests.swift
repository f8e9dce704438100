import AArch64
import Testing

@Suite("PSTATE")
struct PSTATETests {
    /// Arm ARM, SPSR_EL1, "When exception taken from AArch64 state": one row for each one-bit field.
    static let oneBitFields: [(name: String, bit: UInt64, get: @Sendable (PSTATE) -> Bool)] = [
        ("N", 31, { $0.n }), ("Z", 30, { $0.z }), ("C", 29, { $0.c }), ("V", 28, { $0.v }),
        ("TCO", 25, { $0.tco }), ("DIT", 24, { $0.dit }), ("UAO", 23, { $0.uao }), ("PAN", 22, { $0.pan }),
        ("SS", 21, { $0.ss }), ("IL", 20, { $0.il }), ("ALLINT", 13, { $0.allint }), ("SSBS", 12, { $0.ssbs }),
        ("D", 9, { $0.d }), ("A", 8, { $0.a }), ("I", 7, { $0.i }), ("F", 6, { $0.f }),
        ("nRW", 4, { $0.isAArch32 }), ("SP", 0, { $0.sp }),
    ]

    @Test("Each one-bit field is at the Arm ARM's place", arguments: 0..<oneBitFields.count)
    func oneBitField(row: Int) {
        let field = Self.oneBitFields[row]
        #expect(field.get(PSTATE(rawValue: 1 << field.bit)), "\(field.name)")
        #expect(!field.get(PSTATE(rawValue: ~(1 << field.bit))), "\(field.name)")
    }

    @Test("Wider fields take and give their bits without touching others")
    func widerFields() {
        var state = PSTATE(rawValue: 0xdead_beef_0000_0000)
        state.nzcv = 0b1010
        state.daif = 0b0110
        state.btype = 0b11
        state.el = .el1
        #expect(state.rawValue == 0xdead_beef_a000_0d84)
        #expect(state.nzcv == 0b1010 && state.daif == 0b0110 && state.btype == 0b11 && state.el == .el1)
    }

    /// Seed item 2.2: the rule of "Stack pointer registers": EL0 has SP_EL0 only, EL1 chooses by PSTATE.SP.
    static let stackPointerRows: [(UInt64, Bool)] = [
        (0x0, false), (0x4, false), (0x5, true), (0x3c5, true), (0x8, false), (0x9, true),
    ]

    @Test("The stack pointer follows EL and SP", arguments: stackPointerRows)
    func stackPointerBank(value: UInt64, usesSPx: Bool) {
        #expect(PSTATE(rawValue: value).usesSPx == usesSPx)
    }

    @Test("A vCPU resets to EL1h with everything masked")
    func reset() {
        #expect(PSTATE.reset.daif == 0b1111 && PSTATE.reset.el == .el1 && PSTATE.reset.sp)
        #expect(PSTATE.reset.modeName == "EL1h")
    }

    /// Seed item 2.4: now, written, then (nil: refused).
    ///
    /// Modes by M[4:0]; SS is bit 21 and IL bit 20.
    static let debuggerWriteRows: [(UInt64, UInt32, UInt64?)] = [
        // now, written, then (nil: refused)
        (0x3c5, 0x6000_03c5, 0x6000_03c5),
        (0x3c5, 0x0000_0000, 0x0000_0000),  // EL0t
        (0x3c5, 0x0000_0004, 0x0000_0004),  // EL1t
        (0x3c5, 0x0000_0001, nil),  // EL0 with SP
        (0x3c5, 0x0000_0002, nil),  // M[1]
        (0x3c5, 0x0000_0006, nil),
        (0x3c5, 0x0000_0007, nil),
        (0x3c5, 0x0000_0008, nil),  // EL2t
        (0x3c5, 0x0000_0009, nil),  // EL2h
        (0x3c5, 0x0000_000c, nil),  // EL3t
        (0x3c5, 0x0000_000d, nil),  // EL3h
        (0x3c5, 0x0000_0010, nil),  // AArch32 User
        (0x3c5, 0x0000_001f, nil),  // AArch32 System
        // A mode that stays is not judged: an AArch32 EL0 state read from a hypervisor can be written back.
        (0x10, 0x8000_0010, 0x8000_0010),
        // SS and IL keep what they have, set or clear.
        (0x3c5, 0x0030_03c5, 0x0000_03c5),
        (0x0030_0005, 0x0000_0005, 0x0030_0005),
        // Reserved bits (27:26, 19:14, 5) don't change.
        (0x3c5, 0x0c0f_c3e5, 0x0000_03c5),
        // Seed item 2.1: the high half is kept.
        (0x1234_5678_0000_03c5, 0xf000_0005, 0x1234_5678_f000_0005),
    ]

    @Test("A debugger's cpsr is checked", arguments: debuggerWriteRows)
    func debuggerWrites(now: UInt64, written: UInt32, then: UInt64?) {
        let result = try? PSTATE(rawValue: now).validated(writing: written)
        #expect(result?.rawValue == then)
    }

    @Test("Fields of absent features are not writable")
    func absentFeatures() throws {
        let everything: UInt32 = 0xffff_ffe5 & ~0x1f | 5
        let base = try PSTATE(rawValue: 5).validated(writing: everything, features: [])
        #expect(base.rawValue == 0xf000_03c5)
        let all = try PSTATE(rawValue: 5).validated(writing: everything, features: .all)
        #expect(all.rawValue == 0xf3c0_3fc5)
    }

    @Test("The refusal says which mode is missing")
    func refusalText() {
        #expect(throws: PSTATEError.exceptionLevelNotImplemented(.el2)) {
            _ = try PSTATE.reset.validated(writing: 0x3c9)
        }
        #expect(throws: PSTATEError.aarch32) { _ = try PSTATE.reset.validated(writing: 0x10) }
        #expect(throws: PSTATEError.illegalMode(1)) { _ = try PSTATE.reset.validated(writing: 1) }
        #expect(PSTATEError.exceptionLevelNotImplemented(.el2).text.contains("EL = 2"))
    }
}
