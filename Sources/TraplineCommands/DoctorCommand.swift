package import ArgumentParser
import VirtualMachine

/// The command `trapline doctor`, which reports the accelerators and debuggers that work on this host.
package struct DoctorCommand: ParsableCommand {
    /// The command's name and help.
    package static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Report which accelerators and debuggers work here, and what to do about those that don't."
    )

    package init() {}

    /// Runs all checks and prints a line for each.
    package func run() throws {
        let findings = [Doctor.softwareCPU(), Doctor.kvm(), Doctor.kvmOfX86()] + Debugger.allCases.map(Doctor.debugger)
        for finding in findings {
            print(finding.line)
        }
    }
}
