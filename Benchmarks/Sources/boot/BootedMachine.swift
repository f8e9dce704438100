import Foundation

/// A machine whose guest reports its progress on the serial port, such as Linux with the prompt of its shell.
final class BootedMachine {
    struct Failure: Error, CustomStringConvertible { var description: String }

    /// The times from the start of the program to the prompt, in seconds.
    struct Times {
        var wall: Double
        /// Processor time in user mode, of all threads.
        var user: Double
    }

    static let prompt = "guest# "
    private let process = Process()
    private let output = Pipe()
    private let input = Pipe()
    private let log: URL
    private let began = ContinuousClock.now
    private var text = ""

    init(_ program: String, _ arguments: [String]) throws {
        log = FileManager.default.temporaryDirectory.appendingPathComponent("boot-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: log.path, contents: nil) else {
            throw Failure(description: "can't write \(log.path)")
        }
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
    }

    deinit {
        if process.isRunning {
            process.terminate()
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(at: log)
    }

    /// Waits until the guest has written a text, and returns the times until then.
    func time(to marker: String) throws -> Times {
        while !text.contains(marker) {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { throw Failure(description: "ended early: \(text.suffix(500)) \(errors)") }
            text += String(decoding: data, as: UTF8.self)
        }
        let wall = ContinuousClock.now - began
        return Times(
            wall: Double(wall.components.seconds) + Double(wall.components.attoseconds) / 1e18, user: try userTime())
    }

    /// Returns the port for a debugger, from the line with the `target remote` command.
    func debuggerPort() throws -> UInt16 {
        for _ in 0..<1000 {
            if let match = errors.firstMatch(of: /target remote [^\n]*:(\d+)\n/), let port = UInt16(match.1) {
                return port
            }
            usleep(2000)
        }
        throw Failure(description: "no port for a debugger: \(errors)")
    }

    private var errors: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// Returns the processor time in user mode, including that of threads that have ended.
    ///
    /// The source is the field `utime` of proc(5)'s stat, the twelfth after the name.
    private func userTime() throws -> Double {
        let stat = try String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 11, let ticks = Double(fields[11]) else { throw Failure(description: "stat: \(stat)") }
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
