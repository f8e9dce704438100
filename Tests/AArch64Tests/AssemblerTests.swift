import Foundation
import TestSupport
import Testing

/// The assembler of the tests themselves.
@Suite("The tests' assembler")
struct AssemblerTests {
    @Test("A64 lines are one word each, in order, however often a line is given")
    func lines() throws {
        #expect(
            try Assembler.aarch64(["nop", "b .", "nop", ".inst 0xffffffff"]) == [nop, 0x1400_0000, nop, 0xffff_ffff])
        #expect(try Assembler.aarch64(["mov x0, #1", "nop"]) == [0xd280_0020, nop])
        #expect(try Assembler.aarch64([]) == [])
    }

    @Test("An A64 program has labels and data")
    func program() throws {
        #expect(try Assembler.aarch64(program: "b end; .word 7; end: nop") == [0x1400_0002, 7, nop])
        let folder = try TemporaryFolder()
        let path = try folder.writeFirmware("nop")
        #expect(path == folder.file("firmware"))
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == [0x1f, 0x20, 0x03, 0xd5])
    }

    @Test("A line that is no A64 instruction, or more than one, is an error", arguments: ["mov x0", "nop; nop"])
    func refused(line: String) {
        #expect(throws: ProcessError.self) { try Assembler.aarch64([line]) }
    }

    @Test("x86-64 instructions have their own lengths, by the code size")
    func x86() throws {
        #expect(try Assembler.x86_64(["nop", "mov $1, %eax"], bits: 64) == [[0x90], [0xb8, 1, 0, 0, 0]])
        #expect(try Assembler.x86_64(["mov $1, %eax"], bits: 16) == [[0x66, 0xb8, 1, 0, 0, 0]])
        #expect(throws: ProcessError.self) { try Assembler.x86_64(["nonsense"], bits: 64) }
    }

    private let nop: UInt32 = 0xd503_201f
}
