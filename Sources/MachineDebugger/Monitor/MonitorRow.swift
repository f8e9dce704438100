import ByteOrder
package import Execution
package import GDBStub
import GuestAddresses
import GuestMemory
import NumberText
import TargetDescription

/// A monitor command of a type of target, with the function that performs it.
package struct MonitorRow<Target> {
    /// A function that performs a command and returns the text for the user.
    package typealias Body = (Target, _ arguments: [String], _ vcpu: Int) throws(TargetError) -> String

    var command: MonitorCommand
    /// The number of arguments.
    var count: ClosedRange<Int>
    var body: Body
    /// The function that begins a command whose text takes long; nil for other commands.
    var longBody: LongBody?

    /// A function that begins a command whose text takes longer than a moment to make.
    ///
    /// It returns nil if `body` must run the command.
    package typealias LongBody =
        (Target, _ arguments: [String], _ vcpu: Int) throws(TargetError) -> (any LongText)?

    init(
        _ name: String, _ arguments: String = "", count: ClosedRange<Int>, help: String, _ body: @escaping Body
    ) {
        command = MonitorCommand(name: name, arguments: arguments, help: help)
        self.count = count
        self.body = body
        longBody = nil
    }

    /// A command whose text comes in pieces.
    init(
        _ name: String, _ arguments: String = "", count: ClosedRange<Int>, help: String, long body: @escaping LongBody
    ) {
        command = MonitorCommand(name: name, arguments: arguments, help: help)
        self.count = count
        longBody = body
        self.body = { target, words, vcpu throws(TargetError) in
            guard let text = try body(target, words, vcpu) else { return "" }
            var whole = ""
            while let piece = try text.nextPiece() { whole += piece }
            return whole
        }
    }
}

/// Text that a closure makes piece by piece.
final class TextPieces: LongText {
    private let makeNext: () throws(TargetError) -> String?

    /// - Parameter next: makes the next piece; nil after the last.
    init(_ next: @escaping () throws(TargetError) -> String?) { makeNext = next }

    /// Text in one piece.
    convenience init(once text: String) {
        var rest: String? = text
        self.init {
            defer { rest = nil }
            return rest
        }
    }

    func nextPiece() throws(TargetError) -> String? { try makeNext() }
}

extension DebuggedMachine {
    /// The monitor commands, for help.
    package var monitorCommands: [MonitorCommand] { Self.monitorRows.map(\.command) }

    /// Runs a command and returns its whole text.
    package func runMonitorCommand(_ name: String, arguments: [String], vcpu: Int) throws(TargetError) -> String {
        try row(name, arguments).body(self, arguments, vcpu)
    }

    /// Begins a command whose text takes long; returns nil for other commands.
    package func longMonitorCommand(
        _ name: String, arguments: [String], vcpu: Int
    ) throws(TargetError) -> (any LongText)? {
        try row(name, arguments).longBody?(self, arguments, vcpu)
    }

    private func row(_ name: String, _ arguments: [String]) throws(TargetError) -> MonitorRow<Self> {
        guard let row = Self.monitorRows.first(where: { $0.command.name == name }) else {
            throw .invalid("there is no monitor command \(name): monitor help lists them")
        }
        guard row.count.contains(arguments.count) else {
            let usage = row.command.arguments.isEmpty ? "no arguments" : row.command.arguments
            throw .invalid("\(name): wrong number of arguments; it takes \(usage)")
        }
        return row
    }

    /// Parses a number in the notation of C: decimal, or hexadecimal after 0x.
    static func number(_ text: String) -> UInt64? {
        let lower = text.lowercased()
        return lower.hasPrefix("0x") ? UInt64(lower.dropFirst(2), radix: 16) : UInt64(lower)
    }

    /// Parses an address among a command's arguments: a number, or `$` and the name of a register of the vCPU.
    func address(_ text: String, _ command: String, vcpu: Int) throws(TargetError) -> UInt64 {
        if text.hasPrefix("$") { return try value(ofRegister: text.dropFirst(), command, vcpu: vcpu) }
        guard let address = Self.number(text) else {
            throw .invalid(
                "\(command) \(text): give an address as a number, such as 0x40080000, or as a register, such as sp "
                    + "after a dollar sign; GDB puts no values into monitor commands, but eval does")
        }
        return address
    }

    /// Returns the value of a register that is named with `$`.
    ///
    /// GDB sends the line of a monitor command as the user typed it, so it does not replace `$sp` by its value.
    private func value(
        ofRegister name: Substring, _ command: String, vcpu: Int
    ) throws(TargetError) -> UInt64 {
        let registers = description.features.flatMap(\.registers)
        guard
            let register = registers.first(where: { $0.name == name || $0.alternativeName ?? "" == name }),
            register.byteCount <= 8
        else { throw .invalid("\(command): there is no register \(name) with an address in it") }
        return UInt64(littleEndianBytes: try readRegister(register.number, vcpu: vcpu))
    }
}

/// Formats a number with all 16 hexadecimal digits.
func padded(_ value: UInt64) -> String {
    hexadecimal(value, digits: 16)
}

/// Formats an address with all 16 hexadecimal digits.
func padded(_ address: some GuestAddress) -> String { padded(address.rawValue) }

/// Formats rows as columns, each as wide as its longest entry.
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
