import AArch64CPU
import Testing

private let ram = EngineFixture.ram
private let vectors = EngineFixture.vectors

/// An access in the middle of a block that faults.
struct FaultCase: Sendable, CustomStringConvertible {
    var text: String
    var base: UInt64
    /// DFSC, and whether ESR says a write.
    var status: UInt64
    var isWrite: Bool
    var far: UInt64
    var description: String { text }
}

private let nowhere: UInt64 = 0x7000_0000
private let device = RecordingDevice.base
private let external: UInt64 = 0b010000
private let alignment: UInt64 = 0b100001

private let faults = [
    FaultCase(text: "ldr x0, [x1]", base: nowhere, status: external, isWrite: false, far: nowhere),
    FaultCase(text: "str x0, [x1, #8]!", base: nowhere, status: external, isWrite: true, far: nowhere + 8),
    FaultCase(
        text: "ldr x0, [x1], #8", base: device + 1, status: alignment, isWrite: false, far: device + 1),
    FaultCase(
        text: "ldp x0, x2, [x1]", base: ram + 0x81004, status: alignment, isWrite: false,
        far: ram + 0x81004),
    FaultCase(text: "stp x0, x2, [x1], #16", base: nowhere, status: external, isWrite: true, far: nowhere),
    FaultCase(
        text: "ldxr w0, [x1]", base: ram + 0x81002, status: alignment, isWrite: false, far: ram + 0x81002),
    FaultCase(
        text: "stlr w0, [x1]", base: ram + 0x81002, status: alignment, isWrite: true, far: ram + 0x81002),
    FaultCase(text: "ldadd x0, x2, [x1]", base: nowhere, status: external, isWrite: false, far: nowhere),
    FaultCase(
        text: "dc zva, x1", base: ram + 0x81008, status: alignment, isWrite: true, far: ram + 0x81008),
]

struct FaultTests {
    @Test("A fault in the middle of a block leaves the state of just before it", arguments: faults)
    func preciseFault(_ row: FaultCase) {
        EngineFixture.words(faults.map(\.text))
        // The MMU is off: all data is Device memory, where unaligned accesses fault.
        let fixture = EngineFixture([
            "add x5, x5, #1", "subs x6, x6, #1", row.text,
            "add x5, x5, #1",
            "subs x6, x6, #1",
        ])
        fixture.put(["add x7, x7, #1"], at: vectors + 0x200)
        fixture.cpu.setX(0, 0xAAAA)
        fixture.cpu.setX(1, row.base)
        fixture.cpu.setX(2, 0xBBBB)
        fixture.cpu.setX(6, 1)
        #expect(fixture.run(4) == .budget)
        let system = fixture.cpu.system
        #expect(system.elr_el1 == ram + 8)
        #expect(system.far_el1 == row.far)
        #expect(system.esr_el1 == 0x25 << 26 | 1 << 25 | (row.isWrite ? 1 << 6 : 0) | row.status)
        #expect(system.spsr_el1 >> 28 == 0b0110)
        #expect(fixture.cpu.x(0) == 0xAAAA)
        #expect(fixture.cpu.x(1) == row.base)
        #expect(fixture.cpu.x(2) == 0xBBBB)
        #expect(fixture.cpu.x(5) == 1)
        #expect(fixture.cpu.x(7) == 1)
        #expect(fixture.cpu.pc == vectors + 0x204)
        #expect(fixture.cpu.executedInRun == 4)
    }

    @Test("Fetching where there is no RAM is an instruction abort at the target")
    func fetchAbort() {
        let fixture = EngineFixture(["br x1"])
        fixture.cpu.setX(1, nowhere)
        fixture.run(2)
        #expect(fixture.cpu.system.elr_el1 == nowhere)
        #expect(fixture.cpu.system.far_el1 == nowhere)
        #expect(fixture.cpu.system.esr_el1 == 0x21 << 26 | 1 << 25 | external)
        #expect(fixture.cpu.pc == vectors + 0x200)
    }

    @Test("A fetch that aborts again and again still uses up the budget")
    func fetchAbortLoop() {
        let fixture = EngineFixture()
        fixture.cpu.system.vbar_el1 = nowhere
        fixture.cpu.pc = nowhere
        #expect(fixture.run(1000) == .budget)
        #expect(fixture.cpu.executedInRun == 1000)
    }

    @Test("A branch to an address that is no multiple of four is a PC alignment fault", arguments: [1, 2, 3])
    func misalignedPC(_ offset: UInt64) {
        let fixture = EngineFixture(["blr x1"])
        fixture.cpu.setX(1, ram + 0x100 + offset)
        fixture.run(2)
        #expect(fixture.cpu.system.esr_el1 == 0x22 << 26 | 1 << 25)
        #expect(fixture.cpu.system.elr_el1 == ram + 0x100 + offset)
        #expect(fixture.cpu.x(30) == ram + 4)
    }

    @Test(
        "A branch to any address whatever faults and harms nothing",
        arguments: [0, 4, UInt64.max, UInt64.max - 3, 1 << 63])
    func wildBranches(_ target: UInt64) {
        let fixture = EngineFixture(["br x1"])
        fixture.cpu.setX(1, target)
        #expect(fixture.run(2) == .budget)
        #expect(fixture.cpu.pc == vectors + 0x200)
        #expect(fixture.cpu.system.elr_el1 == target)
    }

    @Test("A misaligned SP faults when it is a base register, and only then")
    func misalignedSP() {
        let fixture = EngineFixture([
            "add sp, sp, #8", "mov x0, sp", "ldr x1, [sp]",
            "nop",
        ])
        fixture.cpu.sp = EngineFixture.data
        fixture.run(3)
        #expect(fixture.cpu.system.esr_el1 == 0x26 << 26 | 1 << 25)
        #expect(fixture.cpu.system.elr_el1 == ram + 8)
        #expect(fixture.cpu.x(0) == EngineFixture.data + 8)
        // With SCTLR_EL1.SA clear nothing checks it.
        fixture.cpu.system.sctlr_el1 &= ~(1 << 3)
        fixture.cpu.flushTranslations()
        fixture.cpu.pc = ram + 8
        fixture.run(2)
        #expect(fixture.cpu.pc == ram + 16)
    }

    @Test("A page's second half of an access faults with the address of that page, and writes nothing")
    func secondPage() {
        let fixture = EngineFixture(["str x0, [x1]"])
        fixture.enableMMU()
        let page = EngineFixture.data + 0x1000
        fixture.store(ram + 0x1F_2000 + 8 * 0x81, UInt64(0))
        fixture.cpu.setX(0, .max)
        fixture.cpu.setX(1, page - 4)
        fixture.run(1)
        #expect(fixture.cpu.system.far_el1 == page)
        #expect(fixture.cpu.system.esr_el1 & 0x3F == 0b000111)
        #expect(fixture.load(page - 4) == 0 as UInt32)
    }

    @Test("What is not allocated is UNDEFINED", arguments: [0, 0x1EA0_4000, 0xFFFF_FFFF, 0xD4A0_0001] as [UInt32])
    func undefined(_ word: UInt32) {
        let fixture = EngineFixture(["nop", ".inst \(word)"])
        fixture.run(2)
        #expect(fixture.cpu.system.elr_el1 == ram + 4)
        #expect(fixture.cpu.system.esr_el1 == 1 << 25)
        #expect(fixture.cpu.pc == vectors + 0x200)
    }
}
