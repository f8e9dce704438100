/// Cuts text that comes in pieces into lines.
package struct LineSplitter {
    private var line: [UInt8] = []

    /// The longest line in bytes; a longer one is reported in parts.
    private static let longest = 4096

    package init() {}

    /// Takes text and passes on each line that is complete, without its end.
    package mutating func add(_ text: [UInt8], _ receive: (String) -> Void) {
        for byte in text {
            if byte != UInt8(ascii: "\n") { line.append(byte) }
            if byte == UInt8(ascii: "\n") || line.count == Self.longest {
                receive(String(decoding: line, as: UTF8.self))
                line = []
            }
        }
    }
}
