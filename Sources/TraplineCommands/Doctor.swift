import HostIO
import SoftwareAccelerator
import VirtualMachine

/// The result of one check of the host: whether something works, and advice if it does not.
package struct Finding: Equatable, Sendable {
    /// The name of the accelerator or debugger, such as `kvm`.
    package var subject: String
    /// Whether it can be used.
    package var works: Bool
    /// The version or measurement, or the reason why it cannot be used, with advice.
    package var detail: String

    /// The line for the user.
    package var line: String {
        let padding = String(repeating: " ", count: max(0, 14 - subject.count))
        return "\(subject)\(padding) \(works ? "ok " : "no ") \(detail)"
    }
}

/// A debugger that can drive AArch64 guests.
package enum Debugger: String, CaseIterable, Sendable {
    /// GDB for many architectures, as Debian names it.
    case gdbMultiarch = "gdb-multiarch"
    /// GDB as the host names it, which may lack AArch64.
    case gdb
    /// LLDB.
    case lldb

    /// The arguments that make the debugger print its version and exit.
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

/// The checks of this host, each of bounded duration.
package enum Doctor {
    /// Checks that the software CPU runs a few instructions of a guest.
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

    /// Checks that KVM runs an AArch64 guest.
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

    /// Checks that KVM runs an x86-64 guest, which no other accelerator does.
    package static func kvmOfX86() -> Finding {
        switch AcceleratorSupport.kvmOfX86() {
        case .works(let slowdown):
            return Finding(
                subject: "kvm x86-64", works: true, detail: "ran an x86-64 guest\(remark(slowdown)): --machine pc")
        case .refusal(let text):
            return Finding(subject: "kvm x86-64", works: false, detail: "\(text): no x86-64 guests here")
        }
    }

    /// Returns the remark about the speed of a loop in a guest; empty if the guest is about as fast as the host.
    ///
    /// - Parameter slowdown: The time of the loop in the guest, divided by that of the same loop on the host.
    package static func remark(_ slowdown: Double) -> String {
        guard slowdown >= 3 else { return "" }
        let text = AcceleratorSupport.slowdownInWords(slowdown)
        return ", \(text) than the host itself" + (slowdown < 30 ? "" : " (no hardware support for guests here)")
    }

    /// Checks that a debugger starts and supports AArch64.
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

    /// Returns the line with the debugger's version; nil if it fails, does not support AArch64, or takes too long.
    private static func version(_ path: String, _ arguments: [String], seconds: Int) -> String? {
        guard let output = ChildProgram.output(of: path, arguments, seconds: seconds) else { return nil }
        let lines = output.split(separator: "\n").map(String.init)
        let refusal = lines.contains { $0.hasPrefix("Undefined item") }
        // The line with the version may follow others.
        return refusal ? nil : lines.first { $0.contains("GNU gdb") || $0.contains("lldb version") }
    }
}
