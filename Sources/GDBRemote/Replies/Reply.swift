/// The data of a reply.
///
/// ``PacketLink`` adds escapes, runs and the checksum.
public struct Reply: Equatable, Sendable {
    /// The bytes between `$` and `#`, before escapes and runs.
    public private(set) var data: [UInt8] = []

    /// An empty reply.
    public init() {}

    /// A reply of ASCII text.
    public init(_ text: String) {
        data = Array(text.utf8)
    }

    /// The empty reply, which states that the packet is not supported.
    public static let empty = Reply()
    /// The reply `OK`.
    public static let ok = Reply("OK")

    /// The reply `Exx`.
    public static func error(_ code: UInt8) -> Reply {
        var reply = Reply("E")
        reply.append(hex: [code])
        return reply
    }

    /// The reply `E.text`, for clients that announced `error-message`.
    ///
    /// Clients do not decode escapes in it, so characters that need one, and characters outside ASCII, become question
    /// marks.
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

    /// The reply `Exx;text` with the text in hex, for an LLDB that has sent `QEnableErrorStrings`.
    public static func error(_ code: UInt8, hexText text: String) -> Reply {
        var reply = error(code)
        reply.append(";")
        reply.append(hex: Array(text.utf8))
        return reply
    }

    /// A reply of bytes in hex.
    public static func hex(_ bytes: [UInt8]) -> Reply {
        var reply = Reply()
        reply.append(hex: bytes)
        return reply
    }

    /// A reply of bytes in binary, after a `b` that distinguishes them from an error (GDB manual, the `x` packet).
    public static func binary(_ bytes: [UInt8]) -> Reply {
        var reply = Reply("b")
        reply.append(bytes)
        return reply
    }

    /// A part of a document: after `m` if more follows, otherwise after `l` (GDB manual, "qXfer:object:read").
    ///
    /// Nil if the part begins after the document's end. Offset and length are in bytes.
    public static func window(of document: [UInt8], offset: UInt64, length: UInt64) -> Reply? {
        guard offset <= UInt64(document.count) else { return nil }
        let start = Int(offset)
        let count = Int(min(length, UInt64(packetSize - 1), UInt64(document.count - start)))
        var reply = Reply(start + count < document.count ? "m" : "l")
        reply.data.append(contentsOf: document[start..<(start + count)])
        return reply
    }

    /// The packet `O`: text for the user's console, at most ``maximumConsoleBytes`` long.
    public static func console(_ text: ArraySlice<UInt8>) -> Reply {
        var reply = Reply("O")
        Hex.append(text, to: &reply.data)
        return reply
    }

    /// The most bytes of text that fit in one `O` packet.
    public static let maximumConsoleBytes = (packetSize - 1) / 2

    /// Appends ASCII text.
    public mutating func append(_ text: String) {
        data.append(contentsOf: text.utf8)
    }

    /// Appends bytes unchanged.
    public mutating func append(_ bytes: [UInt8]) {
        data.append(contentsOf: bytes)
    }

    /// Appends each byte as two hex digits.
    public mutating func append(hex bytes: [UInt8]) {
        Hex.append(bytes[...], to: &data)
    }

    /// Appends a number in hex, without leading zeros.
    public mutating func append(number: UInt64) {
        Hex.append(number: number, to: &data)
    }
}
