import AArch64
import Testing

@Suite("Breakpoints bound to an address space")
struct AddressSpaceBindingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var binding: AddressSpaceBinding
        var ttbr0: UInt64
        var ttbr1: UInt64 = 0x0042_0000_4000_0000
        /// TCR_EL1.A1 is bit 22, AS bit 36.
        var tcr: UInt64 = 1 << 22 | 1 << 36
        var matches: Bool
        var testDescription: String { name }
    }

    static let table: UInt64 = 0x4123_4000
    static let cases = [
        Case(name: "the same table", binding: .init(ttbr0: table), ttbr0: table, matches: true),
        Case(
            name: "the same table, ASID and CnP set", binding: .init(ttbr0: table), ttbr0: 0x7 << 48 | table | 1,
            matches: true),
        Case(
            name: "ASID and CnP in the binding's value", binding: .init(ttbr0: 0x9 << 48 | table | 1), ttbr0: table,
            matches: true),
        Case(name: "the next table", binding: .init(ttbr0: table), ttbr0: table + 0x1000, matches: false),
        Case(
            name: "a table with bits 51:48 in bits 5:2", binding: .init(ttbr0: table | 4), ttbr0: table, matches: false),
        Case(name: "ASID in TTBR1", binding: .init(ttbr0: nil, asid: 0x42), ttbr0: 0x43 << 48, matches: true),
        Case(name: "not the one in TTBR1", binding: .init(ttbr0: nil, asid: 0x43), ttbr0: 0x43 << 48, matches: false),
        Case(
            name: "ASID in TTBR0", binding: .init(ttbr0: nil, asid: 0x43), ttbr0: 0x43 << 48, tcr: 1 << 36,
            matches: true),
        Case(
            name: "8-bit ASIDs", binding: .init(ttbr0: nil, asid: 0x43), ttbr0: 0xff43 << 48, tcr: 0, matches: true),
        Case(
            name: "16-bit ASIDs", binding: .init(ttbr0: nil, asid: 0x43), ttbr0: 0xff43 << 48, tcr: 1 << 36,
            matches: false),
        Case(
            name: "table and ASID", binding: .init(ttbr0: table, asid: 0x42), ttbr0: table, matches: true),
        Case(
            name: "the table with another ASID", binding: .init(ttbr0: table, asid: 0x44), ttbr0: table,
            matches: false),
        Case(
            name: "the ASID with another table", binding: .init(ttbr0: table, asid: 0x42), ttbr0: table + 0x1000,
            matches: false),
    ]

    @Test("A binding matches by table and by the current ASID, wherever it is", arguments: cases)
    func matching(row: Case) {
        #expect(
            row.binding.matches(ttbr0: row.ttbr0, ttbr1: row.ttbr1, tcr: TCR(rawValue: row.tcr)) == row.matches)
    }

    @Test("A binding says what it is")
    func text() {
        #expect(AddressSpaceBinding(ttbr0: 0x7_0000_4123_4001).text == "table 0x41234000 in TTBR0_EL1")
        #expect(AddressSpaceBinding(ttbr0: nil, asid: 0x43).text == "ASID 0x43")
        #expect(AddressSpaceBinding(ttbr0: 0x1000, asid: 2).text == "table 0x1000 in TTBR0_EL1, ASID 0x2")
    }
}
