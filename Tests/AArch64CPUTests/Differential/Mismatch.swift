import Foundation

/// Where two implementations, or two ways of running one, disagree.
struct Mismatch {
    var placed: PlacedSequence
    var mode: RunMode
    var differences: [String]

    /// The differences of a run from what the reference says; empty if there are none.
    static func differences(_ got: FinalState, expected: FinalState) -> [String] {
        var lines: [String] = []
        func compare(_ name: String, _ got: UInt64, _ expected: UInt64) {
            if got != expected { lines.append("\(name): expected \(hex(expected)), got \(hex(got))") }
        }
        if got.ending != expected.ending { lines.append("ending: expected \(expected.ending), got \(got.ending)") }
        for (index, (mine, theirs)) in zip(got.registers, expected.registers).enumerated() {
            compare("x\(index)", mine, theirs)
        }
        compare("sp", got.sp, expected.sp)
        compare("pc", got.pc, expected.pc)
        compare("nzcv", got.nzcv, expected.nzcv)
        compare("tpidr_el0", got.tpidr, expected.tpidr)
        compare("fpcr", got.floatingPoint.fpcr, expected.floatingPoint.fpcr)
        compare("fpsr", got.floatingPoint.fpsr, expected.floatingPoint.fpsr)
        for n in 0..<32 {
            let (mine, theirs) = (vector(n, got.floatingPoint), vector(n, expected.floatingPoint))
            if mine != theirs { lines.append("v\(n): expected \(theirs), got \(mine)") }
        }
        for index in got.memory.indices where got.memory[index] != expected.memory[index] {
            compare(
                "memory \(hex(AddressSpace.window + UInt64(index)))", UInt64(got.memory[index]),
                UInt64(expected.memory[index]))
        }
        return lines
    }

    /// A V register in hexadecimal, its upper half first.
    private static func vector(_ n: Int, _ state: FloatingPointState) -> String {
        String(format: "0x%016lx_%016lx", state.halves[2 * n + 1], state.halves[2 * n])
    }

    /// All of it, for the person who has to find the mistake.
    var report: String {
        let sequence = placed.sequence
        let registers = sequence.initial.registers.enumerated().map { "x\($0.offset)=\(hex($0.element))" }
        let vectors = (0..<32).map { "v\($0)=\(Self.vector($0, sequence.initial.floatingPoint))" }
        return """
            Trapline (\(mode.rawValue)) and qemu-aarch64 disagree.
            Replay: TRAPLINE_FUZZ_SEED=\(sequence.seed) TRAPLINE_SEQUENCE=\(sequence.number)
            \(differences.prefix(24).joined(separator: "\n"))
            from \(registers.joined(separator: " ")) sp=\(hex(sequence.initial.sp)) nzcv=\(hex(sequence.initial.nzcv))
            fpcr=\(hex(sequence.initial.floatingPoint.fpcr)) fpsr=\(hex(sequence.initial.floatingPoint.fpsr))
            \(vectors.joined(separator: " "))
            the window of \(AddressSpace.windowSize) bytes is at \(hex(AddressSpace.window))
            \(Disassembly.listing(placed))
            """
    }
}

/// The disassembly of words by llvm-objdump.
enum Disassembly {
    static func listing(_ placed: PlacedSequence) -> String {
        var bytes: [UInt8] = []
        for word in placed.sequence.words { bytes.append(littleEndian: word) }
        let file = FileManager.default.temporaryDirectory.appending(path: "trapline-listing-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let plain = placed.sequence.words.prefix(placed.sequence.terminator + 1)
            .map { String(format: "%08x", $0) }.joined(separator: " ")
        do {
            try Data(object(bytes, address: placed.address)).write(to: file)
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [
                "llvm-objdump", "-d", "--triple=aarch64", "--mattr=+v8.2a,+crc,+lse,+aes,+sha2", file.path,
            ]
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            // The minimizer has put NOPs in place of words that don't matter.
            let lines = text.split(separator: "\n").filter {
                $0.contains(": ") && !$0.contains("file format") && !$0.hasSuffix("\tnop")
            }
            return lines.isEmpty ? plain : lines.joined(separator: "\n")
        } catch {
            return plain
        }
    }

    /// An ELF file with the bytes in a section `.text`: objdump looks at nothing else.
    private static func object(_ code: [UInt8], address: UInt64) -> [UInt8] {
        let names: [UInt8] = Array("\0.text\0.shstrtab\0".utf8)
        let namesOffset = 64 + code.count
        let sectionsOffset = (namesOffset + names.count + 7) & ~7
        var bytes: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        for value in [2, 183] { bytes.append(littleEndian: UInt16(value)) }
        bytes.append(littleEndian: UInt32(1))
        for value in [address, 0, UInt64(sectionsOffset)] { bytes.append(littleEndian: value) }
        bytes.append(littleEndian: UInt32(0))
        for value in [64, 0, 0, 64, 3, 2] { bytes.append(littleEndian: UInt16(value)) }
        bytes += code + names
        bytes += [UInt8](repeating: 0, count: sectionsOffset - bytes.count)
        func section(name: UInt32, type: UInt32, flags: UInt64, address: UInt64, offset: Int, size: Int) {
            bytes.append(littleEndian: name)
            bytes.append(littleEndian: type)
            for value in [flags, address, UInt64(offset), UInt64(size), 0, 4, 0] { bytes.append(littleEndian: value) }
        }
        section(name: 0, type: 0, flags: 0, address: 0, offset: 0, size: 0)
        section(name: 1, type: 1, flags: 6, address: address, offset: 64, size: code.count)
        section(name: 7, type: 3, flags: 0, address: 0, offset: namesOffset, size: names.count)
        return bytes
    }
}
