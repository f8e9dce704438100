/// A writer that builds an XML document element by element, as UTF-8.
///
/// The writer escapes attribute values and text, so its callers must not. A control character, which XML 1.0 does not
/// allow, becomes a space, so that a name from a target cannot make a client reject the document.
public struct XMLWriter: Sendable {
    /// The document so far.
    public private(set) var bytes: [UInt8] = []

    /// Creates an empty document.
    public init() {}

    /// Writes markup without escaping it, such as an XML declaration or a document type.
    public mutating func raw(_ markup: String) {
        bytes.append(contentsOf: markup.utf8)
    }

    /// Writes an element without content; an attribute with the value nil is omitted.
    public mutating func element(_ name: String, _ attributes: [(name: String, value: String?)]) {
        tag(name, attributes)
        raw("/>\n")
    }

    /// Writes a start tag; an attribute with the value nil is omitted.
    public mutating func begin(_ name: String, _ attributes: [(name: String, value: String?)] = []) {
        tag(name, attributes)
        raw(">\n")
    }

    /// Writes an end tag.
    public mutating func end(_ name: String) {
        raw("</")
        raw(name)
        raw(">\n")
    }

    /// Writes an element that contains text only; an attribute with the value nil is omitted.
    public mutating func element(
        _ name: String, _ attributes: [(name: String, value: String?)] = [], text: String
    ) {
        tag(name, attributes)
        raw(">")
        escape(text)
        end(name)
    }

    /// Writes the start of a tag up to its last attribute.
    private mutating func tag(_ name: String, _ attributes: [(name: String, value: String?)]) {
        raw("<")
        raw(name)
        for attribute in attributes {
            guard let value = attribute.value else { continue }
            raw(" ")
            raw(attribute.name)
            raw("=\"")
            escape(value)
            raw("\"")
        }
    }

    /// Writes text with XML's special characters replaced.
    private mutating func escape(_ text: String) {
        if text.utf8.allSatisfy(Self.isPlain) { return raw(text) }
        for byte in text.utf8 {
            switch Unicode.Scalar(byte) {
            case "&": raw("&amp;")
            case "<": raw("&lt;")
            case ">": raw("&gt;")
            case "\"": raw("&quot;")
            case "'": raw("&apos;")
            default: bytes.append(byte < 0x20 || byte == 0x7f ? 0x20 : byte)
            }
        }
    }

    /// Returns whether a byte never needs escaping; most names and numbers consist of such bytes.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
