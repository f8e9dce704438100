import AArch64
import Testing

import AArch64CPU

/// The exception levels that can read and write each system register.
@Suite struct RegisterAccessTests {
    enum Outcome: Sendable { case allowed, undefined, trapped }

    /// The outcome of the instruction at the fixture's code address.
    static func outcome(_ fixture: SystemFixture, _ word: UInt32) -> Outcome? {
        fixture.cpu.pc = SystemFixture.code
        fixture.execute(word)
        if fixture.cpu.pc == SystemFixture.code + 4 { return .allowed }
        switch fixture.cpu.system.esr_el1 >> 26 {
        case 0x00: return .undefined
        case 0x18: return .trapped
        default: return nil
        }
    }

    struct GateCase: Sendable, CustomTestStringConvertible {
        var register: SystemRegisterEncoding
        var isWrite: Bool
        /// The control that lets EL0 in, and its bit.
        var control: SystemRegisterEncoding?
        var bit: UInt64 = 0
        /// Without the bit, and with it.
        var closed: Outcome
        var open: Outcome

        var testDescription: String {
            "\(isWrite ? "MSR" : "MRS") \(SystemRegisterTable.name(of: register))"
        }
    }

    static func gate(
        _ register: SystemRegisterEncoding, _ control: SystemRegisterEncoding? = nil, bit: UInt64 = 0,
        read: (Outcome, Outcome), write: (Outcome, Outcome)
    ) -> [GateCase] {
        [
            GateCase(
                register: register, isWrite: false, control: control, bit: bit, closed: read.0, open: read.1),
            GateCase(
                register: register, isWrite: true, control: control, bit: bit, closed: write.0, open: write.1),
        ]
    }

    static let readable: (Outcome, Outcome) = (.allowed, .allowed)
    static let gated: (Outcome, Outcome) = (.trapped, .allowed)
    static let never: (Outcome, Outcome) = (.undefined, .undefined)

    /// Everything EL0 can ever reach.
    static let el0Cases: [GateCase] =
        [
            gate(.ctr, .sctlr, bit: 1 << 15, read: gated, write: never),
            gate(.dczid, read: readable, write: never),
            gate(.nzcv, read: readable, write: readable),
            gate(.daif, .sctlr, bit: 1 << 9, read: gated, write: gated),
            gate(.tpidrEL0, read: readable, write: readable),
            gate(.tpidrroEL0, read: readable, write: never),
            gate(.cntfrq, .cntkctl, bit: 1 << 0, read: gated, write: never),
            gate(.cntfrq, .cntkctl, bit: 1 << 1, read: gated, write: never),
            gate(.cntpct, .cntkctl, bit: 1 << 0, read: gated, write: never),
            gate(.cntvct, .cntkctl, bit: 1 << 1, read: gated, write: never),
            gate(.cntvTVAL, .cntkctl, bit: 1 << 8, read: gated, write: gated),
            gate(.cntvCTL, .cntkctl, bit: 1 << 8, read: gated, write: gated),
            gate(.cntvCVAL, .cntkctl, bit: 1 << 8, read: gated, write: gated),
            gate(.cntpTVAL, .cntkctl, bit: 1 << 9, read: gated, write: gated),
            gate(.cntpCTL, .cntkctl, bit: 1 << 9, read: gated, write: gated),
            gate(.cntpCVAL, .cntkctl, bit: 1 << 9, read: gated, write: gated),
            // TDCC closes, so a clear bit is the open gate.
            gate(SystemRegisterEncoding(2, 3, 0, 1, 0), .mdscr, bit: 1 << 12, read: (.allowed, .trapped), write: never),
            gate(
                SystemRegisterEncoding(2, 3, 0, 4, 0), .mdscr, bit: 1 << 12, read: (.allowed, .trapped),
                write: (.allowed, .trapped)),
            gate(
                SystemRegisterEncoding(2, 3, 0, 5, 0), .mdscr, bit: 1 << 12, read: (.allowed, .trapped),
                write: (.allowed, .trapped)),
        ].flatMap { $0 } + performanceMonitors

    /// PMUSERENR_EL0: EN opens all, SW PMSWINC, CR the cycle counter and ER the event counters to readers.
    static let performanceMonitors: [GateCase] = {
        func register(_ crm: UInt16, _ op2: UInt16) -> SystemRegisterEncoding {
            SystemRegisterEncoding(3, 3, 9, crm, op2)
        }
        let control = register(14, 0)
        var cases = gate(control, read: readable, write: never)
        for (crm, op2) in [(12, 0), (12, 1), (12, 2), (12, 3), (12, 5), (13, 0), (13, 1), (13, 2), (14, 3)]
            as [(UInt16, UInt16)]
        {
            cases += gate(register(crm, op2), control, bit: 1, read: gated, write: gated)
        }
        cases += gate(register(12, 4), control, bit: 1 << 1, read: never, write: gated)
        cases += gate(register(12, 5), control, bit: 1 << 3, read: gated, write: gated)
        cases += gate(register(12, 6), control, bit: 1, read: gated, write: never)
        cases += gate(register(12, 7), control, bit: 1, read: gated, write: never)
        cases += gate(register(13, 0), control, bit: 1 << 2, read: gated, write: (.trapped, .trapped))
        cases += gate(register(13, 2), control, bit: 1 << 3, read: gated, write: (.trapped, .trapped))
        return cases + gate(SystemRegisterEncoding(3, 3, 14, 15, 7), control, bit: 1, read: gated, write: gated)
    }()

    @Test("EL0 gets in where the control bit says, and is trapped with the access's syndrome", arguments: el0Cases)
    func el0(_ expected: GateCase) throws {
        for (bit, outcome) in [(0, expected.closed), (expected.bit, expected.open)] {
            let fixture = SystemFixture()
            if let control = expected.control {
                try fixture.cpu.debuggerWrite(control, expected.control == .sctlr ? bit | 0x18 : bit)
            }
            fixture.enter(.el0t)
            let word = expected.isWrite ? Word.msr(expected.register, 7) : Word.mrs(expected.register, 7)
            #expect(Self.outcome(fixture, word) == outcome)
            guard outcome == .trapped else { continue }
            let register = expected.register
            let fields = [
                (UInt64(register.op0), 20), (UInt64(register.op2), 17), (UInt64(register.op1), 14),
                (UInt64(register.crn), 10), (7, 5), (UInt64(register.crm), 1), (expected.isWrite ? 0 : 1, 0),
            ]
            let iss = fields.reduce(0) { $0 | $1.0 << UInt64($1.1) }
            #expect(fixture.cpu.system.esr_el1 == 0x18 << 26 | 1 << 25 | iss)
            #expect(fixture.cpu.system.elr_el1 == SystemFixture.code)
            #expect(fixture.cpu.pc == SystemFixture.vectors + 0x400)
        }
    }

    @Test("Every other register is UNDEFINED at EL0, read and written")
    func el0Others() {
        // FPCR and FPSR have a trap of their own: see below.
        let reachable = Set(Self.el0Cases.map(\.register) + [.fpcr, .fpsr])
        for row in ImplementedRegisters.of(.base).rows where !reachable.contains(row.encoding) {
            for word in [Word.mrs(row.encoding), Word.msr(row.encoding)] {
                let fixture = SystemFixture()
                fixture.enter(.el0t)
                #expect(
                    Self.outcome(fixture, word) == .undefined, "\(SystemRegisterTable.name(of: row.encoding))")
            }
        }
    }

    /// The registers that EL1 can only read; the rest can be written, and only OSLAR_EL1 and PMSWINC_EL0 can't be read.
    static let readOnly: Set<SystemRegisterEncoding> = [
        .midr, .mpidr, .revidr, .ccsidr, .clidr, .aidr, .ctr, .dczid, .currentEL, .rvbar, .isr, .cntpct, .cntvct,
        .oslsr,
        SystemRegisterEncoding(3, 3, 9, 12, 6), SystemRegisterEncoding(3, 3, 9, 12, 7),
        SystemRegisterEncoding(2, 0, 1, 0, 0), SystemRegisterEncoding(2, 0, 7, 14, 6),
        SystemRegisterEncoding(2, 3, 0, 1, 0),
    ]

    @Test("EL1 reads and writes each register as its access says; a write of a read-only one is UNDEFINED")
    func el1() {
        for row in ImplementedRegisters.of(.base).rows {
            let name = SystemRegisterTable.name(of: row.encoding)
            let isWriteOnly = row.encoding == .oslar || row.encoding == SystemRegisterEncoding(3, 3, 9, 12, 4)
            let fixture = SystemFixture()
            fixture.cpu.system.cpacr_el1 = 3 << 20
            let isReadOnly = Self.readOnly.contains(row.encoding) || row.encoding.isInIdentificationSpace
            fixture.enter(.el1h)
            #expect(
                Self.outcome(fixture, Word.mrs(row.encoding)) == (isWriteOnly ? .undefined : .allowed),
                "MRS \(name)")
            fixture.enter(.el1h)
            #expect(
                Self.outcome(fixture, Word.msr(row.encoding)) == (isReadOnly ? .undefined : .allowed), "MSR \(name)")
        }
    }

    @Test(
        "What this CPU does not offer is UNDEFINED at EL1",
        arguments: [
            .spEL1,  // EL2's view
            SystemRegisterEncoding(3, 4, 1, 1, 0),  // HCR_EL2
            SystemRegisterEncoding(3, 6, 1, 1, 0),  // SCR_EL3
            SystemRegisterEncoding(3, 5, 1, 0, 0),  // SCTLR_EL12
            .pan, .uao, .dit, .ssbs, .tco, .allint,
            SystemRegisterEncoding(3, 3, 14, 8, 0),  // PMEVCNTR0_EL0
            SystemRegisterEncoding(3, 0, 9, 14, 6),  // PMMIR_EL1
            SystemRegisterEncoding(3, 3, 14, 0, 5),  // CNTPCTSS_EL0
            SystemRegisterEncoding(3, 0, 2, 1, 0),  // APIAKeyLo_EL1
            SystemRegisterEncoding(3, 0, 10, 4, 7),  // LORID_EL1
            SystemRegisterEncoding(3, 0, 12, 0, 2),  // RMR_EL1
            SystemRegisterEncoding(3, 0, 12, 1, 1),  // DISR_EL1
            SystemRegisterEncoding(3, 0, 0, 0, 1),
            SystemRegisterEncoding(3, 3, 2, 4, 0),  // RNDR
            SystemRegisterEncoding(3, 3, 4, 5, 0),  // DSPSR_EL0: Debug state only
            .dbgbvr(6), .dbgbcr(6), .dbgwvr(4), .dbgwcr(4),
            SystemRegisterEncoding(3, 1, 15, 2, 0),  // IMPLEMENTATION DEFINED
            SystemRegisterEncoding(3, 7, 14, 2, 0),  // CNTPS_TVAL_EL1
        ] as [SystemRegisterEncoding])
    func notOffered(_ register: SystemRegisterEncoding) {
        for word in [Word.mrs(register), Word.msr(register)] {
            let fixture = SystemFixture()
            #expect(Self.outcome(fixture, word) == .undefined)
            #expect(fixture.cpu.system.elr_el1 == SystemFixture.code)
        }
    }

    @Test("SP_EL0 is UNDEFINED to the level that is using it, and the banked one to EL1h")
    func stackPointer() {
        let fixture = SystemFixture()
        fixture.enter(.el1h)
        fixture.cpu.sp = 0x1111
        fixture.cpu.setX(0, 0x2222)
        #expect(Self.outcome(fixture, Word.msr(.spEL0)) == .allowed)
        #expect(fixture.cpu.sp == 0x1111)
        fixture.enter(.el1t)
        #expect(fixture.cpu.sp == 0x2222)
        #expect(Self.outcome(fixture, Word.mrs(.spEL0)) == .undefined)
        #expect(fixture.cpu.sp == 0x1111, "an exception selects SP_EL1")
        #expect(Self.outcome(fixture, Word.mrs(.spEL0, 3)) == .allowed)
        #expect(fixture.cpu.x(3) == 0x2222)
    }

    @Test("XZR reads as zero in MSR and swallows MRS")
    func zeroRegister() {
        let fixture = SystemFixture()
        fixture.cpu.system.tpidr_el1 = 5
        fixture.execute(Word.mrs(.tpidrEL1, 31))
        #expect(fixture.cpu.x(31) == 0)
        fixture.execute(Word.msr(.tpidrEL1, 31))
        #expect(fixture.cpu.system.tpidr_el1 == 0)
    }

    @Test("The GIC's CPU interface is the environment's, at EL1 alone")
    func interruptController() {
        let priorityMask = SystemRegisterEncoding(3, 0, 4, 6, 0)
        let acknowledge = SystemRegisterEncoding(3, 0, 12, 12, 0)
        let fixture = SystemFixture()
        fixture.environment.systemRegisters = [priorityMask.rawValue: 0, acknowledge.rawValue: 27]
        fixture.cpu.setX(0, 0xF0)
        #expect(Self.outcome(fixture, Word.msr(priorityMask)) == .allowed)
        #expect(fixture.environment.systemRegisters[priorityMask.rawValue] == 0xF0)
        #expect(Self.outcome(fixture, Word.mrs(acknowledge)) == .allowed)
        #expect(fixture.cpu.x(0) == 27)
        #expect(Self.outcome(fixture, Word.mrs(SystemRegisterEncoding(3, 0, 12, 8, 0))) == .undefined)
        fixture.enter(.el0t)
        #expect(Self.outcome(fixture, Word.mrs(acknowledge)) == .undefined)
    }

    @Test("FP registers follow the one switch that offers FP")
    func floatingPoint() {
        let expected: Outcome = CPUModel.base.features.contains(.floatingPoint) ? .allowed : .undefined
        let fixture = SystemFixture()
        fixture.cpu.system.cpacr_el1 = 3 << 20
        #expect(Self.outcome(fixture, Word.mrs(.fpcr)) == expected)
        fixture.enter(.el0t)
        #expect(Self.outcome(fixture, Word.msr(.fpsr)) == expected)
    }

    @Test(
        "CPACR_EL1.FPEN says which levels FP is kept from",
        arguments: [
            (0b00, true, true), (0b01, true, false), (0b10, true, true), (0b11, false, false),
        ] as [(UInt64, Bool, Bool)])
    func floatingPointEnable(fpen: UInt64, el0: Bool, el1: Bool) {
        let fixture = SystemFixture()
        fixture.cpu.system.cpacr_el1 = fpen << 20
        #expect(fixture.cpu.isFloatingPointTrapped == el1)
        fixture.enter(.el0t)
        #expect(fixture.cpu.isFloatingPointTrapped == el0)
        _ = fixture.cpu.trapFloatingPoint()
        #expect(fixture.cpu.system.esr_el1 == 0x07 << 26 | 1 << 25 | 0x1E0_0000)
    }
}
