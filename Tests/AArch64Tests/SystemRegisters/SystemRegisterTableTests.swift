import AArch64
import Foundation
import TestSupport
import Testing

@Suite("System registers")
struct SystemRegisterTableTests {
    /// Arm ARM, the registers' own pages, "Accessing the register".
    static let encodingRows: [(String, UInt16)] = [
        ("SCTLR_EL1", 0xc080), ("TTBR0_EL1", 0xc100), ("TTBR1_EL1", 0xc101), ("TCR_EL1", 0xc102),
        ("ESR_EL1", 0xc290), ("FAR_EL1", 0xc300), ("VBAR_EL1", 0xc600), ("MIDR_EL1", 0xc000),
        ("MPIDR_EL1", 0xc005), ("CNTVCT_EL0", 0xdf02), ("TPIDR_EL0", 0xde82), ("MDSCR_EL1", 0x8012),
        ("OSLAR_EL1", 0x8084), ("ICC_IAR1_EL1", 0xc660), ("SP_EL1", 0xe208), ("FPCR", 0xda20), ("CTR_EL0", 0xd801),
    ]

    @Test("Encodings are the Arm ARM's", arguments: encodingRows)
    func encoding(name: String, value: UInt16) {
        #expect(SystemRegisterTable.register(named: name)?.encoding.rawValue == value)
        #expect(SystemRegisterTable.register(SystemRegisterEncoding(rawValue: value))?.name == name)
    }

    @Test("No two rows share a name or an encoding, and rows are in order")
    func unique() {
        let rows = SystemRegisterTable.rows
        #expect(Set(rows.map(\.name)).count == rows.count)
        #expect(Set(rows.map(\.encoding)).count == rows.count)
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.encoding < $1.encoding })
        #expect(rows.count > 250)
    }

    @Test("Every row is found by its encoding, and no other encoding finds one")
    func lookup() {
        let known = Set(SystemRegisterTable.rows.map(\.encoding.rawValue))
        for raw in UInt16.min...UInt16.max {
            let encoding = SystemRegisterEncoding(rawValue: raw)
            #expect(SystemRegisterTable.register(encoding)?.encoding == (known.contains(raw) ? encoding : nil))
        }
    }

    @Test("Fields and the 16 bits convert both ways")
    func fields() {
        for raw in UInt16.min...UInt16.max {
            let e = SystemRegisterEncoding(rawValue: raw)
            let again = SystemRegisterEncoding(
                UInt16(e.op0), UInt16(e.op1), UInt16(e.crn), UInt16(e.crm), UInt16(e.op2))
            #expect(again == e)
        }
        #expect(SystemRegisterEncoding(3, 0, 1, 0, 0).genericName == "S3_0_C1_C0_0")
    }

    /// C5.2: MRS is 1101010100 1 1 o0 op1 CRn CRm op2 Rt, MSR has bit 21 clear.
    @Test("MRS and MSR words name the register")
    func words() {
        #expect(SystemRegisterEncoding.sctlr.mrs(0) == 0xd538_1000)
        #expect(SystemRegisterEncoding.sctlr.msr(0) == 0xd518_1000)
        #expect(SystemRegisterEncoding.mdscr.mrs(3) == 0xd530_0243)
        #expect(SystemRegisterEncoding(instruction: 0xd538_1000) == .sctlr)
        #expect(SystemRegisterEncoding(instruction: 0xd530_0243) == .mdscr)
        for row in SystemRegisterTable.rows {
            #expect(SystemRegisterEncoding(instruction: row.encoding.mrs(7)) == row.encoding)
            #expect(SystemRegisterEncoding(instruction: row.encoding.msr(30)) == row.encoding)
        }
    }

    @Test("Names are found in either case, and unknown ones are not")
    func names() {
        #expect(SystemRegisterTable.register(named: "sctlr_el1")?.encoding == .sctlr)
        #expect(SystemRegisterTable.register(named: "SCTLR_EL") == nil)
        #expect(SystemRegisterTable.register(named: "") == nil)
        #expect(SystemRegisterTable.name(of: .init(3, 7, 15, 15, 7)) == "S3_7_C15_C15_7")
    }

    /// The registers' pages, "Accessing the register": what MRS and MSR do at each Exception level.
    static let accessRows: [(String, Bool, Bool, Bool, Bool)] = [
        // name, EL0 read, EL0 write, EL1 read, EL1 write
        ("SCTLR_EL1", false, false, true, true),
        ("MIDR_EL1", false, false, true, false),
        ("OSLAR_EL1", false, false, false, true),
        ("TPIDRRO_EL0", true, false, true, true),
        ("TPIDR_EL0", true, true, true, true),
        ("CTR_EL0", true, false, true, false),
        ("CNTVCT_EL0", true, false, true, false),
        ("CNTFRQ_EL0", true, false, true, true),
        ("PMUSERENR_EL0", true, false, true, true),
        ("SP_EL1", false, false, false, false),
        ("ICC_EOIR1_EL1", false, false, false, true),
        ("CurrentEL", false, false, true, false),
        ("NZCV", true, true, true, true),
    ]

    @Test("Access follows the Exception level", arguments: accessRows)
    func access(name: String, el0Read: Bool, el0Write: Bool, el1Read: Bool, el1Write: Bool) throws {
        let row = try #require(SystemRegisterTable.register(named: name))
        #expect(row.isAccessible(at: .el0, write: false) == el0Read)
        #expect(row.isAccessible(at: .el0, write: true) == el0Write)
        #expect(row.isAccessible(at: .el1, write: false) == el1Read)
        #expect(row.isAccessible(at: .el1, write: true) == el1Write)
    }

    @Test("A register of an absent feature is UNDEFINED")
    func features() throws {
        let pan = try #require(SystemRegisterTable.register(named: "PAN"))
        #expect(!pan.isAccessible(at: .el1, write: false, features: .armv8_0))
        #expect(pan.isAccessible(at: .el1, write: false, features: [.pan]))
    }

    @Test("The identification space is CRm 1 to 7 of op0 3, op1 0, CRn 0")
    func identificationSpace() {
        #expect(SystemRegisterEncoding(3, 0, 0, 7, 7).isInIdentificationSpace)
        #expect(SystemRegisterEncoding(3, 0, 0, 1, 0).isInIdentificationSpace)
        #expect(!SystemRegisterEncoding(3, 0, 0, 0, 0).isInIdentificationSpace)
        #expect(!SystemRegisterEncoding(3, 0, 0, 8, 0).isInIdentificationSpace)
        #expect(!SystemRegisterEncoding(3, 1, 0, 1, 0).isInIdentificationSpace)
    }

    /// The toolchain's assembler is an independent copy of the Arm ARM's table.
    @Test("The assembler encodes every name the same way")
    func assembler() throws {
        // A write-only register has no MRS, and SP_EL1 of any level assembles.
        let rows = SystemRegisterTable.rows
        let lines = rows.map { $0.access.canRead ? "mrs x5, \($0.name)" : "msr \($0.name), x5" }
        let words = try Assembler.aarch64(lines)
        try #require(words.count == rows.count)
        for (row, word) in zip(rows, words) {
            #expect(word == (row.access.canRead ? row.encoding.mrs(5) : row.encoding.msr(5)), "\(row.name)")
        }
    }
}
