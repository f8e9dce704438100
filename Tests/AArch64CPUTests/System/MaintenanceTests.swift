import AArch64
import Testing

import AArch64CPU

/// Cache and TLB maintenance: who may, what faults, what changes.
@Suite struct MaintenanceTests {
    typealias Attribute = SystemFixture.Attribute
    typealias Mode = SystemFixture.Mode

    static let va = SystemFixture.ram + 0x4_0000

    struct Operation: Sendable, CustomTestStringConvertible {
        var name: String
        var word: UInt32
        /// Whether EL0 has it when the control bit is set; SCTLR_EL1.UCI, or DZE for DC ZVA.
        var isForEL0: Bool
        /// Whether it needs a translation, and whether it needs the right to write.
        var isByAddress: Bool
        var isWrite: Bool

        var testDescription: String { name }

        init(_ name: String, _ word: UInt32, el0: Bool = false, byAddress: Bool = true, write: Bool = false) {
            self.name = name
            self.word = word
            isForEL0 = el0
            isByAddress = byAddress
            isWrite = write
        }
    }

    static let zva = Operation("DC ZVA", Word.sys(3, 7, 4, 1), el0: true, write: true)

    static let operations: [Operation] = [
        Operation("IC IALLUIS", Word.sys(0, 7, 1, 0), byAddress: false),
        Operation("IC IALLU", Word.sys(0, 7, 5, 0), byAddress: false),
        Operation("IC IVAU", Word.sys(3, 7, 5, 1), el0: true),
        Operation("DC IVAC", Word.sys(0, 7, 6, 1), write: true),
        Operation("DC ISW", Word.sys(0, 7, 6, 2), byAddress: false),
        Operation("DC CSW", Word.sys(0, 7, 10, 2), byAddress: false),
        Operation("DC CISW", Word.sys(0, 7, 14, 2), byAddress: false),
        Operation("DC CVAC", Word.sys(3, 7, 10, 1), el0: true),
        Operation("DC CVAU", Word.sys(3, 7, 11, 1), el0: true),
        Operation("DC CIVAC", Word.sys(3, 7, 14, 1), el0: true),
        zva,
    ]

    struct Context: Sendable, CustomTestStringConvertible {
        var name: String
        var descriptor: UInt64
        var mode: Mode
        /// SCTLR_EL1.UCI and DZE.
        var isOpen: Bool
        var testDescription: String { name }
    }

    static let physical = SystemFixture.ram + 0x5_0000

    static let contexts: [Context] = [
        Context(name: "mapped, EL1", descriptor: SystemFixture.page(physical), mode: .el1h, isOpen: false),
        Context(name: "unmapped, EL1", descriptor: 0, mode: .el1h, isOpen: true),
        Context(
            name: "read-only, EL1", descriptor: SystemFixture.page(physical, Attribute.usual | Attribute.readOnly),
            mode: .el1h, isOpen: true),
        Context(
            name: "EL0's, EL0, closed", descriptor: SystemFixture.page(physical, Attribute.usual | Attribute.el0),
            mode: .el0t, isOpen: false),
        Context(
            name: "EL0's, EL0, open", descriptor: SystemFixture.page(physical, Attribute.usual | Attribute.el0),
            mode: .el0t, isOpen: true),
        Context(
            name: "EL1's, EL0, open", descriptor: SystemFixture.page(physical), mode: .el0t, isOpen: true),
        Context(name: "unmapped, EL0, open", descriptor: 0, mode: .el0t, isOpen: true),
    ]

    /// ESR_EL1 of what should happen; nil when the operation succeeds.
    static func syndrome(_ operation: Operation, _ context: Context) -> UInt64? {
        let isEL0 = context.mode == .el0t
        if isEL0 && !operation.isForEL0 { return 0x0200_0000 }
        if isEL0 && !context.isOpen {
            let encoding = SystemRegisterEncoding(rawValue: UInt16(truncatingIfNeeded: operation.word >> 5))
            return ExceptionSyndrome.systemInstruction(encoding, register: 0, direction: .write).rawValue
        }
        guard operation.isByAddress else { return nil }
        let base: UInt64 = isEL0 ? 0x9200_0000 : 0x9600_0000
        // DC ZVA is a store; the others say CM. All say WnR.
        let bits: UInt64 = operation.word == zva.word ? 1 << 6 : 1 << 8 | 1 << 6
        if context.descriptor == 0 { return base | bits | 0b000111 }
        let isDenied =
            (isEL0 && context.descriptor & Attribute.el0 == 0)
            || (operation.isWrite && context.descriptor & Attribute.readOnly != 0)
        return isDenied ? base | bits | 0b001111 : nil
    }

    @Test("Cache maintenance checks level, control bit, mapping and rights", arguments: operations, contexts)
    func cache(operation: Operation, context: Context) {
        let fixture = SystemFixture()
        fixture.enableMMU()
        fixture.map(Self.va, context.descriptor)
        if context.isOpen { fixture.cpu.system.sctlr_el1 |= 1 << 26 | 1 << 14 }
        fixture.enter(context.mode)
        fixture.cpu.setX(0, Self.va + 0x48)
        fixture.execute(operation.word)
        guard let syndrome = Self.syndrome(operation, context) else {
            #expect(fixture.cpu.pc == SystemFixture.code + 4)
            #expect(fixture.cpu.system.esr_el1 == 0)
            return
        }
        #expect(fixture.cpu.system.esr_el1 == syndrome)
        #expect(fixture.cpu.system.elr_el1 == SystemFixture.code)
        if syndrome >> 26 == 0x24 || syndrome >> 26 == 0x25 {
            #expect(fixture.cpu.system.far_el1 & ~63 == (Self.va + 0x48) & ~63)
        }
    }

    @Test("DC ZVA clears the 64 bytes around its address")
    func zeroBlock() {
        let fixture = SystemFixture()
        fixture.enableMMU()
        fixture.map(Self.va, SystemFixture.page(Self.physical))
        for offset in stride(from: UInt64(0), to: 192, by: 8) { fixture.store(Self.physical + offset, .max) }
        fixture.cpu.setX(0, Self.va + 64 + 37)
        fixture.execute(Self.zva.word)
        let memory = fixture.cluster.memory
        for offset in stride(from: UInt64(0), to: 192, by: 8) {
            #expect(memory.load64(Self.physical + offset) == ((64..<128).contains(offset) ? 0 : .max))
        }
    }

    // MARK: - TLB

    struct Invalidation: Sendable, CustomTestStringConvertible {
        var name: String
        var word: UInt32
        var isByAddress: Bool
        var isInnerShareable: Bool
        var testDescription: String { name }
    }

    static let invalidations: [Invalidation] = [(UInt16(7), ""), (3, "IS")].flatMap { crm, suffix in
        [
            ("VMALLE1", 0, false), ("VAE1", 1, true), ("ASIDE1", 2, false), ("VAAE1", 3, true), ("VALE1", 5, true),
            ("VAALE1", 7, true),
        ].map {
            Invalidation(
                name: $0.0 + suffix, word: Word.sys(0, 8, crm, UInt16($0.1), 7), isByAddress: $0.2,
                isInnerShareable: crm == 3)
        }
    }

    static let load: UInt32 = 0xF940_0001  // LDR X1, [X0]

    /// Loads through the TLB at EL1.
    static func load(_ fixture: SystemFixture, on vcpu: VCPU, _ va: UInt64) -> UInt64? {
        vcpu.pc = SystemFixture.code
        vcpu.pstate = 0x3C5
        vcpu.setX(0, va)
        #expect(vcpu.run(budget: 1) == .budget)
        return vcpu.pc == SystemFixture.code + 4 ? vcpu.x(1) : nil
    }

    @Test("TLBI makes a changed mapping seen, on this vCPU or on all", arguments: invalidations)
    func translationLookaside(_ expected: Invalidation) {
        let fixture = SystemFixture(vcpuCount: 2)
        fixture.enableMMU()
        fixture.store(code: [Self.load])
        let (old, new) = (SystemFixture.ram + 0x5_0000, SystemFixture.ram + 0x6_0000)
        fixture.store(old, 0x01D)
        fixture.store(new, 0x2E3)
        fixture.map(Self.va, SystemFixture.page(old))
        for vcpu in fixture.cluster.vcpus {
            #expect(Self.load(fixture, on: vcpu, Self.va) == 0x01D)
        }
        fixture.map(Self.va, SystemFixture.page(new))
        #expect(Self.load(fixture, on: fixture.cpu, Self.va) == 0x01D, "the TLB still has the old one")

        // The ASID in the top bits must not matter here: these pages are global.
        fixture.cpu.setX(7, expected.isByAddress ? 5 << 48 | Self.va >> 12 : 0)
        fixture.execute(expected.word)
        #expect(Self.load(fixture, on: fixture.cpu, Self.va) == 0x2E3)
        let other = Self.load(fixture, on: fixture.cluster.vcpus[1], Self.va)
        #expect(other == (expected.isInnerShareable ? 0x2E3 : 0x01D))
    }

    @Test("A TLBI of one address drops what its whole block brought in")
    func block() {
        let fixture = SystemFixture()
        fixture.enableMMU()
        // 0x4020_0000 on is a 2 MiB block over RAM, then pages further on in it.
        fixture.store(SystemFixture.level2 + 8, SystemFixture.ram | Attribute.usual | 1)
        fixture.store(code: [Self.load])
        fixture.store(SystemFixture.ram + 0x5_0000, 0x01D)
        fixture.store(SystemFixture.ram + 0x6_0000, 0x01D)
        #expect(Self.load(fixture, on: fixture.cpu, 0x4025_0000) == 0x01D)
        #expect(Self.load(fixture, on: fixture.cpu, 0x4026_0000) == 0x01D)
        fixture.store(SystemFixture.level2 + 8, 0)
        fixture.cpu.setX(7, 0x4025_0000 >> 12)
        fixture.execute(Word.sys(0, 8, 7, 1, 7))
        #expect(Self.load(fixture, on: fixture.cpu, 0x4026_0000) == nil)
        #expect(fixture.cpu.system.esr_el1 == 0x9600_0006)
    }

    @Test(
        "A TLBI by VA takes bits 55 to 12 and extends bit 55",
        arguments: [
            (0x0000_0000_0004_0000, 0x0000_0000_4000_0000), (0x0000_0FFF_FF80_0000, 0xFFFF_FFF8_0000_0000 << 0),
            (0xABCD_0000_0004_0000, 0x0000_0000_4000_0000), (0x0000_07FF_FFFF_FFFF, 0x007F_FFFF_FFFF_F000),
            (0x0000_0FFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_F000),
        ] as [(UInt64, UInt64)])
    func operand(operand: UInt64, va: UInt64) {
        #expect(VCPU.invalidatedAddress(operand) == va)
    }

    @Test("TLBI is UNDEFINED at EL0", arguments: invalidations)
    func fromEL0(_ operation: Invalidation) {
        let fixture = SystemFixture()
        fixture.enter(.el0t)
        fixture.execute(operation.word)
        #expect(fixture.cpu.system.esr_el1 == 0x0200_0000)
    }

    @Test(
        "Writes of SCTLR, TCR, MAIR and TTBR are seen by the next access",
        arguments: [
            (.sctlr, 0x30D0_0998, nil), (.tcr, 5 << 32 | 2 << 30 | 25 << 16 | 40, 0b000100),
            (.ttbr0, SystemFixture.ram + 0xC000, 0b000101),
        ] as [(SystemRegisterEncoding, UInt64, UInt64?)])
    func contextChange(register: SystemRegisterEncoding, value: UInt64, status: UInt64?) {
        let fixture = SystemFixture()
        fixture.enableMMU()
        // An upper address of the same memory, through TTBR1, so that code stays mapped.
        let upper: UInt64 = 0xFFFF_FF80_0000_0000
        fixture.store(SystemFixture.code, UInt64(Self.load) << 32 | UInt64(Word.msr(register, 9)))
        fixture.store(SystemFixture.ram + 0x5_0000, 0x2E3)
        fixture.store(SystemFixture.ram + 0x4_0000, 0x01D)
        fixture.map(Self.va, SystemFixture.page(SystemFixture.ram + 0x5_0000))
        fixture.store(code: [Self.load], at: SystemFixture.code)
        #expect(Self.load(fixture, on: fixture.cpu, Self.va) == 0x2E3)
        fixture.store(code: [Word.msr(register, 9), Self.load], at: SystemFixture.code + 0x1000)
        fixture.cpu.pc = (status == nil ? 0 : upper) | (SystemFixture.code + 0x1000)
        fixture.cpu.system.vbar_el1 = (status == nil ? 0 : upper) | SystemFixture.vectors
        fixture.cpu.setX(9, value)
        _ = fixture.cpu.run(budget: 2)
        if let status {
            #expect(fixture.cpu.system.esr_el1 == 0x9600_0000 | status)
        } else {
            #expect(fixture.cpu.x(1) == 0x01D, "the MMU is off")
        }
    }
}
