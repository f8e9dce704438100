import Foundation
import Synchronization

/// The toolchain's own assembler: the tests' source of instruction words, and an independent reference for encodings.
package enum Assembler {
    /// The words of A64 instructions, one for each line.
    ///
    /// A branch has an offset from itself, because lines have no labels. Each line is assembled once in a test run, and the
    /// lines of one call together, since starting the assembler takes far longer than its work.
    package static func aarch64(_ lines: [String]) throws -> [UInt32] {
        try known.withLock { known in
            let missing = Array(Set(lines).subtracting(known.keys))
            if !missing.isEmpty {
                let words = try assembled(missing.joined(separator: "\n"))
                guard words.count == missing.count else {
                    throw ProcessError("\(missing.count) lines are \(words.count) instructions: \(missing)")
                }
                for (line, word) in zip(missing, words) { known[line] = [word] }
            }
            return lines.flatMap { known[$0] ?? [] }
        }
    }

    /// The words of an A64 program, which may have labels, data and directives.
    package static func aarch64(program source: String) throws -> [UInt32] {
        try known.withLock { known in
            if let words = known[source] { return words }
            let words = try assembled(source)
            known[source] = words
            return words
        }
    }

    private static func assembled(_ source: String) throws -> [UInt32] {
        let text = try textSection(of: source, ["--target=aarch64-none-elf", "-march=\(extensions)"])
        return stride(from: 0, to: text.count, by: 4).map { UInt32(text.littleEndian(at: $0, size: 4)) }
    }

    /// The bytes of each x86-64 instruction.
    ///
    /// - Parameter bits: The code size: 16, 32 or 64.
    package static func x86_64(_ lines: [String], bits: Int) throws -> [[UInt8]] {
        // Each instruction has 32 bytes of its own, of which the first says how many it takes.
        var source = ".text\n.code\(bits)\n"
        for (index, line) in lines.enumerated() {
            source += ".balign 32, 0\n.byte b\(index) - a\(index)\na\(index): \(line)\nb\(index):\n"
        }
        let text = try textSection(of: source, ["--target=x86_64-none-elf"])
        return lines.indices.map { Array(text[(32 * $0 + 1)...].prefix(Int(text[32 * $0]))) }
    }

    /// The extensions of the A64 instructions and system registers that the tests name.
    private static let extensions = "armv9.4-a+aes+memtag+rng+sha2+sme+sve"

    /// The words of each A64 line and program that was assembled.
    private static let known = Mutex<[String: [UInt32]]>([:])

    private static func textSection(of source: String, _ options: [String]) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let input = try folder.write(Array((source + "\n").utf8), to: "a.s")
        let object = input + ".o"
        let result = try ChildProcess.run(
            Toolchain.tool("clang"), options + ["-c", input, "-o", object], limit: .seconds(60))
        guard result.status == .exited(0) else { throw ProcessError("clang can't assemble:\n\(result.text)") }
        return try textSection(ofObject: [UInt8](Data(contentsOf: URL(fileURLWithPath: object))))
    }

    /// The first executable PROGBITS section of a 64-bit little-endian ELF object.
    private static func textSection(ofObject file: [UInt8]) throws -> [UInt8] {
        func field(_ offset: Int, _ size: Int) -> Int { file.littleEndian(at: offset, size: size) }
        let (headers, entrySize, count) = (field(0x28, 8), field(0x3a, 2), field(0x3c, 2))
        for header in (0..<count).map({ headers + $0 * entrySize }) {
            // SHT_PROGBITS with SHF_EXECINSTR.
            guard field(header + 4, 4) == 1, field(header + 8, 8) & 4 != 0 else { continue }
            return Array(file[field(header + 0x18, 8)...].prefix(field(header + 0x20, 8)))
        }
        throw ProcessError("the object file has no text section")
    }
}

extension TemporaryFolder {
    /// Creates the file `firmware` with an A64 program and returns its path.
    package func writeFirmware(_ program: String) throws -> String {
        let words = try Assembler.aarch64(program: program)
        return try write(
            words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }, to: "firmware")
    }
}

extension [UInt8] {
    fileprivate func littleEndian(at offset: Int, size: Int) -> Int {
        (0..<size).reduce(0) { $0 | Int(self[offset + $1]) << (8 * $1) }
    }
}
