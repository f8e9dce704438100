import HostIO
import SoftwareAccelerator
import VirtualMachine

/// One thing looked at: whether it works, and what to do if not.
package struct Finding: Equatable, Sendable {
    package var subject: String
    package var works: Bool
    package var detail: String

    package var line: String {
        let padding = String(repeating: " ", count: max(0, 14 - subject.count))
        return "\(subject)\(padding) \(works ? "ok " : "no ") \(detail)"
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
            let report = try SoftwareCPUProbe.run()
            return Finding(
                subject: "software CPU", works: true,
                detail: "ran \(report.instructionCount) instructions of an AArch64 guest")
        } catch {
            return Finding(subject: "software CPU", works: false, detail: "\(error)")
        }
    }

    package static func kvm() -> Finding {
        let device =
            switch AcceleratorSupport.kvmDevice() {
            case .success(let version): "/dev/kvm opens (API \(version))"
            case .failure(let error): "\(error)"
            }
        switch AcceleratorSupport.kvmOfAArch64() {
        case .works(let slowdown):
            return Finding(
                subject: "kvm", works: true, detail: "\(device) and ran an AArch64 guest\(remark(slowdown))")
        case .refusal(let text):
            return Finding(subject: "kvm", works: false, detail: "\(device); \(text): use --accel software")
        }
    }

    /// The other architecture's guests, which only KVM runs.
    package static func kvmOfX86() -> Finding {
        switch AcceleratorSupport.kvmOfX86() {
        case .works(let slowdown):
            return Finding(
                subject: "kvm x86-64", works: true, detail: "ran an x86-64 guest\(remark(slowdown)): --machine pc")
        case .refusal(let text):
            return Finding(subject: "kvm x86-64", works: false, detail: "\(text): no x86-64 guests here")
        }
    }

    /// The remark about the speed of a loop in a guest, compared with the same loop on the host.
    package static func remark(_ slowdown: Double) -> String {
        guard slowdown >= 3 else { return "" }
        let text = AcceleratorSupport.slowdownInWords(slowdown)
        return ", \(text) than the host itself" + (slowdown < 30 ? "" : " (no hardware support for guests here)")
    }

    package static func debugger(_ debugger: Debugger) -> Finding {
        guard let path = ChildProgram.find(debugger.rawValue) else {
            return Finding(subject: debugger.rawValue, works: false, detail: "not found: \(debugger.advice)")
        }
        guard let output = version(path, debugger.probe, seconds: 10) else {
            return Finding(
                subject: debugger.rawValue, works: false,
                detail: "\(path) doesn't start, or has no AArch64 support: \(debugger.advice)")
        }
        return Finding(subject: debugger.rawValue, works: true, detail: "\(output) (\(path))")
    }

    /// The line with the version a debugger prints; nil if it fails, says that it can't, or takes too long.
    private static func version(_ path: String, _ arguments: [String], seconds: Int) -> String? {
        guard let output = ChildProgram.output(of: path, arguments, seconds: seconds) else { return nil }
        let lines = output.split(separator: "\n").map(String.init)
        let refusal = lines.contains { $0.hasPrefix("Undefined item") }
        // Other lines may come before it.
        return refusal ? nil : lines.first { $0.contains("GNU gdb") || $0.contains("lldb version") }
    }
}
