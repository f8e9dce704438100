/// Writes an XML document as bytes, element by element.
///
/// Attribute values and text are escaped here and nowhere else. What XML 1.0 does not allow at all (control
/// characters) becomes a space, so that no name a target gives can make a document that a client refuses.
public struct XMLWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty document.
    public init() {}

    /// Writes markup as it is: a declaration or a document type.
    public mutating func raw(_ markup: String) {
        bytes.append(contentsOf: markup.utf8)
    }

    /// Writes an element without content; attributes whose value is nil are left out.
    public mutating func element(_ name: String, _ attributes: [(name: String, value: String?)]) {
        tag(name, attributes)
        raw("/>\n")
    }

    /// Writes a start tag.
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

    /// Writes an element with nothing but text in it.
    public mutating func element(
        _ name: String, _ attributes: [(name: String, value: String?)] = [], text: String
    ) {
        tag(name, attributes)
        raw(">")
        escape(text)
        end(name)
    }

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

    /// Whether a byte stands for itself: of most names and numbers every one does.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
