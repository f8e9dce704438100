package import ArgumentParser
import HostIO
import Machine
import SystemPackage
import VirtualMachine

/// The command `trapline` with its subcommands.
package struct TraplineCommand: ParsableCommand {
    /// The command's name, help, version and subcommands.
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
        // Help and version texts are not failures. ArgumentParser's own status for a usage error, 64, is replaced by 1.
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

/// A failure of a command, with a line for the user and the exit status.
package struct CommandFailure: Error {
    /// The line for the user, without the program's name.
    package var message: String
    /// The exit status of the process.
    package var status: Int32

    /// A failure with its line and exit status.
    package init(_ message: String, status: Int32 = 1) {
        self.message = message
        self.status = status
    }
}

/// Writes one line to standard error, after the program's name.
func report(_ line: String) {
    // An error is ignored, because there is nowhere else to report it.
    try? FileDescriptor.standardError.writeAll(Array("trapline: \(line)\n".utf8))
}

private func firstLine(of text: String) -> String {
    text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? text
}
