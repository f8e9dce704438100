import Execution
import GDBRemote

/// The monitor commands that run, hold and end the machine, with the names of QEMU's monitor and OpenOCD, because
/// scripts use these names with any stub.
private enum RunCommand: CaseIterable {
    case systemReset, stop, halt, cont, resume, quit, shutdown

    var row: MonitorCommand {
        switch self {
        case .systemReset: MonitorCommand(name: "system_reset", help: "reset, as QEMU calls it")
        case .stop: MonitorCommand(name: "stop", help: "hold the machine, as it is at any stop")
        case .halt: MonitorCommand(name: "halt", help: "stop, as OpenOCD calls it")
        case .cont:
            MonitorCommand(
                name: "cont", help: "let the machine run although the debugger holds it, until its next stop or resume")
        case .resume: MonitorCommand(name: "resume", help: "cont, as OpenOCD calls it")
        case .quit: MonitorCommand(name: "quit", help: "end the machine")
        case .shutdown: MonitorCommand(name: "shutdown", help: "quit, as OpenOCD calls it")
        }
    }
}

extension DebugSession {
    /// A help row for each of these commands that the target supports.
    var runCommandRows: [MonitorCommand] {
        RunCommand.allCases.filter { canReset || $0 != .systemReset }.map { $0.row }
    }

    private var canReset: Bool { hasTargetCommand("reset") }

    /// Runs one of these commands, or `reset run`, `reset init` or `reset halt`.
    ///
    /// Returns nil if the name is another, or is one of the target's own commands. Returns a nil text if the reply has
    /// been sent already.
    mutating func runRunCommand(_ name: String, _ arguments: [String]) throws(TargetError) -> String?? {
        if canReset, name.isSame(as: "reset"), arguments.count == 1 { return try reset(arguments[0]) }
        guard !hasTargetCommand(name),
            let command = RunCommand.allCases.first(where: { $0.row.name.isSame(as: name) || $0.isShort(name) })
        else { return nil }
        guard arguments.isEmpty else { throw .invalid("monitor \(name) takes no arguments") }
        switch command {
        case .systemReset:
            guard canReset else { return nil }
            return try reset("halt")
        case .stop, .halt:
            holdReleased()
            return "the machine is held\n"
        case .cont, .resume:
            guard nonStop == nil else {
                return "in non-stop mode vCPUs run unless the debugger holds them: continue -a\n"
            }
            try release()
            return "the machine runs\n"
        case .quit, .shutdown:
            finish(with: .kill, .ok)
            return .some(nil)
        }
    }

    /// Runs OpenOCD's `reset run`, `reset halt` or `reset init`.
    ///
    /// `init` has nothing to initialize beyond `halt`.
    private mutating func reset(_ how: String) throws(TargetError) -> String?? {
        let runs = how.isSame(as: "run")
        guard runs || how.isSame(as: "halt") || how.isSame(as: "init") else { return nil }
        guard !runs || !isAbsent else { throw .noProcess }
        guard let text = try runTargetCommand("reset", []) else { return nil }
        guard runs, nonStop == nil else { return text }
        try release()
        return "the machine runs from its first instruction\n"
    }
}

extension RunCommand {
    /// Whether the name is QEMU's one-letter form of the command.
    fileprivate func isShort(_ name: String) -> Bool {
        switch self {
        case .cont: name.isSame(as: "c")
        case .quit: name.isSame(as: "q")
        default: false
        }
    }
}
