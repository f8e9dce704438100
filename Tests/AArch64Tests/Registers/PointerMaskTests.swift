import AArch64
import TargetDescription
import Testing

/// Expected values are those of the Arm ARM's figure of a signed pointer (D8.10), by hand.
@Suite("Pointer authentication masks")
struct PointerMaskTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var tcr: UInt64
        /// dmask, cmask, and the two of the upper half.
        var masks: [UInt64]

        init(_ name: String, tcr: UInt64, _ masks: [UInt64]) {
            testDescription = name
            self.tcr = tcr
            self.masks = masks
        }
    }

    static let size48: UInt64 = 16 << 16 | 16
    static let withTag: UInt64 = 0x007f_0000_0000_0000
    static let withoutTag: UInt64 = 0xff7f_0000_0000_0000
    static let cases = [
        Case("48 bits, no tags", tcr: size48, [withoutTag, withoutTag, withoutTag, withoutTag]),
        Case("48 bits, tags below", tcr: size48 | 1 << 37, [withTag, withTag, withoutTag, withoutTag]),
        Case("48 bits, tags above", tcr: size48 | 1 << 38, [withoutTag, withoutTag, withTag, withTag]),
        Case("tags for data only", tcr: size48 | 3 << 37 | 3 << 51, [withTag, withoutTag, withTag, withoutTag]),
        Case("TBID without TBI", tcr: size48 | 3 << 51, [withoutTag, withoutTag, withoutTag, withoutTag]),
        Case(
            "39 bits below with tags, 42 above without", tcr: 22 << 16 | 25 | 1 << 37,
            [0x007f_ff80_0000_0000, 0x007f_ff80_0000_0000, 0xff7f_fc00_0000_0000, 0xff7f_fc00_0000_0000]),
    ]

    @Test("A size out of range counts as the nearest limit, as for the instructions")
    func limits() {
        func code(_ txsz: UInt64, _ features: ArchitectureFeatures) -> UInt64 {
            PointerAuthenticationMasks(tcr: TCR(rawValue: txsz), features: features).code
        }
        let plain = ArchitectureFeatures.armv8_0
        #expect(code(0, plain) == code(16, plain) && code(63, plain) == code(39, plain))
        #expect(code(63, .all) == code(48, .all))
    }

    @Test("The code is what lies between the address and the tag, without bit 55", arguments: cases)
    func masks(row: Case) {
        let masks = PointerAuthenticationMasks(tcr: TCR(rawValue: row.tcr), features: .all)
        #expect(PointerMaskRegister.allCases.map { masks[$0] } == row.masks)
    }

    @Test("They are registers 68 to 71 of a machine that signs pointers, and of no other")
    func description() throws {
        let registers = TargetDescriptionTests.systemRegisters
        let signing = AArch64TargetDescription.description(systemRegisters: registers, features: .pauth)
        #expect(signing.problems.isEmpty, "\(signing.problems)")
        let feature = try #require(signing.features.first { $0.name == "org.gnu.gdb.aarch64.pauth_v2" })
        #expect(
            feature.registers.map(\.name) == ["pauth_dmask", "pauth_cmask", "pauth_dmask_high", "pauth_cmask_high"])
        #expect(feature.registers.map(\.number) == Array(68...71) && feature.isExpedited)
        let general = RegisterLayout(signing).generalRegisters.map(\.number)
        #expect(general == Array(0...71))
        let numbering = RegisterNumbering()
        for number in 68...71 {
            let register = try #require(numbering.register(number))
            #expect(numbering.number(of: register) == number && numbering.byteCount(of: register) == 8)
        }
        let plain = AArch64TargetDescription.description(systemRegisters: registers, features: [])
        #expect(!plain.features.contains { $0.name.contains("pauth") })
    }
}
