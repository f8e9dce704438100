package import ArgumentParser
import VirtualMachine

/// `trapline doctor`: says which accelerators and debuggers work here.
package struct DoctorCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Report which accelerators and debuggers work here, and what to do about those that don't."
    )

    package init() {}

    package func run() throws {
        let findings = [Doctor.softwareCPU(), Doctor.kvm(), Doctor.kvmOfX86()] + Debugger.allCases.map(Doctor.debugger)
        for finding in findings {
            print(finding.line)
        }
    }
}
