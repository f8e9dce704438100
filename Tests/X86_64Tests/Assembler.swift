import Foundation
import TestSupport

/// The toolchain's own assembler, as an independent reference for encodings.
enum Assembler {
    static let path: String? = try? Toolchain.onPath("clang")

    static let tool = RequiredTool(
        "clang", from: "put the Swift toolchain's folder in PATH", isInstalled: path != nil)

    struct Failure: Error { var text: String }

    /// Each instruction's bytes.
    ///
    /// - Parameter bits: 16, 32 or 64.
    static func assemble(_ lines: [String], bits: Int) throws -> [[UInt8]] {
        guard let path else { throw Failure(text: "no clang") }
        let folder = try TemporaryFolder()
        // Each instruction in 16 bytes of its own, behind a byte that says how many it has.
        var source = ".text\n.code\(bits)\n"
        for (index, line) in lines.enumerated() {
            source += ".balign 32, 0\n.byte b\(index) - a\(index)\na\(index): \(line)\nb\(index):\n"
        }
        let input = try folder.write(Array(source.utf8), to: "a.s")
        let object = input + ".o"
        let result = try ChildProcess.run(
            path, ["--target=x86_64-none-elf", "-c", input, "-o", object], limit: .seconds(60))
        guard result.status == .exited(0) else { throw Failure(text: result.text) }
        let section = try textSection([UInt8](Data(contentsOf: URL(fileURLWithPath: object))))
        return lines.indices.map { index in
            let start = 32 * index
            return Array(section[(start + 1)..<(start + 1 + Int(section[start]))])
        }
    }

    /// The first executable PROGBITS section of a 64-bit little-endian ELF object.
    private static func textSection(_ file: [UInt8]) throws -> [UInt8] {
        func number(_ offset: Int, _ size: Int) -> Int {
            (0..<size).reduce(0) { $0 | Int(file[offset + $1]) << (8 * $1) }
        }
        let (headers, entrySize, count) = (number(0x28, 8), number(0x3a, 2), number(0x3c, 2))
        for index in 0..<count {
            let header = headers + index * entrySize
            // SHT_PROGBITS with SHF_EXECINSTR.
            guard number(header + 4, 4) == 1, number(header + 8, 8) & 4 != 0 else { continue }
            let (offset, size) = (number(header + 0x18, 8), number(header + 0x20, 8))
            return Array(file[offset..<(offset + size)])
        }
        throw Failure(text: "no text section")
    }
}
