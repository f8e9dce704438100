/// A cursor over a packet's data.
///
/// The reads declared here leave the cursor in place when they fail. A read composed of several, such as
/// ``expression()``, may leave it farther on.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The bytes that have not been read yet.
    var rest: ArraySlice<UInt8> { bytes[position...] }

    /// The next byte; it stays unread.
    ///
    /// Nil at the end.
    var next: UInt8? { isAtEnd ? nil : bytes[position] }

    /// Reads one byte of any value; nil at the end.
    mutating func byte() -> UInt8? {
        guard let next else { return nil }
        position += 1
        return next
    }

    /// Reads the character if it comes next, and returns whether it did.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Reads all remaining bytes.
    mutating func takeRest() -> ArraySlice<UInt8> {
        defer { position = bytes.count }
        return rest
    }

    /// Reads up to the first of the given characters, or to the end.
    ///
    /// The character found stays unread.
    mutating func upTo(_ characters: Unicode.Scalar...) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, !characters.contains(Unicode.Scalar(bytes[position])) {
            position += 1
        }
        return bytes[start..<position]
    }

    /// Reads a hexadecimal number of at least one digit; nil if there is no digit or the number does not fit in 64
    /// bits.
    mutating func number() -> UInt64? {
        var value: UInt64 = 0
        var index = position
        while index < bytes.count, let digit = Hex.value(ofDigit: bytes[index]) {
            guard value >> 60 == 0 else { return nil }
            value = value << 4 | UInt64(digit)
            index += 1
        }
        guard index > position else { return nil }
        position = index
        return value
    }
}

extension ArraySlice<UInt8> {
    /// Whether the bytes are the UTF-8 of the text.
    func isText(_ text: String) -> Bool {
        elementsEqual(text.utf8)
    }
}
