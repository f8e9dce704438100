import ByteOrder
import Execution
import GDBStub
import Machine
import NumberText

/// The format of a memory dump: `/COUNT FORMAT SIZE`, as in GDB's `x` and QEMU's `xp`.
struct DumpFormat: Equatable {
    var count = 1
    /// The format letter: x, d, u, o or c.
    var format: Character = "x"
    /// The size of a number in bytes.
    var size = 4

    /// Upper bound on the bytes of one dump.
    private static let maximumBytes = 1 << 16

    init() {}

    init(_ text: String) throws(TargetError) {
        var rest = text[...]
        guard rest.popFirst() == "/" else { throw Self.malformed(text) }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count)
        if !digits.isEmpty {
            guard let number = Int(digits), number > 0 else { throw Self.malformed(text) }
            count = number
        }
        var hasSize = false
        for letter in rest {
            switch letter {
            case "x", "d", "u", "o", "c": format = letter
            case "b": (size, hasSize) = (1, true)
            case "h": (size, hasSize) = (2, true)
            case "w": (size, hasSize) = (4, true)
            case "g": (size, hasSize) = (8, true)
            default: throw Self.malformed(text)
            }
        }
        if format == "c" && !hasSize { size = 1 }
        guard count <= Self.maximumBytes / size else {
            throw .invalid("xp \(text): at most \(sizeInWords(UInt64(Self.maximumBytes))) at a time")
        }
    }

    private static func malformed(_ text: String) -> TargetError {
        .invalid("xp \(text): the format is /COUNT, one of xduoc and one of bhwg, such as /8xw")
    }

    var byteCount: Int { count * size }

    /// Lines of 16 bytes, each after its address.
    func dump(_ bytes: [UInt8], at address: UInt64) -> String {
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let digits = String(address &+ UInt64(start), radix: 16)
            text += String(repeating: "0", count: max(0, 16 - digits.count)) + digits + ":"
            for offset in stride(from: start, to: min(start + 16, bytes.count), by: size) {
                let unit = bytes[offset..<min(offset + size, bytes.count)]
                text += " " + one(UInt64(littleEndianBytes: unit))
            }
            text += "\n"
        }
        return text
    }

    private func one(_ value: UInt64) -> String {
        switch format {
        case "d":
            let shift = 64 - 8 * UInt64(size)
            return String(Int64(bitPattern: value << shift) >> shift)
        case "u": return String(value)
        case "o": return "0" + String(value, radix: 8)
        case "c":
            let isPrintable = (0x20..<0x7f).contains(value)
            return isPrintable ? "'\(Character(Unicode.Scalar(UInt8(value))))'" : "\\x" + String(value, radix: 16)
        default:
            let digits = String(value, radix: 16)
            return "0x" + String(repeating: "0", count: max(0, 2 * size - digits.count)) + digits
        }
    }
}
