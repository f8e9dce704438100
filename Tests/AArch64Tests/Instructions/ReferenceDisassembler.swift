import Foundation
import TestSupport

/// The toolchain's own disassembler, asked as a second opinion on what a word is.
struct ReferenceDisassembler {
    /// The folder of the path that has both `swift` and the tools, so that they are of one age.
    static let tools: URL? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").lazy
            .map { URL(fileURLWithPath: String($0)) }
            .first { folder in
                ["swift", "llvm-objcopy", "llvm-objdump"].allSatisfy {
                    FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent($0).path)
                }
            }
    }()

    static let tool = RequiredTool(
        "llvm-objdump", from: "put the Swift toolchain's folder in PATH", isInstalled: tools != nil)

    /// The mnemonic of each word without aliases, or nil where the disassembler knows no instruction.
    static func mnemonics(of words: [UInt32], attributes: [String]) throws -> [String?] {
        guard let tools else { return [] }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("decoder-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let binary = folder.appendingPathComponent("words.bin")
        let object = folder.appendingPathComponent("words.o")
        let text = folder.appendingPathComponent("words.s")
        try words.withUnsafeBytes { Data($0) }.write(to: binary)
        try run(
            tools.appendingPathComponent("llvm-objcopy"),
            ["-I", "binary", "-O", "elf64-littleaarch64", binary.path, object.path])
        try Data().write(to: text)
        try run(
            tools.appendingPathComponent("llvm-objdump"),
            [
                "-D", "-z", "-j", ".data", "-M", "no-aliases", "--no-show-raw-insn",
                "--mattr=" + attributes.joined(separator: ","), object.path,
            ],
            output: FileHandle(forWritingTo: text))
        let lines = try String(contentsOf: text, encoding: .utf8).split(separator: "\n")
        return lines.compactMap { line -> String?? in
            let columns = line.split(separator: "\t")
            guard columns.count >= 2, !columns[1].hasPrefix("file format") else { return nil }
            return .some(columns[1] == "<unknown>" ? nil : String(columns[1]))
        }
    }

    private static func run(_ tool: URL, _ arguments: [String], output: FileHandle = .nullDevice) throws {
        let process = Process()
        process.executableURL = tool
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }
}
