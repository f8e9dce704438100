/// A writer of JSON documents as UTF-8: objects, arrays, numbers and strings.
///
/// The writer inserts commas, and escapes strings (RFC 8259, section 7).
public struct JSONWriter: Sendable {
    /// The document so far, as UTF-8.
    public private(set) var bytes: [UInt8] = []
    /// Whether a value precedes the next one, for the document and each open object and array.
    private var hasValues: [Bool] = [false]

    /// An empty document.
    public init() {}

    /// Opens an array.
    public mutating func beginArray() { open("[") }
    /// Closes an array.
    public mutating func endArray() { close("]") }
    /// Opens an object.
    public mutating func beginObject() { open("{") }
    /// Closes an object.
    public mutating func endObject() { close("}") }

    /// Writes a key.
    ///
    /// The next value written belongs to it.
    public mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        hasValues[hasValues.count - 1] = false
    }

    /// Writes a number.
    public mutating func value(_ number: UInt64) {
        separate()
        bytes.append(contentsOf: String(number).utf8)
    }

    /// Writes a string, with escapes.
    public mutating func value(_ text: String) {
        separate()
        quote(text)
    }

    /// Writes bytes as a string of hex digits.
    public mutating func value(hex data: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        Hex.append(data[...], to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        hasValues.append(false)
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        if hasValues.count > 1 { hasValues.removeLast() }
        bytes.append(UInt8(ascii: bracket))
    }

    private mutating func separate() {
        if hasValues[hasValues.count - 1] { bytes.append(UInt8(ascii: ",")) }
        hasValues[hasValues.count - 1] = true
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                Hex.append([byte][...], to: &bytes)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
