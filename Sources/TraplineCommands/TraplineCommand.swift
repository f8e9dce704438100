package import ArgumentParser

/// The `trapline` command.
package struct TraplineCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "trapline",
        abstract: "Runs a virtual machine and lets plain GDB or LLDB stop, inspect and step it."
    )

    package init() {}
}

/// Runs the command line and ends the process.
package func runTrapline() {
    TraplineCommand.main()
}
