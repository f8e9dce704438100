import AArch64CPU
import Testing

private let ram = EngineFixture.ram
private let data = EngineFixture.data

/// An atomic operation on memory holding `before`, with X1 as its operand.
struct AtomicCase: Sendable, CustomStringConvertible {
    var text: String
    var before: UInt64
    var operand: UInt64
    var after: UInt64
    /// The value that the register receives.
    var old: UInt64
    var description: String { "\(text) of \(String(operand, radix: 16)) on \(String(before, radix: 16))" }

    init(_ text: String, _ before: UInt64, _ operand: UInt64, _ after: UInt64, old: UInt64) {
        self.text = text
        self.before = before
        self.operand = operand
        self.after = after
        self.old = old
    }
}

private let ones = UInt64.max

private let atomics = [
    AtomicCase("ldadd x1, x2, [x3]", ones, 2, 1, old: ones),
    AtomicCase("ldaddb w1, w2, [x3]", 0x1FF, 1, 0x100, old: 0xFF),
    AtomicCase("ldclrh w1, w2, [x3]", 0xF_FFFF, 0xF0, 0xF_FF0F, old: 0xFFFF),
    AtomicCase("ldeor w1, w2, [x3]", ones, ones, ones << 32, old: 0xFFFF_FFFF),
    AtomicCase("ldset x1, x2, [x3]", 1, 1 << 63, 1 << 63 | 1, old: 1),
    AtomicCase("ldsmax w1, w2, [x3]", 0x8000_0000, 1, 1, old: 0x8000_0000),
    AtomicCase("ldsmin x1, x2, [x3]", 0, ones, ones, old: 0),
    AtomicCase("ldsminb w1, w2, [x3]", 0x7F, 0x80, 0x80, old: 0x7F),
    AtomicCase("ldumax w1, w2, [x3]", 0x8000_0000, 1, 0x8000_0000, old: 0x8000_0000),
    AtomicCase("lduminal x1, x2, [x3]", ones, 0, 0, old: ones),
    AtomicCase("swph w1, w2, [x3]", 0xAAAA_BBBB, 0x1_2345, 0xAAAA_2345, old: 0xBBBB),
    AtomicCase("stadd x1, [x3]", 5, 6, 11, old: 0x2222),
    AtomicCase("swp x1, xzr, [x3]", 5, 6, 6, old: 0x2222),
]

struct ExclusiveAndAtomicTests {
    @Test("An atomic operation gives the old value and leaves the new one", arguments: atomics)
    func atomic(_ row: AtomicCase) {
        EngineFixture.words(atomics.map(\.text))
        let fixture = EngineFixture([row.text])
        fixture.store(data, row.before)
        fixture.cpu.setX(1, row.operand)
        fixture.cpu.setX(2, 0x2222)
        fixture.cpu.setX(3, data)
        fixture.run(1)
        #expect(fixture.load(data) == row.after)
        #expect(fixture.cpu.x(2) == row.old)
        #expect(fixture.cpu.x(1) == row.operand)
    }

    @Test("CAS stores when the value is as expected, and gives what it found either way")
    func compareAndSwap() {
        let fixture = EngineFixture([
            "cas w1, w2, [x3]", "cas w4, w2, [x3]", "casb w5, w6, [x3]",
            "casp x8, x9, x10, x11, [x3]", "casp x12, x13, x10, x11, [x3]",
        ])
        fixture.store(data, 0x1_0000_0005 as UInt64)
        fixture.store(data + 8, 9 as UInt64)
        fixture.cpu.setX(1, 0xFF_0000_0005)
        fixture.cpu.setX(2, 7)
        fixture.cpu.setX(3, data)
        fixture.cpu.setX(4, 5)
        fixture.cpu.setX(5, 0x107)
        fixture.cpu.setX(6, 8)
        fixture.cpu.setX(8, 0x1_0000_0008)
        fixture.cpu.setX(9, 8)
        fixture.cpu.setX(10, 10)
        fixture.cpu.setX(11, 11)
        fixture.cpu.setX(12, 0x1_0000_0008)
        fixture.cpu.setX(13, 9)
        fixture.run(4)
        #expect(fixture.cpu.x(1) == 5)
        #expect(fixture.cpu.x(4) == 7)
        #expect(fixture.cpu.x(5) == 7)
        #expect(fixture.cpu.x(8) == 0x1_0000_0008)
        #expect(fixture.cpu.x(9) == 9)
        #expect(fixture.load(data) == 0x1_0000_0008 as UInt64)
        fixture.run(1)
        #expect(fixture.load(data) == 10 as UInt64)
        #expect(fixture.load(data + 8) == 11 as UInt64)
    }

    /// Instructions between a load-exclusive and its store-exclusive, and whether the store succeeds.
    private static let between: [(name: String, code: [String], succeeds: Bool)] = [
        ("nothing", [], true),
        ("a store elsewhere", ["str x0, [x3, #64]"], true),
        ("a change of the value", ["str x9, [x3]"], false),
        ("clrex", ["clrex"], false),
        ("another load-exclusive", ["ldxr x8, [x7]"], false),
        ("a store-exclusive", ["stxr w8, x9, [x7]"], false),
        ("an exception return", ["eret"], false),
    ]

    @Test("A store-exclusive stores only if nothing came between", arguments: 0..<7)
    func exclusive(_ number: Int) {
        let row = Self.between[number]
        let code: [String] =
            ["ldaxr x1, [x3]", "add x1, x1, #1"] + row.code + [
                "stlxr w2, x1, [x3]"
            ]
        let fixture = EngineFixture(code)
        fixture.store(data, UInt64(41))
        fixture.cpu.system.elr_el1 = ram + 12
        fixture.cpu.system.spsr_el1 = 0x3C5
        fixture.cpu.setX(2, 9)
        fixture.cpu.setX(3, data)
        fixture.cpu.setX(7, data + 128)
        fixture.cpu.setX(9, 1000)
        fixture.run(code.count)
        #expect(fixture.cpu.x(2) == (row.succeeds ? 0 : 1), "\(row.name)")
        if row.succeeds { #expect(fixture.load(data) == 42 as UInt64) }
        #expect(fixture.load(data, as: UInt64.self) != 42 || row.succeeds)
    }

    @Test("Two vCPUs' exclusives on one word exclude each other")
    func twoCPUs() {
        let fixture = EngineFixture(
            vcpuCount: 2,
            [
                "ldxr x1, [x3]", "add x1, x1, #1", "stxr w2, x1, [x3]",
                "cbnz w2, #-12",
                "sub x0, x0, #1", "cbnz x0, #-20", "b #0",
            ])
        for vcpu in fixture.cluster.vcpus {
            vcpu.setX(3, data)
            vcpu.setX(0, 100)
        }
        for turn in 0..<3000 { fixture.run(turn % 5 + 1, vcpu: turn % 2) }
        #expect(fixture.load(data) == 200 as UInt64)
        #expect(fixture.cluster.vcpus.allSatisfy { $0.pc == ram + 24 })
    }

    @Test("A pair is exclusive as a whole")
    func exclusivePair() {
        let fixture = EngineFixture([
            "ldxp x1, x2, [x3]", "stxp w4, x2, x1, [x3]",
            "ldxp w5, w6, [x3]",
        ])
        fixture.store(data, UInt64(1))
        fixture.store(data + 8, UInt64(2))
        fixture.cpu.setX(3, data)
        fixture.cpu.setX(4, 9)
        fixture.run(3)
        #expect(fixture.cpu.x(4) == 0)
        #expect(fixture.load(data) == 2 as UInt64)
        #expect(fixture.load(data + 8) == 1 as UInt64)
        #expect(fixture.cpu.x(5) == 2)
        #expect(fixture.cpu.x(6) == 0)
    }
}
