import Foundation
import TestSupport

/// The toolchain's own assembler, as an independent reference for encodings.
enum Assembler {
    /// The first clang in PATH that knows the extensions the tests name.
    static let path: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/clang" }
        .first { FileManager.default.isExecutableFile(atPath: $0) && (try? assemble(["nop"], with: $0)) != nil }

    static let tool = RequiredTool(
        "clang", from: "put the Swift toolchain's folder in PATH", isInstalled: path != nil)

    struct Failure: Error { var text: String }

    /// The words of the instructions, in order.
    static func assemble(_ lines: [String]) throws -> [UInt32] {
        guard let path else { throw Failure(text: "no clang") }
        return try assemble(lines, with: path)
    }

    private static func assemble(_ lines: [String], with path: String) throws -> [UInt32] {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let source = directory.appendingPathComponent("a.s")
        let object = directory.appendingPathComponent("a.o")
        try (lines.joined(separator: "\n") + "\n").write(to: source, atomically: true, encoding: .utf8)

        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = [
            "--target=aarch64-none-elf",
            "-march=armv9.4-a+rng+memtag+sme+sve", "-c", source.path, "-o",
            object.path,
        ]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(text: String(decoding: message, as: UTF8.self)) }
        return try textSection([UInt8](Data(contentsOf: object)))
    }

    /// The `.text` section of a 64-bit little-endian ELF object: its first executable PROGBITS section.
    private static func textSection(_ file: [UInt8]) throws -> [UInt32] {
        func number(_ offset: Int, _ size: Int) -> Int {
            (0..<size).reduce(0) { $0 | Int(file[offset + $1]) << (8 * $1) }
        }
        let (headers, entrySize, count) = (number(0x28, 8), number(0x3a, 2), number(0x3c, 2))
        for index in 0..<count {
            let header = headers + index * entrySize
            // SHT_PROGBITS with SHF_EXECINSTR.
            guard number(header + 4, 4) == 1, number(header + 8, 8) & 4 != 0 else { continue }
            let (offset, size) = (number(header + 0x18, 8), number(header + 0x20, 8))
            return stride(from: offset, to: offset + size, by: 4).map { UInt32(number($0, 4)) }
        }
        throw Failure(text: "no text section")
    }
}
