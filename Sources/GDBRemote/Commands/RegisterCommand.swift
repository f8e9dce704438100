/// `g`, `G`, `p` and `P` (GDB manual, "Packets").
public enum RegisterCommand: Equatable, Sendable {
    /// All registers of the general packet.
    case readAll
    /// Writes them; nil stands for a byte sent as `xx`, whose register is to stay as it is.
    case writeAll([UInt8?])
    case read(number: UInt64)
    case write(number: UInt64, bytes: [UInt8])

    static func writeAll(_ reader: inout ByteReader) -> Command {
        let digits = reader.takeRest()
        guard !digits.isEmpty, digits.count % 2 == 0 else { return .malformed("G takes pairs of hex digits") }
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
        return .register(.writeAll(bytes))
    }

    static func read(_ reader: inout ByteReader) -> Command {
        guard let number = reader.number(), reader.isAtEnd else { return .malformed("p takes a register number") }
        return .register(.read(number: number))
    }

    static func write(_ reader: inout ByteReader) -> Command {
        guard let number = reader.number(), reader.skip("="), !reader.isAtEnd,
            let bytes = Hex.decode(reader.takeRest())
        else { return .malformed("P takes NUMBER=VALUE in hex") }
        return .register(.write(number: number, bytes: bytes))
    }
}
