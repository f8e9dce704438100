import Foundation
import VirtualMachine

/// One thing looked at: whether it works, and what to do if not.
package struct Finding: Equatable, Sendable {
    package var subject: String
    package var works: Bool
    package var detail: String

    package var line: String {
        "\(subject.padding(toLength: 14, withPad: " ", startingAt: 0)) \(works ? "ok " : "no ") \(detail)"
    }
}

/// A debugger that can drive AArch64 guests.
package enum Debugger: String, CaseIterable, Sendable {
    case gdbMultiarch = "gdb-multiarch"
    case gdb
    case lldb

    /// Arguments that make it answer and end.
    var probe: [String] {
        switch self {
        case .gdbMultiarch, .gdb: ["-nx", "-batch", "-ex", "set architecture aarch64", "-ex", "show version"]
        case .lldb: ["--no-lldbinit", "--version"]
        }
    }

    var advice: String {
        switch self {
        case .gdbMultiarch: "apt-get install gdb-multiarch"
        case .gdb: "apt-get install gdb-multiarch: it debugs every architecture"
        case .lldb: "apt-get install lldb"
        }
    }
}

/// Looks at this host.
///
/// Every look is bounded in time.
package enum Doctor {
    /// Runs a few instructions of a guest.
    package static func softwareCPU() -> Finding {
        do {
            let count = try SoftwareCPUProbe.run()
            return Finding(
                subject: "software CPU", works: true, detail: "ran \(count) instructions of an AArch64 guest")
        } catch {
            return Finding(subject: "software CPU", works: false, detail: "\(error)")
        }
    }

    package static func kvm() -> Finding {
        let device =
            switch AcceleratorSupport.kvmDevice() {
            case .success(let version): "/dev/kvm opens (API \(version))"
            case .failure(let error): error.description
            }
        guard let refusal = AcceleratorSupport.kvmRefusal() else {
            return Finding(subject: "kvm", works: true, detail: "\(device) and ran an AArch64 guest")
        }
        return Finding(subject: "kvm", works: false, detail: "\(device); \(refusal): use --accel software")
    }

    package static func debugger(_ debugger: Debugger) -> Finding {
        guard let path = find(debugger.rawValue) else {
            return Finding(subject: debugger.rawValue, works: false, detail: "not found: \(debugger.advice)")
        }
        guard let output = firstLine(path, debugger.probe, seconds: 10) else {
            return Finding(
                subject: debugger.rawValue, works: false,
                detail: "\(path) doesn't start, or knows no AArch64: \(debugger.advice)")
        }
        return Finding(subject: debugger.rawValue, works: true, detail: "\(output) (\(path))")
    }

    /// The first executable of that name in PATH.
    private static func find(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The first line a program prints; nil if it fails, says that it can't, or takes too long.
    private static func firstLine(_ path: String, _ arguments: [String], seconds: Double) -> String? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        guard (try? process.run()) != nil else { return nil }
        let timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now() + seconds)
        timer.setEventHandler { process.terminate() }
        timer.resume()
        let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        timer.cancel()
        guard process.terminationStatus == 0, process.terminationReason == .exit else { return nil }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        let refusal = lines.contains { $0.hasPrefix("Undefined item") }
        // The line with the version: other lines may come before it.
        return refusal ? nil : lines.first { $0.contains("GNU gdb") || $0.contains("lldb version") }
    }
}
