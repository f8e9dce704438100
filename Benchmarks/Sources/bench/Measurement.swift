import AArch64CPU
import Foundation

/// The time that a program takes between its two markers, and its result.
struct Measurement {
    var seconds: Double
    /// The checksum that the program printed.
    var result: String

    struct Failure: Error, CustomStringConvertible { var description: String }

    /// Measures a program on the software CPU, in processor time, and counts its instructions.
    static func onTrapline(_ path: String) throws -> (Measurement, instructions: UInt64) {
        let machine = BareMetalMachine()
        _ = try machine.load(elf: path)
        let exit = machine.runToEnd()
        guard let begin = machine.lines.first(where: { $0.text == "BEGIN" }),
            let end = machine.lines.first(where: { $0.text.hasPrefix("END ") })
        else { throw Failure(description: "ended with \(exit) after printing: \(machine.output)") }
        return (
            Measurement(seconds: end.time - begin.time, result: String(end.text.dropFirst(4))),
            end.instruction - begin.instruction
        )
    }

    /// Measures a program on a whole machine of Trapline, in a process of its own and in elapsed time.
    ///
    /// The process ends with its guest, so its processor time can't be read after the last marker.
    static func onMachine(_ path: String, trapline: String, cpus: Int) throws -> Measurement {
        try of(trapline, ["run", "-k", path, "-c", "\(cpus)", "--accel", "software", "--serial", "stdio"], byWallClock: true)
    }

    /// Measures a program under QEMU's translator, whose vCPUs share one thread as Trapline's do.
    ///
    /// - Parameter byWallClock: Whether elapsed time is measured instead of the process's processor time.
    static func onQEMU(
        _ path: String, emulator: String, cpus: Int = 1, byWallClock: Bool = false
    ) throws -> Measurement {
        try of(
            emulator,
            [
                "-M", "virt", "-cpu", "cortex-a57", "-m", "256", "-nic", "none", "-display", "none", "-monitor", "none",
                "-serial", "stdio", "-kernel", path,
            ] + (cpus > 1 ? ["-smp", "\(cpus)", "-accel", "tcg,thread=single"] : []), byWallClock: byWallClock)
    }

    /// Measures a process that runs a program and prints its output, from one marker to the other.
    private static func of(
        _ program: String, _ arguments: [String], byWallClock: Bool
    ) throws -> Measurement {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer { process.terminate() }
        var text = ""
        var begin: Double?
        while true {
            let data = output.fileHandleForReading.availableData
            let now =
                byWallClock ? ProcessInfo.processInfo.systemUptime : ProcessorTime.of(process.processIdentifier)
            if data.isEmpty { throw Failure(description: "\(program) ended after printing: \(text)") }
            text += String(decoding: data, as: UTF8.self)
            if begin == nil && text.contains("BEGIN") { begin = now }
            if let range = text.range(of: "END "),
                let newline = text[range.upperBound...].firstIndex(where: \.isNewline),
                let begin
            {
                return Measurement(seconds: now - begin, result: String(text[range.upperBound..<newline]))
            }
        }
    }
}
