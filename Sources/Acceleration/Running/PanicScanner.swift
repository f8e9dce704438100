/// A scanner that finds a Linux kernel's panic message in its console output.
///
/// `panic()` first prints the reason. If it does not restart the machine (`panic=N`), its last line is
/// `---[ end Kernel panic - not syncing: REASON ]---` (Linux, kernel/panic.c). Both are recognized only at the start of
/// a line, after the time and the caller that printk prepends (kernel/printk/printk.c).
package struct PanicScanner: Sendable {
    /// An event that a line of console output reports.
    package enum Event: Equatable, Sendable {
        /// The kernel panics. It may still restart the machine.
        case began(reason: String)
        /// The kernel has printed the last line of its panic message.
        case ended(reason: String)
        /// The kernel restarts the machine on request.
        case restarts
    }

    /// The last complete lines, oldest first.
    package private(set) var lastLines: [String] = []
    private var line: [UInt8] = []

    /// The largest number of lines kept.
    package static let lineLimit = 20
    /// The length in bytes at which lines are cut.
    ///
    /// Lines of printk have at most 1 KiB (`LOG_LINE_MAX`).
    private static let lengthLimit = 2048

    private static let beginning = Array("Kernel panic - not syncing: ".utf8)
    private static let closing = Array("---[ end Kernel panic - not syncing: ".utf8)
    private static let closingEnd = Array(" ]---".utf8)
    private static let restarting = Array("reboot: Restarting system".utf8)

    /// A scanner at the start of a line.
    package init() {}

    /// Processes a byte of console output, and returns the event that the completed line reports, if any.
    package mutating func receive(_ byte: UInt8) -> Event? {
        guard byte == UInt8(ascii: "\n") else {
            if line.count < Self.lengthLimit { line.append(byte) }
            return nil
        }
        while line.last == UInt8(ascii: "\r") { line.removeLast() }
        defer { line.removeAll(keepingCapacity: true) }
        if lastLines.count == Self.lineLimit { lastLines.removeFirst() }
        lastLines.append(Self.printable(line))
        return Self.event(in: Self.message(of: line))
    }

    private static func event(in message: ArraySlice<UInt8>) -> Event? {
        if message.starts(with: beginning) {
            return .began(reason: printable(message.dropFirst(beginning.count)))
        }
        if message.starts(with: closing), message.count >= closing.count + closingEnd.count,
            message.suffix(closingEnd.count).elementsEqual(closingEnd)
        {
            return .ended(reason: printable(message.dropFirst(closing.count).dropLast(closingEnd.count)))
        }
        return message.starts(with: restarting) ? .restarts : nil
    }

    /// Returns the line without the time (`[   12.345678]`) and the caller (`[    T1]`), either of which may be
    /// missing.
    private static func message(of line: [UInt8]) -> ArraySlice<UInt8> {
        var rest = line[...]
        for _ in 0..<2 where rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")), end - rest.startIndex <= 24,
                rest[(rest.startIndex + 1)..<end].allSatisfy(isOfPrefix)
            else { break }
            rest = rest[(end + 1)...]
        }
        return rest.startIndex > 0 && rest.first == UInt8(ascii: " ") ? rest.dropFirst() : line[...]
    }

    private static func isOfPrefix(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: "T"),
            UInt8(ascii: "C"):
            true
        default: false
        }
    }

    /// Decodes text and removes characters that could control the user's terminal.
    private static func printable(_ bytes: some Collection<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        text.append(
            contentsOf: String(decoding: bytes, as: UTF8.self).unicodeScalars.filter { scalar in
                switch scalar.properties.generalCategory {
                case .control: scalar == "\t"
                case .format, .lineSeparator, .paragraphSeparator: false
                default: true
                }
            })
        return String(text)
    }
}
