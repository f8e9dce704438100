/// A reply's data, before escapes, runs and the checksum, which are the link's part.
public struct Reply: Equatable, Sendable {
    /// The bytes between `$` and `#`, before escapes and runs.
    public private(set) var data: [UInt8] = []

    /// An empty reply.
    public init() {}

    /// A reply of ASCII text.
    public init(_ text: String) {
        data = Array(text.utf8)
    }

    /// Not known here: do without.
    public static let empty = Reply()
    /// The reply `OK`.
    public static let ok = Reply("OK")

    /// The reply `Exx`.
    public static func error(_ code: UInt8) -> Reply {
        var reply = Reply("E")
        reply.append(hex: [code])
        return reply
    }

    /// `E.text`, for clients that announced `error-message`.
    ///
    /// They don't undo escapes in it, so what would need one becomes a question mark, as does all that is not ASCII.
    public static func error(text: String) -> Reply {
        var reply = Reply("E.")
        for byte in text.utf8 {
            switch Unicode.Scalar(byte) {
            case "#", "$", "}", "*": reply.data.append(UInt8(ascii: "?"))
            case " "..."~": reply.data.append(byte)
            case "\n", "\t": reply.data.append(UInt8(ascii: " "))
            default: reply.data.append(UInt8(ascii: "?"))
            }
        }
        return reply
    }

    /// `Exx;text` with the text in hex, for an LLDB that sent `QEnableErrorStrings`.
    public static func error(_ code: UInt8, hexText text: String) -> Reply {
        var reply = error(code)
        reply.append(";")
        reply.append(hex: Array(text.utf8))
        return reply
    }

    /// Bytes in hex.
    public static func hex(_ bytes: [UInt8]) -> Reply {
        var reply = Reply()
        reply.append(hex: bytes)
        return reply
    }

    /// Bytes in binary, after a `b` that distinguishes them from an error (GDB manual, the `x` packet).
    public static func binary(_ bytes: [UInt8]) -> Reply {
        var reply = Reply("b")
        reply.append(bytes)
        return reply
    }

    /// The part of a document in the window: after `m` if more follows it, otherwise after `l`; nil if the window
    /// begins beyond the end (GDB manual, "qXfer:object:read").
    public static func window(of document: [UInt8], offset: UInt64, length: UInt64) -> Reply? {
        guard offset <= UInt64(document.count) else { return nil }
        let start = Int(offset)
        let count = Int(min(length, UInt64(packetSize - 1), UInt64(document.count - start)))
        var reply = Reply(start + count < document.count ? "m" : "l")
        reply.data.append(contentsOf: document[start..<(start + count)])
        return reply
    }

    /// `O`: text for the user's console, no longer than ``maximumConsoleBytes``.
    public static func console(_ text: ArraySlice<UInt8>) -> Reply {
        var reply = Reply("O")
        Hex.append(text, to: &reply.data)
        return reply
    }

    /// The number of bytes of text that fit in one `O` packet.
    public static let maximumConsoleBytes = (packetSize - 1) / 2

    /// Appends ASCII text.
    public mutating func append(_ text: String) {
        data.append(contentsOf: text.utf8)
    }

    /// Appends bytes as they are.
    public mutating func append(_ bytes: [UInt8]) {
        data.append(contentsOf: bytes)
    }

    /// Appends bytes as two hex digits each.
    public mutating func append(hex bytes: [UInt8]) {
        Hex.append(bytes[...], to: &data)
    }

    /// Appends a number in hex, without leading zeros.
    public mutating func append(number: UInt64) {
        Hex.append(number: number, to: &data)
    }
}
