import AArch64CPU
import Foundation

/// What one run of a program took between its two markers.
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

    /// Under QEMU's translator.
    static func onQEMU(_ path: String, emulator: String) throws -> Measurement {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: emulator)
        process.arguments = [
            "-M", "virt", "-cpu", "cortex-a57", "-m", "256", "-nic", "none", "-display", "none", "-monitor", "none",
            "-serial", "stdio", "-kernel", path,
        ]
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
            let now = ProcessorTime.of(process.processIdentifier)
            if data.isEmpty { throw Failure(description: "QEMU ended after printing: \(text)") }
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
