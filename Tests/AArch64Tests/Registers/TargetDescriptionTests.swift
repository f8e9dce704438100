import AArch64
import TargetDescription
import Testing

@Suite("Target description")
struct TargetDescriptionTests {
    static let systemRegisters = SystemRegisterTable.debuggable(
        features: .all, counts: DebugRegisterCounts(breakpoints: 6, watchpoints: 4), eventCounters: 4)
    static let description = AArch64TargetDescription.description(systemRegisters: systemRegisters)

    static var registers: [RegisterDescription] { description.features.flatMap(\.registers) }

    /// Seed items 2.6 and 2.7: what the description must have.
    @Test("It names the architecture, FP registers, typed flags and groups")
    func complete() {
        #expect(Self.description.architecture == "aarch64")
        let names = Self.description.features.map(\.name)
        #expect(names.prefix(2) == ["org.gnu.gdb.aarch64.core", "org.gnu.gdb.aarch64.fpu"])
        let types = Dictionary(Self.registers.map { ($0.name, $0.type) }) { first, _ in first }
        #expect(types["cpsr"] == "cpsr_flags" && types["v0"] == "aarch64v" && types["pc"] == "code_ptr")
        #expect(types["SCTLR_EL1"] == "sctlr_el1_flags" && types["ESR_EL1"] == "esr_el1_flags")
        #expect(types["TCR_EL1"] == "tcr_el1_flags" && types["SPSR_EL1"] == "spsr_el1_flags")
    }

    @Test("A client would accept it: types known, fields inside, names and numbers unique")
    func wellFormed() {
        #expect(Self.description.problems.isEmpty, "\(Self.description.problems)")
        #expect(Set(Self.registers.map(\.number)).count == Self.registers.count)
        #expect(Set(Self.registers.map(\.name)).count == Self.registers.count)
    }

    /// GDB manual, "AArch64 Features": the layout every AArch64 client knows (seed item 2.8: cpsr has 4 bytes).
    @Test("The first 268 bytes of g are x0 to x30, sp, pc and 32 bits of cpsr")
    func generalPacket() {
        let general = Self.registers.filter(\.isInGeneralPacket)
        #expect(general.prefix(34).map(\.name) == (0...30).map { "x\($0)" } + ["sp", "pc", "cpsr"])
        #expect(general.prefix(34).map(\.number) == Array(0...33))
        #expect(general.prefix(34).map(\.byteCount).reduce(0, +) == 268)
        #expect(general.map(\.number) == Array(0...67))
        #expect(general.map(\.byteCount).reduce(0, +) == 788)
    }

    @Test("Numbers convert to registers and back")
    func numbers() throws {
        let numbering = RegisterNumbering()
        for register in Self.registers {
            let known = try #require(numbering.register(register.number))
            // Under a second name the same register has another number.
            if register.group != "qemu" { #expect(numbering.number(of: known) == register.number) }
            #expect(numbering.byteCount(of: known) == register.byteCount)
        }
        for number in [-1, 72, 127, 0x7fff, 0x10000, Int.max, Int.min] {
            #expect(numbering.register(number) == nil)
        }
    }

    @Test(
        "Fields and registers of a feature are described where the CPU has it",
        arguments: [
            (ArchitectureFeatures.pauth, "SCTLR_EL1", ["EnIA", "EnIB", "EnDA", "EnDB"]),
            (.bti, "SCTLR_EL1", ["BT0", "BT1"]), (.aarch32, "SCTLR_EL1", ["CP15BEN", "ITD", "SED"]),
            (.hafdbs, "TCR_EL1", ["HA", "HD"]), (.lpa2Granule16K, "TCR_EL1", ["DS"]), (.sve, "CPACR_EL1", ["ZEN"]),
            (.ssbs, "SPSR_EL1", ["SSBS"]), (.pan, "cpsr", ["PAN"]), (.fp16, "fpcr", ["FZ16"]),
        ])
    func optionalFields(feature: ArchitectureFeatures, register: String, fields: [String]) throws {
        func described(_ features: ArchitectureFeatures) throws -> Set<String> {
            let description = AArch64TargetDescription.description(
                systemRegisters: SystemRegisterTable.rows, features: features)
            let part = try #require(description.features.first { $0.registers.contains { $0.name == register } })
            let id = try #require(part.registers.first { $0.name == register }).type
            guard case .flags(_, let fields) = try #require(part.types.first { $0.id == id }).shape else { return [] }
            return Set(fields.map(\.name))
        }
        #expect(try described(.armv8_0).isDisjoint(with: fields))
        #expect(try described(.armv8_0.union(feature)) == described(.armv8_0).union(fields))
    }

    @Test("AArch32's ID registers, and those that can't be read without harm, are not described")
    func notDescribed() {
        func names(_ features: ArchitectureFeatures) -> Set<String> {
            let description = AArch64TargetDescription.description(
                systemRegisters: SystemRegisterTable.rows, features: features)
            return Set(description.features.flatMap(\.registers).map(\.name))
        }
        let aarch32: Set = ["ID_PFR0_EL1", "ID_ISAR5_EL1", "MVFR2_EL1", "ID_MMFR5_EL1"]
        #expect(names(.armv8_0).isDisjoint(with: aarch32) && names(.aarch32).isSuperset(of: aarch32))
        #expect(names(.all).isDisjoint(with: ["DBGDTR_EL0", "DBGDTRRX_EL0", "ICC_IAR1_EL1"]))
        #expect(names([]).isSuperset(of: ["ID_AA64PFR0_EL1", "MIDR_EL1", "SCTLR_EL1", "CurrentEL", "DAIF"]))
    }

    @Test("Every system register is in the group and travels by p and P only")
    func systemGroup() throws {
        let feature = try #require(Self.description.features.last)
        #expect(feature.name == "org.trapline.aarch64.system")
        #expect(feature.registers.allSatisfy { !$0.isInGeneralPacket && $0.bits == 64 })
        #expect(feature.registers.allSatisfy { !$0.type.hasSuffix("_ptr") }, "GDB computes with numbers only")
        let second = feature.registers.filter { $0.group != "system" }
        #expect(second.map(\.name) == SecondRegisterNames.rows.map(\.name) && second.allSatisfy { $0.group == "qemu" })
        for (register, row) in zip(second, SecondRegisterNames.rows) {
            #expect(RegisterNumbering().register(register.number) == .system(row.encoding))
        }
        // The names tools look up.
        let names = Set(feature.registers.map(\.name))
        for name in [
            "TTBR0_EL1", "TTBR1_EL1", "TCR_EL1", "VBAR_EL1", "ID_AA64MMFR0_EL1", "ID_AA64MMFR2_EL1", "SCTLR_EL1",
            "MAIR_EL1", "ESR_EL1", "FAR_EL1", "ELR_EL1", "SPSR_EL1", "SP_EL0", "SP_EL1", "TPIDR_EL1",
        ] {
            #expect(names.contains(name), "\(name)")
        }
    }

    @Test("What can't be read without harm is left out")
    func leftOut() {
        let names = Set(Self.systemRegisters.map(\.name))
        for name in [
            "ICC_IAR0_EL1", "ICC_IAR1_EL1", "ICC_NMIAR1_EL1", "ICC_EOIR1_EL1", "OSLAR_EL1", "DBGDTRRX_EL0",
            "DBGDTR_EL0", "RNDR", "RNDRRS", "DAIF", "NZCV", "CurrentEL", "FPCR", "ICC_SGI1R_EL1",
        ] {
            #expect(!names.contains(name), "\(name)")
        }
    }

    @Test("Debug and event registers are as many as the machine has")
    func counted() {
        let names = Set(Self.systemRegisters.map(\.name))
        #expect(names.contains("DBGBVR5_EL1") && names.contains("DBGBCR5_EL1"))
        #expect(!names.contains("DBGBVR6_EL1") && !names.contains("DBGBCR6_EL1"))
        #expect(names.contains("DBGWVR3_EL1") && names.contains("DBGWCR3_EL1"))
        #expect(!names.contains("DBGWVR4_EL1") && !names.contains("DBGWCR4_EL1"))
        #expect(names.contains("PMEVCNTR3_EL0") && !names.contains("PMEVCNTR4_EL0"))
        #expect(names.contains("PMEVTYPER3_EL0") && !names.contains("PMEVTYPER4_EL0"))
        #expect(names.contains("PMCCFILTR_EL0") && names.contains("MDSCR_EL1"))
        let plain = SystemRegisterTable.debuggable(
            features: .armv8_0, counts: DebugRegisterCounts(breakpoints: 1, watchpoints: 1))
        #expect(!plain.contains { $0.name.hasPrefix("PM") || $0.name.hasPrefix("ICC_") || $0.name == "APIAKeyLo_EL1" })
    }

    static let allFields: [(String, [TypeDescription.Field])] = [
        ("cpsr", RegisterFields.cpsr), ("fpsr", RegisterFields.fpsr), ("fpcr", RegisterFields.fpcr),
        ("sctlr", RegisterFields.sctlr), ("tcr", RegisterFields.tcr), ("esr", RegisterFields.esr),
        ("cpacr", RegisterFields.cpacr),
    ]

    @Test("Fields don't overlap and are named once", arguments: 0..<allFields.count)
    func fields(index: Int) {
        let (register, fields) = Self.allFields[index]
        var taken: UInt64 = 0
        for field in fields {
            for bit in field.bits {
                #expect(taken & (1 << UInt64(bit)) == 0, "\(register).\(field.name)")
                taken |= 1 << UInt64(bit)
            }
        }
        #expect(Set(fields.map(\.name)).count == fields.count)
    }

    @Test("The typed accessors and the named fields agree")
    func accessorsAgree() throws {
        func only(_ name: String, _ fields: [TypeDescription.Field]) throws -> UInt64 {
            let field = try #require(fields.first { $0.name == name })
            return 1 << UInt64(field.bits.lowerBound)
        }
        let sctlr: [(String, @Sendable (SCTLR) -> Bool)] = [
            ("M", { $0.m }), ("A", { $0.a }), ("C", { $0.c }), ("SA", { $0.sa }), ("SA0", { $0.sa0 }),
            ("UMA", { $0.uma }), ("I", { $0.i }), ("DZE", { $0.dze }), ("UCT", { $0.uct }), ("nTWI", { $0.nTWI }),
            ("nTWE", { $0.nTWE }), ("WXN", { $0.wxn }), ("TSCXT", { $0.tscxt }), ("SPAN", { $0.span }),
            ("E0E", { $0.e0e }), ("EE", { $0.ee }), ("UCI", { $0.uci }), ("BT0", { $0.bt0 }), ("BT1", { $0.bt1 }),
            ("DSSBS", { $0.dssbs }), ("EPAN", { $0.epan }), ("SPINTMASK", { $0.spintmask }),
        ]
        for (name, get) in sctlr {
            let value = try only(name, RegisterFields.sctlr)
            #expect(get(SCTLR(rawValue: value)) && !get(SCTLR(rawValue: ~value)), "\(name)")
        }
        for (row, upper) in [("0", false), ("1", true)] {
            func tcr(_ name: String) throws -> TCR { TCR(rawValue: try only(name + row, RegisterFields.tcr)) }
            #expect(try tcr("EPD").disablesWalks(upper: upper) && tcr("TBI").ignoresTopByte(upper: upper))
            #expect(try tcr("HPD").disablesHierarchy(upper: upper))
            #expect(try tcr("TBID").ignoresTopByteOfDataOnly(upper: upper))
            #expect(try tcr("E0PD").preventsEL0(upper: upper))
        }
    }

    @Test(
        "CPACR_EL1.FPEN",
        arguments: [
            (UInt64(0b00), true, true), (0b01, true, false), (0b10, true, true), (0b11, false, false),
        ])
    func fpen(value: UInt64, el0: Bool, el1: Bool) {
        let cpacr = CPACR(rawValue: value << 20)
        #expect(cpacr.trapsFloatingPoint(at: .el0) == el0 && cpacr.trapsFloatingPoint(at: .el1) == el1)
    }

    @Test("Fields read as GDB shows them")
    func fieldText() {
        #expect(RegisterFields.text(0x6000_03c5, fields: RegisterFields.cpsr) == "[ SP EL=1 F I A D C Z ]")
        #expect(RegisterFields.text(0x1005, fields: RegisterFields.sctlr) == "[ M C I ]")
        #expect(RegisterFields.text(0, fields: RegisterFields.sctlr) == "[ ]")
    }
}
