import Execution
import GDBRemote
import TargetDescription

extension DebugSession {
    /// Runs a line of `monitor`.
    ///
    /// Its text goes to the client's console, and the reply is `OK`.
    ///
    /// Returns nil if the command became a ``MonitorRequest``, which replies later.
    mutating func runMonitorCommand(_ line: [UInt8]) throws(TargetError) -> Reply? {
        var words = line.split { $0 <= 0x20 }.map { String(decoding: $0, as: UTF8.self) }
        // Splits `xp/4xg` into a command and a format, as GDB users write it.
        if let first = words.first, let slash = first.utf8.firstIndex(of: UInt8(ascii: "/")), slash > first.startIndex {
            words[0] = String(decoding: Array(first.utf8[slash...]), as: UTF8.self)
            words.insert(String(decoding: Array(first.utf8[..<slash]), as: UTF8.self), at: 0)
        }
        let text: String?
        do {
            text = try run(words)
        } catch {
            // Clients that do not read text in errors can print it on their console.
            if !client.features.contains(.errorText) { sendConsole(Array((error.text + "\n").utf8)) }
            throw error
        }
        guard let text else { return nil }
        sendConsole(Array(text.utf8))
        return .ok
    }

    private mutating func run(_ words: [String]) throws(TargetError) -> String? {
        guard let name = words.first else { return help() }
        let arguments = Array(words.dropFirst())
        if let text = try runRunCommand(name, arguments) { return text }
        if let monitor = target.monitor, hasTargetCommand(name) {
            if let long = try monitor.longMonitorCommand(name, arguments: arguments, vcpu: accessVCPU) {
                begin(MonitorRequest(long, errorStyle(.announcedText)))
                return nil
            }
            return try runTargetCommand(name, arguments)
        }
        guard let command = BuiltInCommand.allCases.first(where: { $0.row.name.isSame(as: name) }) else {
            return unknownCommand(name)
        }
        if arguments.count == 1, let text = try run(command, arguments[0]) { return text }
        guard arguments.isEmpty else { throw .invalid("monitor \(name) takes no arguments") }
        switch command {
        case .help: return help()
        case .version: return version + "\n"
        case .registers: return registers()
        case .lastError: return lastError.utf8.isEmpty ? "no error yet\n" : lastError + "\n"
        case .leftBreakpoints: return leftBreakpointsText
        case .onDisconnect: return onDisconnectText
        }
    }

    /// Runs a command that takes a word; nil if the command or the word is another.
    private mutating func run(
        _ command: BuiltInCommand, _ word: String
    ) throws(TargetError) -> String? {
        switch (command, word) {
        case (.help, _): return help(on: word)
        case (.leftBreakpoints, "clear"):
            agent?.removeLeft()
            try agentChanged()
            return leftBreakpointsText
        case (.onDisconnect, "run"): holdsOnDisconnect = false
        case (.onDisconnect, "hold"): holdsOnDisconnect = true
        default: return nil
        }
        return onDisconnectText
    }

    /// The list of breakpoints of earlier clients, with the commands that remove them.
    private var leftBreakpointsText: String {
        let left = agent?.leftBreakpoints ?? []
        guard !left.isEmpty else { return "no breakpoint of an earlier client is left\n" }
        return left.map { "0x" + String($0, radix: 16) + ": commands of an earlier client\n" }.joined()
            + "\"monitor left-breakpoints clear\" and a reset remove them\n"
    }

    private var onDisconnectText: String {
        holdsOnDisconnect
            ? "the machine is held when the connection ends without detach or kill\n"
            : "the machine continues when the connection ends without detach or kill\n"
    }

    /// QEMU's reply to an unknown command: a text instead of an error, because an error would end a script.
    private func unknownCommand(_ name: String) -> String {
        "unknown command: '" + name + "'\n"
    }

    /// The target's own commands.
    private var targetCommands: [MonitorCommand] { target.monitor?.monitorCommands ?? [] }

    /// Whether the target has a command with that name.
    func hasTargetCommand(_ name: String) -> Bool { targetCommands.contains { $0.name.isSame(as: name) } }

    /// Runs one of the target's own commands; nil if it has none with that name.
    mutating func runTargetCommand(_ name: String, _ arguments: [String]) throws(TargetError) -> String? {
        guard let monitor = target.monitor, hasTargetCommand(name) else { return nil }
        let text = try monitor.runMonitorCommand(name, arguments: arguments, vcpu: accessVCPU)
        transfers.threads = nil
        if name.isSame(as: "reset") { hasBeenReset() }
        return text
    }
}

/// The commands that every target has, unless its own table has one with the same name.
private enum BuiltInCommand: CaseIterable {
    case help, version, registers, lastError, leftBreakpoints, onDisconnect

    var row: MonitorCommand {
        switch self {
        case .help: MonitorCommand(name: "help", arguments: "[NAME]", help: "list these commands, or describe one")
        case .version: MonitorCommand(name: "version", help: "show the name and version of this stub")
        case .registers: MonitorCommand(name: "registers", help: "show all registers of the selected vCPU")
        case .lastError: MonitorCommand(name: "last-error", help: "show why the last request failed")
        case .leftBreakpoints:
            MonitorCommand(
                name: "left-breakpoints", arguments: "[clear]",
                help: "list or remove breakpoints of earlier clients whose commands still run")
        case .onDisconnect:
            MonitorCommand(
                name: "on-disconnect", arguments: "[run|hold]",
                help: "show or choose what the machine does when the connection ends without detach or kill")
        }
    }
}

extension DebugSession {
    /// The help line of one command.
    private func help(on name: String) -> String {
        guard let row = commandRows.first(where: { $0.name.isSame(as: name) }) else { return unknownCommand(name) }
        return table([(row.usage, row.help)])
    }

    /// One help line for each command.
    private func help() -> String {
        table(commandRows.map { ($0.usage, $0.help) }) + osabiNote
    }

    /// A note about the commands that GDB disables for a machine without an operating system.
    private var osabiNote: String {
        guard client.features.contains(.isGDB), target.description.osabi?.isSame(as: "none") == true else { return "" }
        return "In GDB, \"set osabi GNU/Linux\" enables record, generate-core-file and catch syscall.\n"
    }

    /// All monitor commands, the target's first.
    private var commandRows: [MonitorCommand] {
        let own = targetCommands
        let builtIn = (runCommandRows + BuiltInCommand.allCases.map { $0.row }).filter { row in
            !own.contains { $0.name.isSame(as: row.name) }
        }
        return own + builtIn
    }

    /// One line for each register, most significant digit first.
    private func registers() -> String {
        let rows = layout.registers.map { register in
            guard let bytes = try? target.read(register, vcpu: accessVCPU) else {
                return (register.name, "unavailable")
            }
            return (register.name, "0x" + String(decoding: Reply.hex(bytes.reversed()).data, as: UTF8.self))
        }
        return table(rows)
    }
}

/// Formats two columns.
///
/// The first is as wide as its longest entry.
private func table(_ rows: [(String, String)]) -> String {
    let width = rows.reduce(0) { max($0, $1.0.utf8.count) }
    var text = ""
    for row in rows {
        text += row.0 + String(repeating: " ", count: width - row.0.utf8.count + 2) + row.1 + "\n"
    }
    return text
}

extension MonitorCommand {
    /// The command and its arguments as a user types them.
    fileprivate var usage: String { arguments.utf8.isEmpty ? name : name + " " + arguments }
}

extension String {
    /// Whether both consist of the same bytes.
    ///
    /// Command names do not need Unicode equivalence.
    func isSame(as other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}
