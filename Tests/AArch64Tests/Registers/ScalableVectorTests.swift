import AArch64
import TargetDescription
import TestSupport
import Testing

/// Expected values: Arm ARM, ZCR_EL1; GDB manual, "AArch64 Features", with the numbers that gdbserver and QEMU use.
@Suite("Scalable vectors")
struct ScalableVectorTests {
    private static func lengths(_ quadwords: Int...) -> VectorLengths? {
        VectorLengths(rawValue: quadwords.reduce(0) { $0 | 1 << UInt16($1 - 1) })
    }

    @Test(
        "The length in effect is the largest that ZCR_EL1.LEN allows",
        arguments: [
            (lengths(1), 0, 1), (lengths(1), 15, 1), (lengths(1, 2), 0, 1), (lengths(1, 2), 1, 2),
            (lengths(1, 2), 15, 2), (lengths(1, 2, 4, 16), 2, 2), (lengths(1, 2, 4, 16), 14, 4),
            (lengths(1, 2, 4, 16), 15, 16),
            // The smallest there is, where less is asked for; bits outside LEN mean nothing.
            (lengths(2, 4), 0, 2), (lengths(1, 2), 0xfff0, 1),
        ] as [(VectorLengths?, UInt64, Int)])
    func effective(lengths: VectorLengths?, zcr: UInt64, quadwords: Int) throws {
        #expect(try #require(lengths).effective(zcr: zcr) == quadwords)
    }

    @Test("A processor has one length at least")
    func none() throws {
        #expect(VectorLengths(rawValue: 0) == nil)
        #expect(try #require(VectorLengths(rawValue: 0xffff)).maximum == 16)
        #expect(try #require(Self.lengths(1, 4)).maximum == 4)
    }

    private static func description(_ lengths: VectorLengths, signs: Bool = true) -> TargetDescription {
        AArch64TargetDescription.description(
            systemRegisters: TargetDescriptionTests.systemRegisters, features: signs ? .pauth : [],
            vectorLengths: lengths)
    }

    @Test("SVE takes the place of the floating-point feature, in GDB's order", arguments: [1, 2, 4, 16])
    func description(quadwords: Int) throws {
        let lengths = try #require(Self.lengths(1, quadwords))
        let description = Self.description(lengths)
        #expect(description.problems.isEmpty, "\(description.problems)")
        #expect(
            description.features.map(\.name) == [
                "org.gnu.gdb.aarch64.core", "org.gnu.gdb.aarch64.sve", "org.gnu.gdb.aarch64.pauth_v2",
                "org.trapline.aarch64.system",
            ])
        let registers = description.features[1].registers
        #expect(
            registers.map(\.name) == (0...31).map { "z\($0)" } + ["fpsr", "fpcr"] + (0...15).map { "p\($0)" } + [
                "ffr", "vg",
            ])
        #expect(registers.map(\.number) == Array(34...85))
        #expect(
            registers.map(\.bits) == Array(repeating: 128 * quadwords, count: 32) + [32, 32]
                + Array(repeating: 16 * quadwords, count: 17) + [64])
        #expect(registers[3].dwarfNumber == 99 && registers[34].dwarfNumber == 48)
        #expect(registers[50].dwarfNumber == 47 && registers[51].dwarfNumber == 46)

        let layout = RegisterLayout(description)
        #expect(layout.generalRegisters.map(\.number) == Array(0...89))
        #expect(layout.generalByteCount == 268 + 512 * quadwords + 8 + 34 * quadwords + 8 + 32)
        let expedited = layout.expeditedRegisters.map(\.name)
        #expect(expedited.contains("vg") && expedited.contains("pauth_cmask") && expedited.contains("x0"))
        #expect(!expedited.contains("z0") && !expedited.contains("p0") && !expedited.contains("fpsr"))
    }

    @Test("Numbers convert to registers and back")
    func numbers() throws {
        let lengths = try #require(Self.lengths(1, 2))
        let numbering = RegisterNumbering(vectorLengths: lengths)
        for register in Self.description(lengths).features.flatMap(\.registers) {
            let known = try #require(numbering.register(register.number))
            if register.group != "qemu" { #expect(numbering.number(of: known) == register.number) }
            #expect(numbering.byteCount(of: known) == register.byteCount)
        }
        #expect(numbering.register(34) == .scalable(.z(0)) && numbering.register(0x55) == .vg)
        #expect(numbering.register(83) == .scalable(.p(15)) && numbering.register(84) == .scalable(.ffr))
        #expect(numbering.register(86) == .pointerMask(.data) && numbering.register(89) == .pointerMask(.codeUpper))
        for number in [-1, 90, 0x7fff, 0x10000, Int.max, Int.min] { #expect(numbering.register(number) == nil) }
    }

    @Test("GDB takes the description, and makes v0 to v31 of it", arguments: [1, 2, 16])
    func gdb(quadwords: Int) throws {
        let lengths = try #require(Self.lengths(1, quadwords))
        let folder = try TemporaryFolder()
        let file = try folder.write(Self.description(lengths).xml(), to: "target.xml")
        let log = try GDB.batch(
            """
            set tdesc filename \(file)
            printf "@z=%d\\n@bytes=%d\\n", sizeof($z31), sizeof($z0.b.u)
            printf "@v=%d\\n@p=%d\\n@ffr=%d\\n@vg=%d\\n", sizeof($v31), sizeof($p15), sizeof($ffr), sizeof($vg)
            printf "@q=%d\\n@d=%d\\n", sizeof($q7), sizeof($d7)
            maint print registers
            """)
        #expect(log.succeeded && !log.contains("warning"), "\(log)")
        #expect(log.value("z") == UInt64(16 * quadwords) && log.value("bytes") == UInt64(16 * quadwords), "\(log)")
        #expect(log.value("p") == UInt64(2 * quadwords) && log.value("ffr") == UInt64(2 * quadwords), "\(log)")
        #expect(log.value("v") == 16 && log.value("q") == 16 && log.value("d") == 8 && log.value("vg") == 8, "\(log)")
    }
}
