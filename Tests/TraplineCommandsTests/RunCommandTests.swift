import ArgumentParser
import Testing
import TraplineCommands

@Suite("trapline run's command line")
struct RunCommandTests {
    static let sizes: [(String, UInt64?)] = [
        ("64", 64 << 20), ("64M", 64 << 20), ("64m", 64 << 20), ("2G", 2 << 30), ("4096K", 4 << 20), ("512B", 512),
        ("", nil), ("0", nil), ("M", nil), ("-1", nil), ("1.5G", nil), ("99999999999T", nil), ("12Q", nil),
    ]

    @Test("a size has kvmtool's units, M if none", arguments: sizes)
    func memorySize(text: String, bytes: UInt64?) {
        #expect(MemorySize(argument: text)?.bytes == bytes)
    }

    @Test("kvmtool's short names are understood")
    func shortNames() throws {
        let command = try RunCommand.parse(["-k", "Image", "-i", "rd", "-p", "quiet", "-c", "2", "-m", "1G"])
        #expect(command.kernel == "Image")
        #expect(command.initrd == "rd")
        #expect(command.params == "quiet")
        #expect(command.cpus == 2)
        #expect(command.mem == MemorySize(bytes: 1 << 30))
    }

    @Test("--nodefaults leaves the command line alone, as kvmtool's does")
    func noDefaults() throws {
        #expect(try RunCommand.parse(["-k", "x", "--nodefaults"]).nodefaults)
        #expect(try !RunCommand.parse(["-k", "x"]).nodefaults)
    }

    @Test("a seed is decimal or hexadecimal")
    func kaslrSeed() throws {
        #expect(try RunCommand.parse(["-k", "x", "--kaslr-seed", "18446744073709551615"]).kaslrSeed == .max)
        #expect(try RunCommand.parse(["-k", "x", "--kaslr-seed", "0x1F"]).kaslrSeed == 31)
        #expect(try RunCommand.parse(["-k", "x"]).kaslrSeed == nil)
    }

    static let refused: [[String]] = [
        [], ["-k"], ["-k", "x", "--gdb-wait"], ["-k", "x", "--gdb", "70000"], ["-k", "x", "--accel", "tcg"],
        ["-k", "x", "--gdb", "-", "--serial", "stdio"], ["-k", "x", "--machine", "q35"],
        ["-k", "x", "--no-such-option"],
        ["-k", "x", "-m", "lots"], ["-k", "x", "-c", "two"], ["-k", "x", "--kaslr-seed", "0x"],
        ["-k", "x", "--cpu", "z80"], ["-k", "x", "--gdb-any-user"],
    ]

    @Test("what makes no sense is refused", arguments: refused)
    func refusal(arguments: [String]) {
        #expect(throws: (any Error).self) { try RunCommand.parse(arguments) }
    }

    @Test(
        "a Unix path that is too long for a socket is refused with its length and the limit",
        arguments: ["gdb", "serial", "net"])
    func longPath(option: String) {
        let path = "/tmp/" + String(repeating: "a", count: 103)
        let error = #expect(throws: (any Error).self) {
            try RunCommand.parse(["-k", "x", "--\(option)", "unix:\(path)"])
        }
        let text = error.map { RunCommand.message(for: $0) } ?? ""
        #expect(text.contains("108 bytes") && text.contains("107"), "\(text)")
        #expect(throws: Never.self) { try RunCommand.parse(["-k", "x", "--\(option)", "unix:\(path.dropLast())"]) }
    }
}
