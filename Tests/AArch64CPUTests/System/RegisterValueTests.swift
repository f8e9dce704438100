import AArch64
import Testing

import AArch64CPU

/// The contents of registers: identification, reset values and write masks.
@Suite struct RegisterValueTests {
    static let identification: [(SystemRegisterEncoding, UInt64)] = [
        (.midr, 0x000F_5411), (.mpidr, 0x8000_0000), (.revidr, 0), (.aidr, 0),
        (.ctr, 0x8444_C004), (.dczid, 4), (.clidr, 0x0A20_0023),
        (.idAA64PFR0, 0x1100_0000_0100_0011), (.idAA64PFR1, 0),
        (.idAA64DFR0, 0x1030_5106), (.idAA64DFR1, 0),
        (.idAA64ISAR0, 0x0000_0000_1021_1120), (.idAA64ISAR1, 0), (.idAA64ISAR2, 0),
        (.idAA64MMFR0, 0x0000_0000_0010_0025), (.idAA64MMFR1, 0), (.idAA64MMFR2, 0),
        (.cntfrq, 62_500_000),
        // Not allocated: zero, not UNDEFINED.
        (SystemRegisterEncoding(3, 0, 0, 7, 7), 0), (SystemRegisterEncoding(3, 0, 0, 1, 0), 0),
    ]

    @Test("Identification registers read as documented", arguments: identification)
    func identificationRegister(register: SystemRegisterEncoding, value: UInt64) {
        let fixture = SystemFixture()
        fixture.execute(Word.mrs(register))
        #expect(fixture.cpu.pc == SystemFixture.code + 4)
        #expect(fixture.cpu.x(0) == value)
    }

    @Test("The features of a model are those its identification registers state", arguments: CPUModel.allCases)
    func features(model: CPUModel) {
        let values = IdentificationRegisters.values(for: model.features)
        #expect(ArchitectureFeatures { values[$0] ?? 0 } == model.features)
        // Two fields without a feature of their own: AdvSIMD equals FP, and GPI equals API.
        #expect(values[.idAA64PFR0, default: 0] >> 20 & 0xF == values[.idAA64PFR0, default: 0] >> 16 & 0xF)
        #expect(values[.idAA64ISAR1, default: 0] >> 28 & 0xF == values[.idAA64ISAR1, default: 0] >> 8 & 0xF)
    }

    @Test("MPIDR_EL1 has sixteen vCPUs to an Aff1")
    func affinity() {
        #expect(SystemRegisters(index: 0).mpidr_el1 == 0x8000_0000)
        #expect(SystemRegisters(index: 15).mpidr_el1 == 0x8000_000F)
        #expect(SystemRegisters(index: 16).mpidr_el1 == 0x8000_0100)
    }

    @Test("CCSIDR_EL1 describes the cache that CSSELR_EL1 selects")
    func caches() {
        let fixture = SystemFixture()
        for (select, value) in [(0, 0xFE01A), (1, 0xFE01A), (2, 0x7F_E07A), (3, 0)] as [(UInt64, UInt64)] {
            fixture.cpu.setX(0, select)
            fixture.execute(Word.msr(.csselr))
            fixture.execute(Word.mrs(.ccsidr, 1))
            #expect(fixture.cpu.x(1) == value)
        }
    }

    /// The register, all ones written, what it reads then, all zeros written, what it reads then.
    static let masks: [(SystemRegisterEncoding, UInt64, UInt64)] = [
        (.sctlr, 0x34DD_DB9F, 0x30D0_0980),
        (.actlr, 0, 0),
        (.cpacr, 0x30_0000, 0),
        (.ttbr0, ~1, 0),
        (.ttbr1, ~1, 0),
        (.tcr, 0x77_FFFF_FFBF, 0),
        (.mair, .max, 0),
        (.vbar, 0xFFFF_FFFF_FFFF_F800, 0),
        (.spsr, 0xF030_03DF, 0),
        (.elr, .max, 0),
        (.esr, 0xFFFF_FFFF, 0),
        (.far, .max, 0),
        (.contextidr, 0xFFFF_FFFF, 0),
        (.cntkctl, 0x3FF, 0),
        (.csselr, 0xF, 0),
        (.nzcv, 0xF000_0000, 0),
        (.cntfrq, 0xFFFF_FFFF, 0),
        (.dbgbvr(0), ~3, 0),
        (.dbgbcr(5), 0x00FF_E1E7, 0),
        (.dbgwvr(3), ~3, 0),
        (.dbgwcr(3), 0x1F1F_FFFF, 0),
    ]

    @Test("RES0 and RES1 bits stay what they are, whatever is written", arguments: masks)
    func writeMask(register: SystemRegisterEncoding, ones: UInt64, zeros: UInt64) {
        let fixture = SystemFixture()
        for (written, read) in [(UInt64.max, ones), (0, zeros)] {
            fixture.cpu.setX(0, written)
            fixture.execute(Word.msr(register))
            fixture.execute(Word.mrs(register, 1))
            #expect(fixture.cpu.x(1) == read)
        }
    }

    @Test("Reset values that the architecture fixes are the table's")
    func reset() throws {
        let fixture = SystemFixture()
        for row in ImplementedRegisters.of(.base).rows {
            guard let register = SystemRegisterTable.register(row.encoding), row.access.canRead else { continue }
            // SCTLR_EL1 resets to more than its RES1 bits, identification is this CPU's own, and the vectors and the
            // claim tags are set up.
            if [.sctlr, .vbar, .cntfrq, SystemRegisterEncoding(2, 0, 7, 8, 6)].contains(row.encoding) { continue }
            if case .constant = row.storage { continue }
            if [.mpidr, .ccsidr, .dczid].contains(row.encoding) { continue }
            let value = try fixture.cpu.debuggerRead(row.encoding)
            #expect(value == register.reset, "\(register.name)")
        }
        #expect(SystemRegisters(index: 0).sctlr_el1 == 0x30D5_0998)
    }

    @Test("The OS lock is set at reset, OSLAR_EL1 moves it, and MDSCR_EL1's transfer bits need it")
    func osLock() {
        let fixture = SystemFixture()
        fixture.cpu.setX(0, .max)
        fixture.execute(Word.msr(.mdscr))
        #expect(fixture.cpu.system.mdscr_el1 == 0x6CE0_F041)
        fixture.cpu.setX(0, 0)
        fixture.execute(Word.msr(.oslar))
        fixture.execute(Word.mrs(.oslsr, 1))
        #expect(fixture.cpu.x(1) == 8)
        fixture.execute(Word.msr(.mdscr))
        #expect(fixture.cpu.system.mdscr_el1 == 0x6CE0_0040)
    }

    @Test("DCZID_EL0.DZP says where DC ZVA is trapped")
    func zeroBlockProhibited() {
        let fixture = SystemFixture()
        fixture.enter(.el0t)
        fixture.execute(Word.mrs(.dczid))
        #expect(fixture.cpu.x(0) == 0x14)
        fixture.cpu.system.sctlr_el1 |= 1 << 14
        fixture.execute(Word.mrs(.dczid))
        #expect(fixture.cpu.x(0) == 4)
    }

    @Test("CurrentEL, SPSel, DAIF and NZCV are views of PSTATE", arguments: SystemFixture.Mode.allCases)
    func processState(mode: SystemFixture.Mode) {
        let fixture = SystemFixture()
        fixture.cpu.system.sctlr_el1 |= 1 << 9
        fixture.cpu.pstate = 0xA000_0240 | mode.rawValue
        fixture.execute(Word.mrs(.nzcv, 0))
        fixture.execute(Word.mrs(.daif, 1))
        #expect(fixture.cpu.x(0) == 0xA000_0000)
        #expect(fixture.cpu.x(1) == 0x240)
        guard mode != .el0t else { return }
        fixture.execute(Word.mrs(.currentEL, 2))
        fixture.execute(Word.mrs(.spSel, 3))
        #expect(fixture.cpu.x(2) == 4)
        #expect(fixture.cpu.x(3) == mode.rawValue & 1)
    }
}
