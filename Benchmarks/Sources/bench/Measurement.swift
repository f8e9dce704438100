import AArch64CPU
import Foundation

/// The time and instructions of a program between its two markers.
struct Measurement {
    var seconds: Double
    /// The sum the program printed.
    var result: String

    struct Failure: Error, CustomStringConvertible { var description: String }

    /// On the software CPU; also how many instructions that was.
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

    /// On a whole machine of Trapline's, in a process of its own, in elapsed time: the process ends with its guest, so
    /// its processor time can't be read after the last marker.
    static func onMachine(_ path: String, trapline: String, cpus: Int) throws -> Measurement {
        try of(trapline, ["run", "-k", path, "-c", "\(cpus)", "--accel", "software", "--serial", "stdio"], byWallClock: true)
    }

    /// Under QEMU's translator, whose vCPUs share one thread as Trapline's do.
    ///
    /// - Parameter byWallClock: elapsed time instead of the process's processor time.
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

    /// Measures a process that runs a program and prints its output, between the markers.
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
