import AArch64
import Testing

import AArch64CPU

/// Faults and calls as running code meets them.
@Suite struct RunningExceptionTests {
    typealias Attribute = SystemFixture.Attribute
    typealias Mode = SystemFixture.Mode

    // MARK: - Faults

    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var code: UInt32
        var mode: Mode = .el1h
        var isMMUOn = true
        /// X0, or SP for the stack.
        var address: UInt64
        /// The descriptor of the page at ``page``.
        var descriptor: UInt64 = 0
        var syndrome: UInt64
        /// FAR_EL1, nil when it isn't written.
        var faultAddress: UInt64?
        /// ELR_EL1, nil for the instruction itself.
        var returnAddress: UInt64?

        var testDescription: String { name }
    }

    static let page = SystemFixture.ram + 0x4_0000
    static let target = SystemFixture.ram + 0x5_0000
    static let uxn: UInt64 = 1 << 54
    static let pxn: UInt64 = 1 << 53

    static let faults: [Fault] = [
        Fault(name: "unmapped load", code: Code.load, address: page + 8, syndrome: 0x9600_0007, faultAddress: page + 8),
        Fault(name: "unmapped store", code: Code.store, address: page, syndrome: 0x9600_0047, faultAddress: page),
        Fault(
            name: "store to read-only", code: Code.store, address: page,
            descriptor: SystemFixture.page(target, Attribute.usual | Attribute.readOnly), syndrome: 0x9600_004F,
            faultAddress: page),
        Fault(
            name: "access flag", code: Code.load, address: page, descriptor: SystemFixture.page(target, 0),
            syndrome: 0x9600_000B, faultAddress: page),
        Fault(
            name: "EL0 load of EL1's page", code: Code.load, mode: .el0t, address: page,
            descriptor: SystemFixture.page(target), syndrome: 0x9200_000F, faultAddress: page),
        Fault(
            name: "LDTR of EL1's page", code: Code.loadUnprivileged, address: page,
            descriptor: SystemFixture.page(target), syndrome: 0x9600_000F, faultAddress: page),
        Fault(
            name: "STTR to EL0's read-only page", code: Code.storeUnprivileged, address: page,
            descriptor: SystemFixture.page(target, Attribute.usual | Attribute.el0 | Attribute.readOnly),
            syndrome: 0x9600_004F, faultAddress: page),
        Fault(
            name: "crossing into an unmapped page", code: Code.load, address: page - 4, syndrome: 0x9600_0007,
            faultAddress: page),
        Fault(
            name: "unaligned Device load", code: Code.load, address: page + 1,
            descriptor: SystemFixture.page(target, Attribute.accessed | Attribute.device), syndrome: 0x9600_0021,
            faultAddress: page + 1),
        Fault(
            name: "unaligned with the MMU off", code: Code.store, isMMUOn: false, address: page + 1,
            syndrome: 0x9600_0061, faultAddress: page + 1),
        Fault(
            name: "nothing answers", code: Code.store, isMMUOn: false, address: 0x9000_0000, syndrome: 0x9600_0050,
            faultAddress: 0x9000_0000),
        Fault(
            name: "not canonical", code: Code.load, address: 0x0100_0000_4004_0000, syndrome: 0x9600_0004,
            faultAddress: 0x0100_0000_4004_0000),
        Fault(
            name: "SP alignment", code: Code.loadFromStack, address: page + 8, descriptor: SystemFixture.page(target),
            syndrome: 0x9A00_0000, faultAddress: nil),
        Fault(
            name: "SP alignment at EL0", code: Code.loadFromStack, mode: .el0t, address: page + 8,
            descriptor: SystemFixture.page(target), syndrome: 0x9A00_0000, faultAddress: nil),
        Fault(
            name: "PC alignment", code: Code.branchRegister, address: page + 2, descriptor: SystemFixture.page(target),
            syndrome: 0x8A00_0000, faultAddress: page + 2, returnAddress: page + 2),
        Fault(
            name: "fetch of an unmapped page", code: Code.branchRegister, address: page, syndrome: 0x8600_0007,
            faultAddress: page, returnAddress: page),
        Fault(
            name: "fetch at EL1 with PXN", code: Code.branchRegister, address: page,
            descriptor: SystemFixture.page(target, Attribute.usual | pxn), syndrome: 0x8600_000F, faultAddress: page,
            returnAddress: page),
        Fault(
            name: "fetch at EL1 of what EL0 can write", code: Code.branchRegister, address: page,
            descriptor: SystemFixture.page(target, Attribute.usual | Attribute.el0), syndrome: 0x8600_000F,
            faultAddress: page, returnAddress: page),
        Fault(
            name: "fetch at EL0 with UXN", code: Code.branchRegister, mode: .el0t, address: page,
            descriptor: SystemFixture.page(target, Attribute.usual | Attribute.el0 | uxn), syndrome: 0x8200_000F,
            faultAddress: page, returnAddress: page),
        Fault(
            name: "fetch where nothing answers", code: Code.branchRegister, isMMUOn: false, address: 0x9000_0000,
            syndrome: 0x8600_0010, faultAddress: 0x9000_0000, returnAddress: 0x9000_0000),
    ]

    @Test(
        "A fault is taken at the instruction, with its syndrome and address, and nothing is changed", arguments: faults)
    func fault(_ expected: Fault) {
        let fixture = SystemFixture()
        fixture.installVectors()
        fixture.store(code: [Code.nop, expected.code, Code.nop])
        if expected.isMMUOn {
            fixture.enableMMU()
            fixture.map(Self.page, expected.descriptor)
            // EL0 must be able to run its code, which EL1 can't then.
            if expected.mode == .el0t {
                fixture.map(
                    SystemFixture.code,
                    SystemFixture.page(SystemFixture.code, Attribute.usual | Attribute.el0 | Attribute.readOnly))
            }
        }
        let cpu = fixture.cpu
        cpu.pstate = 0x2000_0000 | expected.mode.rawValue
        cpu.system.far_el1 = 0x7777
        cpu.setX(0, expected.address)
        cpu.setX(1, 0x55)
        if expected.code == Code.loadFromStack { cpu.sp = expected.address }
        fixture.store(Self.target, 0x1111, 0x2222)
        let exit = cpu.run(budget: 100)
        let group: UInt64 = expected.mode == .el0t ? 0x400 : 0x200
        #expect(exit == .hypercall(.hvc, immediate: UInt16(group)))
        #expect(cpu.system.esr_el1 == expected.syndrome)
        #expect(cpu.system.far_el1 == expected.faultAddress ?? 0x7777)
        #expect(cpu.system.elr_el1 == expected.returnAddress ?? SystemFixture.code + 4)
        #expect(cpu.system.spsr_el1 == 0x2000_0000 | expected.mode.rawValue)
        #expect(cpu.x(1) == 0x55)
        #expect(fixture.cluster.memory.load64(Self.target) == 0x1111)
    }

    @Test("EL0 calls into EL1 and is returned to, on its own stack")
    func systemCalls() {
        let fixture = SystemFixture()
        fixture.store(code: [Code.count, Word.eret], at: SystemFixture.vectors + 0x400)
        fixture.store(code: [Word.svc(0), Word.svc(1), Word.svc(2), Word.hvc(0)])
        fixture.enter(.el0t)
        fixture.cpu.sp = 0x1230
        // Each SVC takes three instructions; then HVC is UNDEFINED and comes back to itself, again and again.
        _ = fixture.cpu.run(budget: 9)
        #expect(fixture.cpu.x(20) == 3)
        #expect(fixture.cpu.pc == SystemFixture.code + 12)
        #expect(fixture.cpu.pstate == 0x3C0)
        #expect(fixture.cpu.sp == 0x1230)
        #expect(fixture.cpu.system.esr_el1 == 0x5600_0002)
    }

    @Test("An exception return loses the exclusive reservation")
    func exclusives() {
        for (middle, status) in [(Code.nop, 0), (Word.eret, 1)] as [(UInt32, UInt64)] {
            let fixture = SystemFixture()
            fixture.store(code: [Code.loadExclusive, middle, Code.storeExclusive])
            fixture.cpu.system.elr_el1 = SystemFixture.code + 8
            fixture.cpu.system.spsr_el1 = 0x3C5
            fixture.cpu.setX(0, Self.target)
            _ = fixture.cpu.run(budget: 3)
            #expect(fixture.cpu.x(2) == status)
        }
    }
}
