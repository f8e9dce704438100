import Foundation
import Synchronization

/// Runs sequences under `qemu-aarch64`, the independent implementation.
struct ReferenceRunner: Sendable {
    /// A failure before there was anything to compare.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// A processor with FEAT_LSE, FEAT_RDM, FEAT_CRC32 and the cryptographic ones, and little else beyond ARMv8.0-A.
    static let processor = "neoverse-n1"
    static let path = "/usr/bin/qemu-aarch64"

    private let process: Process
    private let output: Pipe
    private let file: URL
    private let count: Int

    /// Starts the process; `result` waits for it, so that something else can be done meanwhile.
    init(_ sequences: [PlacedSequence], seconds: Double = 120, path: String = Self.path) throws {
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Failure(
                description: "\(path) is missing: run Scripts/install-packages, which installs Debian's qemu-user")
        }
        file = FileManager.default.temporaryDirectory.appending(path: "trapline-differential-\(UUID().uuidString)")
        try Data(try LinuxProgram(sequences).file).write(to: file)
        count = sequences.count
        process = Process()
        // `timeout` ends it even if this process goes first.
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        process.arguments = ["-s", "KILL", "\(seconds)", path, "-cpu", Self.processor, file.path]
        output = Pipe()
        process.standardOutput = output
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file.path)
        try process.run()
    }

    /// The final state of each sequence.
    func result() throws -> [FinalState] {
        let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: file)
        guard process.terminationReason != .exit || process.terminationStatus != 3 else {
            throw Failure(description: "qemu-aarch64's signal frame has no fpsimd_context in front of its records")
        }
        guard process.terminationReason == .exit, process.terminationStatus == 0,
            bytes.count == count * LinuxHarness.dumpSize
        else {
            throw Failure(
                description: """
                    qemu-aarch64 ended with \(process.terminationStatus) after \
                    \(bytes.count / LinuxHarness.dumpSize) of \(count) sequences
                    """)
        }
        return (0..<count).map { index in
            Self.state(bytes[(index * LinuxHarness.dumpSize)..<((index + 1) * LinuxHarness.dumpSize)])
        }
    }

    private static func state(_ dump: ArraySlice<UInt8>) -> FinalState {
        let values = dump.withUnsafeBytes { raw in
            (0..<102).map { UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
        }
        let floatingPoint = FloatingPointState(
            halves: Array(values[38..<102]), fpcr: values[37] >> 32,
            fpsr: values[37] & FloatingPointState.statusBits)
        let ending: FinalState.Ending =
            switch values[0] {
            case 4: .undefined
            case 7: .alignment(values[1])
            case 11: values[1] == values[34] ? .instructionAbort : .dataAbort(values[1])
            default: .other("signal \(values[0])")
            }
        return FinalState(
            ending: ending, registers: Array(values[2..<33]), sp: values[33], pc: values[34],
            nzcv: values[35] & 0xf000_0000, tpidr: values[36], floatingPoint: floatingPoint,
            memory: Array(dump.suffix(AddressSpace.windowSize)))
    }
}
