/// Text for the client's console that waits until the machine runs, when clients read such text.
package struct HeldConsoleText {
    private var text: [UInt8] = []

    /// Upper bound on the text held, in bytes: later text is dropped.
    package static let capacity = 1 << 16

    /// No text.
    package init() {}

    /// Keeps text, up to the capacity.
    package mutating func append(_ newText: [UInt8]) {
        text += newText.prefix(Self.capacity - text.count)
    }

    /// Removes all text.
    package mutating func take() -> [UInt8] {
        defer { text = [] }
        return text
    }
}

/// Console text cut into the parts that are sent as one packet each: some lines at a time, because clients print each
/// packet when it arrives.
package struct ConsoleParts: Sequence, IteratorProtocol {
    private let text: [UInt8]
    private var start = 0

    /// The most bytes in a part.
    package static let longest = 1 << 12

    /// The parts of a text.
    package init(_ text: [UInt8]) { self.text = text }

    /// The next part.
    ///
    /// It ends after its last newline, if it has one and text follows.
    package mutating func next() -> ArraySlice<UInt8>? {
        guard start < text.count else { return nil }
        var end = Swift.min(text.count, start + Self.longest)
        if end < text.count, let newline = text[start..<end].lastIndex(of: UInt8(ascii: "\n")) { end = newline + 1 }
        defer { start = end }
        return text[start..<end]
    }
}
