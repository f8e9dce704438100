/// Reads and writes of registers: `g`, `G`, `p` and `P` (GDB manual, "Packets").
///
/// LLDB may end each of them with `;thread:ID;`. A nil thread is the one that `Hg` selected.
public enum RegisterCommand: Equatable, Sendable {
    /// `g`: reads all registers of the general packet.
    case readAll(thread: ThreadID? = nil)
    /// `G`: writes them. Nil stands for a byte sent as `xx`, whose register keeps its value.
    case writeAll([UInt8?], thread: ThreadID? = nil)
    /// `p`: reads one register.
    case read(number: UInt64, thread: ThreadID? = nil)
    /// `P`: writes one register.
    case write(number: UInt64, bytes: [UInt8], thread: ThreadID? = nil)

    static func readAll(_ reader: inout ByteReader) -> Command {
        guard reader.isAtEnd || reader.next == UInt8(ascii: ";") else { return .unknown }
        guard let suffix = Suffix(&reader) else { return .malformed("g takes nothing, or ;thread:ID;") }
        return .register(.readAll(thread: suffix.thread))
    }

    static func writeAll(_ reader: inout ByteReader) -> Command {
        let digits = reader.upTo(";")
        guard !digits.isEmpty, digits.count % 2 == 0, let suffix = Suffix(&reader) else {
            return .malformed("G takes pairs of hex digits")
        }
        var bytes: [UInt8?] = []
        bytes.reserveCapacity(digits.count / 2)
        var index = digits.startIndex
        while index < digits.endIndex {
            let pair = digits[index..<(index + 2)]
            if pair.isText("xx") {
                bytes.append(nil)
            } else if let byte = Hex.decode(pair) {
                bytes.append(byte[0])
            } else {
                return .malformed("G takes pairs of hex digits")
            }
            index += 2
        }
        return .register(.writeAll(bytes, thread: suffix.thread))
    }

    static func read(_ reader: inout ByteReader) -> Command {
        guard let number = reader.number(), let suffix = Suffix(&reader) else {
            return .malformed("p takes a register number")
        }
        return .register(.read(number: number, thread: suffix.thread))
    }

    static func write(_ reader: inout ByteReader) -> Command {
        let malformed = Command.malformed("P takes NUMBER=VALUE in hex")
        guard let number = reader.number(), reader.skip("=") else { return malformed }
        let digits = reader.upTo(";")
        guard !digits.isEmpty, let bytes = Hex.decode(digits), let suffix = Suffix(&reader) else { return malformed }
        return .register(.write(number: number, bytes: bytes, thread: suffix.thread))
    }

    /// The end of a packet: nothing, or `;thread:ID;` with an optional last semicolon.
    private struct Suffix {
        var thread: ThreadID?

        init?(_ reader: inout ByteReader) {
            if reader.isAtEnd { return }
            guard reader.skip(";"), reader.upTo(":").isText("thread"), reader.skip(":"),
                let thread = ThreadID(&reader)
            else { return nil }
            _ = reader.skip(";")
            guard reader.isAtEnd else { return nil }
            self.thread = thread
        }
    }
}
