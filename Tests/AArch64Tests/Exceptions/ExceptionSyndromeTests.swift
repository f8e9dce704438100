import AArch64
import Testing

/// Seed item 2.18, the debug exceptions' classes, is among these.
///
/// Expected values: ESR_EL1's page of the Arm ARM: EC 31:26, IL 25, and the ISS encoding of each class.
@Suite("Exception syndromes")
struct ExceptionSyndromeTests {
    static let translation3 = TranslationFault(.translation, level: 3)

    static let builderRows: [(ExceptionSyndrome, UInt64)] = [
        (ExceptionSyndrome.undefined, 0x0200_0000),
        (.wait(.wfi), 0x07e0_0000), (.wait(.wfe), 0x07e0_0001), (.wait(.wfit, register: 3), 0x07e0_0066),
        (.floatingPointAccess, 0x1fe0_0000),
        (.sveAccess, 0x6600_0000),
        (.branchTarget(btype: 2), 0x3600_0002),
        (.illegalState, 0x3a00_0000),
        (.svc(0), 0x5600_0000), (.svc(0xffff), 0x5600_ffff),
        (.hvc(1), 0x5a00_0001), (.smc(2), 0x5e00_0002),
        // MRS x1, CNTVCT_EL0 (3, 3, 14, 0, 2): Op0 3, Op2 2, Op1 3, CRn 14, Rt 1, CRm 0, read.
        (.systemInstruction(.cntvct, register: 1, direction: .read), 0x6200_0000 | 0x34_f821),
        // MSR DAIF, x2 (3, 3, 4, 2, 1).
        (.systemInstruction(.daif, register: 2, direction: .write), 0x6200_0000 | 0x32_d044),
        // DC CIVAC, x0 is SYS (1, 3, 7, 14, 1).
        (.systemInstruction(.init(1, 3, 7, 14, 1), register: 0, direction: .write), 0x6200_0000 | 0x12_dc1c),
        (.abort(translation3, from: .el0, access: .fetch), 0x8200_0007),
        (.abort(translation3, from: .el1, access: .fetch), 0x8600_0007),
        (.instructionAbort(.externalAbort, from: .el1, external: true, farNotValid: true), 0x8600_0610),
        (.pcAlignment, 0x8a00_0000), (.spAlignment, 0x9a00_0000),
        (.abort(translation3, from: .el0, access: .read), 0x9200_0007),
        (.abort(translation3, from: .el0, access: .write), 0x9200_0047),
        (.abort(translation3, from: .el1, access: .read), 0x9600_0007),
        (.abort(TranslationFault(.permission, level: 3), from: .el1, access: .write), 0x9600_004f),
        (.dataAbort(.alignment, from: .el1, write: false), 0x9600_0021),
        (.dataAbort(.init(code: 0x06), from: .el1, write: false, cacheMaintenance: true), 0x9600_0146),
        (.dataAbort(.externalAbort, from: .el1, write: true, external: true, farNotValid: true), 0x9600_0650),
        (.sError(), 0xbe00_0000), (.sError(implementationDefined: 0xab), 0xbf00_00ab),
        (.breakpoint(from: .el0), 0xc200_0022), (.breakpoint(from: .el1), 0xc600_0022),
        (.softwareStep(from: .el0, loadExclusive: false), 0xcb00_0022),
        (.softwareStep(from: .el1, loadExclusive: true), 0xcf00_0062),
        (.softwareStep(from: .el1, loadExclusive: nil), 0xce00_0022),
        (.watchpoint(from: .el0, write: true), 0xd200_0062), (.watchpoint(from: .el1, write: false), 0xd600_0022),
        (.brk(0x800), 0xf200_0800),
    ]

    @Test("Each class is built as the Arm ARM lays it out", arguments: builderRows)
    func builders(syndrome: ExceptionSyndrome, value: UInt64) {
        #expect(syndrome.rawValue == value, "got \(String(syndrome.rawValue, radix: 16))")
    }

    static let statusRows: [(TranslationFault.Kind, [UInt8])] = [
        (TranslationFault.Kind.addressSize, [0x29, 0x00, 0x01, 0x02, 0x03]),
        (.translation, [0x2b, 0x04, 0x05, 0x06, 0x07]),
        (.accessFlag, [0x08 | 3, 0x08, 0x09, 0x0a, 0x0b]),
        (.permission, [0x0c | 3, 0x0c, 0x0d, 0x0e, 0x0f]),
        (.externalAbortOnWalk, [0x13, 0x14, 0x15, 0x16, 0x17]),
        (.alignment, [0x21, 0x21, 0x21, 0x21, 0x21]),
    ]

    @Test("Fault status codes", arguments: statusRows)
    func statusCodes(kind: TranslationFault.Kind, codes: [UInt8]) {
        // There are no access flag or permission faults at level -1: no descriptor there is a leaf.
        for (level, code) in zip(-1...3, codes) {
            #expect(TranslationFault(kind, level: level).statusCode == code)
        }
    }

    static let textRows: [(UInt64, String)] = [
        (0x9200_0047, "data abort from a lower EL: write, translation fault, level 3"),
        (0x8600_000e, "instruction abort from the same EL: fetch, permission fault, level 2"),
        (0x5600_0000, "SVC: #0x0"), (0xf200_0800, "BRK: #0x800"),
        (0x6234_f821, "trapped MSR, MRS or system instruction: MRS X1, CNTVCT_EL0"),
        (0x6232_d3e4 & ~0x20 | 0x20, "trapped MSR, MRS or system instruction: MSR DAIF, XZR"),
        (0x07e0_0001, "trapped WFI or WFE: WFE"), (0x0200_0000, "unknown reason (UNDEFINED instruction)"),
        (0x9600_0021, "data abort from the same EL: read, alignment fault"),
        (0xfc00_0000, "reserved exception class 0x3f"),
        (0xd200_0062, "watchpoint from a lower EL: write"),
    ]

    @Test("Syndromes read as words", arguments: textRows)
    func words(value: UInt64, text: String) {
        #expect(ExceptionSyndrome(rawValue: value).text == text)
    }

    @Test("Any value has a text")
    func total() {
        for high in UInt64(0)..<128 {
            for iss: UInt64 in [0, 0x1ff_ffff, 0x155_5555, 0x0aa_aaaa, 0x3f] {
                #expect(!ExceptionSyndrome(rawValue: high << 25 | iss).text.isEmpty)
            }
        }
    }

    @Test("A trapped system instruction gives back what it was built from")
    func systemInstruction() throws {
        for row in SystemRegisterTable.rows {
            let syndrome = ExceptionSyndrome.systemInstruction(row.encoding, register: 17, direction: .write)
            let (encoding, register, direction) = try #require(syndrome.systemInstruction)
            #expect(encoding == row.encoding && register == 17 && direction == .write)
        }
        #expect(ExceptionSyndrome.svc(1).systemInstruction == nil)
    }
}
