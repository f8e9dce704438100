package import ArgumentParser
import HostIO
import Machine
import SystemPackage
import VirtualMachine

/// The `trapline` command.
package struct TraplineCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "trapline",
        abstract: "Runs a virtual machine and lets plain GDB or LLDB stop, inspect and step it.",
        version: Release.version,
        subcommands: [RunCommand.self, DoctorCommand.self]
    )

    package init() {}
}

/// Runs the command line of this process and ends it.
///
/// Exit status: 0 when the guest powers off, 1 for a usage or start error, 2 when the guest or the machine fails.
package func runTrapline() {
    do {
        var command = try TraplineCommand.parseAsRoot()
        try command.run()
    } catch let failure as CommandFailure {
        report(failure.message)
        endProcess(status: failure.status)
    } catch {
        // Help and version texts are no failures; ArgumentParser's own status for a wrong usage is 64.
        let status = TraplineCommand.exitCode(for: error)
        let text = TraplineCommand.fullMessage(for: error)
        if status == .success {
            print(text)
            endProcess(status: 0)
        }
        report(firstLine(of: TraplineCommand.message(for: error)))
        endProcess(status: 1)
    }
}

/// A command that could not do its work: one line for people, and the exit status.
package struct CommandFailure: Error {
    package var message: String
    package var status: Int32

    package init(_ message: String, status: Int32 = 1) {
        self.message = message
        self.status = status
    }
}

/// Writes one line to standard error.
func report(_ line: String) {
    // A line without a reader is lost.
    try? FileDescriptor.standardError.writeAll(Array("trapline: \(line)\n".utf8))
}

private func firstLine(of text: String) -> String {
    text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? text
}
