/// Text for the client's console, held until the machine runs, because clients read such text only then.
package struct HeldConsoleText {
    private var text: [UInt8] = []

    /// The most bytes of text held.
    ///
    /// Later text is dropped.
    package static let capacity = 1 << 16

    /// No text.
    package init() {}

    /// Appends text, up to the capacity.
    package mutating func append(_ newText: [UInt8]) {
        text += newText.prefix(Self.capacity - text.count)
    }

    /// Returns the text and removes it.
    package mutating func take() -> [UInt8] {
        defer { text = [] }
        return text
    }
}

/// Console text, cut into parts that are sent as one packet each.
///
/// Each part has several lines, because clients print a packet when it arrives.
package struct ConsoleParts: Sequence, IteratorProtocol {
    private let text: [UInt8]
    private var start = 0

    /// The most bytes in a part.
    package static let longest = 1 << 12

    /// The parts of a text.
    package init(_ text: [UInt8]) { self.text = text }

    /// Returns the next part; nil at the end.
    ///
    /// A part that is not the last ends after its last newline, if it has one.
    package mutating func next() -> ArraySlice<UInt8>? {
        guard start < text.count else { return nil }
        var end = Swift.min(text.count, start + Self.longest)
        if end < text.count, let newline = text[start..<end].lastIndex(of: UInt8(ascii: "\n")) { end = newline + 1 }
        defer { start = end }
        return text[start..<end]
    }
}
