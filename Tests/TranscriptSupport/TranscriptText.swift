// Bytes and text as they are written in a transcript: printable ASCII, on one line.

/// Text of a record that cannot be understood.
package struct TranscriptError: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

package enum TranscriptText {
    /// Bytes as ASCII; a backslash and every byte that is not printable is written as `\xNN`, a line feed as `\n`.
    package static func escaped(_ bytes: [UInt8]) -> String { escaped(bytes) { _ in false } }

    /// A string that is one word of a list: its spaces and separators are escaped, too.
    package static func word(_ text: String) -> String {
        text.isEmpty ? "\\e" : escaped(Array(text.utf8)) { separators.contains($0) }
    }

    private static let separators = Set(" ,;|:=".utf8)

    private static func escaped(_ bytes: [UInt8], _ isEscaped: (UInt8) -> Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                text += "\\n".utf8
            } else if !(0x20...0x7e).contains(byte) || byte == UInt8(ascii: "\\") || isEscaped(byte) {
                text += "\\x\(hex(byte))".utf8
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of escaped text.
    package static func bytes(_ text: some StringProtocol) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "e"): break
            case UInt8(ascii: "x"):
                guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { fallthrough }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: throw TranscriptError("an unknown escape in \(text)")
            }
        }
        return bytes
    }

    /// The text that was escaped.
    package static func string(_ text: some StringProtocol) throws -> String {
        String(decoding: try bytes(text), as: UTF8.self)
    }

    // MARK: Binary data

    /// Runs shorter than this are written byte by byte.
    private static let shortestRun = 8

    /// Bytes in hexadecimal; a long run of one byte is written as `00*128`, with a dot before and after it.
    package static func data(_ bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else { return "-" }
        var parts: [String] = []
        var plain = ""
        var index = 0
        while index < bytes.count {
            let end = bytes[index...].firstIndex { $0 != bytes[index] } ?? bytes.count
            if end - index >= shortestRun {
                if !plain.isEmpty { parts.append(plain) }
                plain = ""
                parts.append("\(hex(bytes[index]))*\(end - index)")
            } else {
                for byte in bytes[index..<end] { plain += hex(byte) }
            }
            index = end
        }
        if !plain.isEmpty { parts.append(plain) }
        return parts.joined(separator: ".")
    }

    /// The bytes that ``data(_:)`` wrote.
    package static func data(from text: some StringProtocol) throws -> [UInt8] {
        guard text != "-" else { return [] }
        var bytes: [UInt8] = []
        for part in text.split(separator: ".") {
            let halves = part.split(separator: "*")
            let digits = Array(halves[0].utf8)
            for index in stride(from: 0, to: digits.count, by: 2) {
                guard let byte = UInt8(String(decoding: digits[index...].prefix(2), as: UTF8.self), radix: 16) else {
                    throw TranscriptError("not hexadecimal: \(part)")
                }
                bytes.append(byte)
            }
            if halves.count == 2, let byte = bytes.popLast(), let count = Int(halves[1]) {
                bytes += repeatElement(byte, count: count)
            }
        }
        return bytes
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

/// A number as it is written in a transcript: hexadecimal.
func hexadecimal(_ number: UInt64) -> String { String(number, radix: 16) }

/// The number that ``hexadecimal(_:)`` wrote.
func number(_ text: some StringProtocol) throws -> UInt64 {
    guard let value = UInt64(text, radix: 16) else { throw TranscriptError("not a hexadecimal number: \(text)") }
    return value
}

/// The number that decimal digits stand for.
func decimal(_ text: some StringProtocol) throws -> Int {
    guard let value = Int(text) else { throw TranscriptError("not a decimal number: \(text)") }
    return value
}
