package import GDBStub

/// A monitor command of a kind of machine, with what carries it out.
package struct MonitorRow<Target> {
    /// What carries out a command; the text is shown to the user.
    package typealias Body = (Target, _ arguments: [String], _ vcpu: Int) throws(TargetError) -> String

    var command: MonitorCommand
    /// How many arguments it takes.
    var count: ClosedRange<Int>
    var body: Body

    init(
        _ name: String, _ arguments: String = "", count: ClosedRange<Int>, help: String, _ body: @escaping Body
    ) {
        command = MonitorCommand(name: name, arguments: arguments, help: help)
        self.count = count
        self.body = body
    }
}

extension DebuggedMachine {
    package var monitorCommands: [MonitorCommand] { Self.monitorRows.map(\.command) }

    package func runMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> String {
        guard let row = Self.monitorRows.first(where: { $0.command.name == name }) else {
            throw .invalid("there is no monitor command \(name): monitor help lists them")
        }
        guard row.count.contains(arguments.count) else {
            let usage = row.command.arguments.isEmpty ? "no arguments" : row.command.arguments
            throw .invalid("\(name): wrong number of arguments; it takes \(usage)")
        }
        return try row.body(self, arguments, vcpu)
    }

    /// A number as C writes it: decimal, or hexadecimal after 0x.
    static func number(_ text: String) -> UInt64? {
        let lower = text.lowercased()
        return lower.hasPrefix("0x") ? UInt64(lower.dropFirst(2), radix: 16) : UInt64(lower)
    }

    /// An address among a command's arguments.
    static func address(_ text: String, _ command: String) throws(TargetError) -> UInt64 {
        guard let address = number(text) else {
            throw .invalid("\(command) \(text): give an address, such as 0x40080000")
        }
        return address
    }
}

/// A number with all its 16 digits.
func padded(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
}

/// Lines of columns, each as wide as its longest entry.
func columns(_ rows: [[String]]) -> String {
    var widths: [Int] = []
    for row in rows {
        for (index, text) in row.enumerated() {
            if index == widths.count { widths.append(0) }
            widths[index] = max(widths[index], text.utf8.count)
        }
    }
    var lines = ""
    for row in rows {
        for (index, text) in row.enumerated() {
            let isLast = index == row.count - 1
            lines += isLast ? text : text + String(repeating: " ", count: widths[index] - text.utf8.count + 2)
        }
        lines += "\n"
    }
    return lines
}
