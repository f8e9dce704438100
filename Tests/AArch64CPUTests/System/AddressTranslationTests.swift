import AArch64
import Testing

import AArch64CPU

/// AT and what it leaves in PAR_EL1.
@Suite struct AddressTranslationTests {
    typealias Attribute = SystemFixture.Attribute

    /// The page all cases look at.
    static let va = SystemFixture.ram + 0x4_0000
    static let pa = SystemFixture.ram + 0x5_0000

    /// AT S1E1R, S1E1W, S1E0R, S1E0W.
    static let instructions = (UInt16(0)...3).map { Word.sys(0, 7, 8, $0) }

    struct Page: Sendable, CustomTestStringConvertible {
        var name: String
        var descriptor: UInt64
        /// PAR_EL1 after each of the four instructions.
        var results: [UInt64]

        var testDescription: String { name }
    }

    static func success(_ attributes: UInt64 = 0xFF, shareability: UInt64 = 3) -> UInt64 {
        attributes << 56 | pa | 1 << 11 | shareability << 7
    }

    static func failure(_ status: UInt64) -> UInt64 {
        1 << 11 | status << 1 | 1
    }

    static let permission = failure(0b001111)

    static let pages: [Page] = [
        Page(
            name: "EL1 read-write", descriptor: SystemFixture.page(pa),
            results: [success(), success(), permission, permission]),
        Page(
            name: "EL1 read-only", descriptor: SystemFixture.page(pa, Attribute.usual | Attribute.readOnly),
            results: [success(), permission, permission, permission]),
        Page(
            name: "EL0 read-write", descriptor: SystemFixture.page(pa, Attribute.usual | Attribute.el0),
            results: [success(), success(), success(), success()]),
        Page(
            name: "EL0 read-only",
            descriptor: SystemFixture.page(pa, Attribute.usual | Attribute.el0 | Attribute.readOnly),
            results: [success(), permission, success(), permission]),
        Page(
            name: "Device", descriptor: SystemFixture.page(pa, Attribute.accessed | Attribute.device),
            results: [success(0, shareability: 2), success(0, shareability: 2), permission, permission]),
        Page(
            name: "Non-cacheable", descriptor: SystemFixture.page(pa, Attribute.accessed | Attribute.nonCacheable),
            results: [success(0x44, shareability: 2), success(0x44, shareability: 2), permission, permission]),
        Page(
            name: "not shareable", descriptor: SystemFixture.page(pa, Attribute.accessed | Attribute.normal),
            results: [
                success(shareability: 0), success(shareability: 0), permission, permission,
            ]),
        Page(
            name: "access flag clear", descriptor: SystemFixture.page(pa, Attribute.normal),
            results: Array(repeating: failure(0b001011), count: 4)),
        Page(name: "unmapped", descriptor: 0, results: Array(repeating: failure(0b000111), count: 4)),
        Page(
            name: "output beyond 48 bits is impossible, reserved block encoding at level 3",
            descriptor: pa | Attribute.usual | 1, results: Array(repeating: failure(0b000111), count: 4)),
    ]

    @Test("AT reports where the address leads, or why it does not", arguments: pages)
    func results(page: Page) {
        let fixture = SystemFixture()
        fixture.enableMMU()
        fixture.map(Self.va, page.descriptor)
        for (instruction, result) in zip(Self.instructions, page.results) {
            fixture.cpu.pc = SystemFixture.code
            fixture.cpu.setX(0, Self.va + 0x123)
            fixture.execute(instruction)
            #expect(fixture.cpu.system.par_el1 == result)
            #expect(fixture.cpu.pc == SystemFixture.code + 4)
        }
    }

    @Test("Faults name the level the walk stopped at, and bit 55 picks the table")
    func levels() {
        let fixture = SystemFixture()
        fixture.enableMMU()
        for (va, status) in [
            (0x8000_0000, 0b000101), (0x4020_0000, 0b000110), (1 << 40, 0b000100), (0xFF80_0000_0000_0000, 0b000100),
        ] as [(UInt64, UInt64)] {
            fixture.cpu.setX(0, va)
            fixture.execute(Self.instructions[0])
            #expect(fixture.cpu.system.par_el1 == Self.failure(status))
        }
        fixture.cpu.setX(0, 0xFFFF_FF80_4004_0000)
        fixture.execute(Self.instructions[0])
        #expect(fixture.cpu.system.par_el1 & 0xFFFF_FFFF_F000 == Self.va)
    }

    @Test("A block's output address is of the page asked for")
    func block() {
        let fixture = SystemFixture()
        fixture.enableMMU()
        fixture.store(SystemFixture.level2 + 8, 0x1_2340_0000 | Attribute.usual | 1)
        fixture.cpu.setX(0, 0x4021_2345)
        fixture.execute(Self.instructions[0])
        #expect(fixture.cpu.system.par_el1 == 0xFF00_0001_2341_2980)
    }

    @Test("With the MMU off the address is its own, Device memory")
    func flat() {
        let fixture = SystemFixture()
        fixture.cpu.setX(0, 0x1234_5678)
        fixture.execute(Self.instructions[1])
        #expect(fixture.cpu.system.par_el1 == 0x1234_5000 | 1 << 11 | 2 << 7)
        fixture.cpu.setX(0, 1 << 48)
        fixture.execute(Self.instructions[1])
        #expect(fixture.cpu.system.par_el1 == Self.failure(0))
    }

    @Test("A table that is not in RAM aborts the walk: a Data Abort, not a PAR_EL1")
    func externalAbort() {
        let fixture = SystemFixture()
        fixture.enableMMU()
        fixture.store(SystemFixture.level2 + 8, 0x9000_0000 | 3)
        fixture.cpu.system.par_el1 = 0x55
        fixture.cpu.setX(0, 0x4020_0008)
        fixture.execute(Self.instructions[0])
        #expect(fixture.cpu.system.par_el1 == 0x55)
        #expect(fixture.cpu.system.esr_el1 == 0x9600_0000 | 1 << 8 | 1 << 6 | 0b010111)
        #expect(fixture.cpu.system.far_el1 == 0x4020_0008)
        #expect(fixture.cpu.system.elr_el1 == SystemFixture.code)
    }

    @Test("AT is UNDEFINED at EL0", arguments: instructions)
    func fromEL0(instruction: UInt32) {
        let fixture = SystemFixture()
        fixture.enter(.el0t)
        fixture.execute(instruction)
        #expect(fixture.cpu.system.esr_el1 == 0x0200_0000)
    }
}
