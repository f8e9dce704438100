/// Reads a packet's data from front to back.
///
/// Every read that fails leaves the reader where it was.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The bytes that have not been read yet.
    var rest: ArraySlice<UInt8> { bytes[position...] }

    /// The next byte, which stays unread.
    var next: UInt8? { isAtEnd ? nil : bytes[position] }

    /// Reads one byte, whatever it is.
    mutating func byte() -> UInt8? {
        guard let next else { return nil }
        position += 1
        return next
    }

    /// Reads that character, if it is the next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Reads everything.
    mutating func takeRest() -> ArraySlice<UInt8> {
        defer { position = bytes.count }
        return rest
    }

    /// Reads up to the first byte that is one of the characters, or to the end.
    ///
    /// That byte stays unread.
    mutating func upTo(_ characters: Unicode.Scalar...) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, !characters.contains(Unicode.Scalar(bytes[position])) {
            position += 1
        }
        return bytes[start..<position]
    }

    /// Reads a hex number of at least one digit; nil too if it does not fit 64 bits.
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
    /// Whether these are the characters of the text.
    func isText(_ text: String) -> Bool {
        elementsEqual(text.utf8)
    }
}
