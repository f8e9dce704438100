/// Reads and writes of memory: `m`, `M`, `x` and `X` (GDB manual, "Packets").
public enum MemoryCommand: Equatable, Sendable {
    /// `m`: reads `count` bytes; the reply is hex.
    case read(address: UInt64, count: UInt64)
    /// `x`: reads `count` bytes; the reply is binary.
    case readBinary(address: UInt64, count: UInt64)
    /// `M` and `X`: writes the bytes. Their number equals the packet's count.
    case write(address: UInt64, bytes: [UInt8])

    static func read(_ reader: inout ByteReader) -> Command {
        guard let range = range(&reader), reader.isAtEnd else {
            return .malformed("m takes ADDRESS,COUNT in hex", .code)
        }
        return .memory(.read(address: range.address, count: range.count))
    }

    static func readBinary(_ reader: inout ByteReader) -> Command {
        guard let range = range(&reader), reader.isAtEnd else {
            return .malformed("x takes ADDRESS,COUNT in hex", .code)
        }
        return .memory(.readBinary(address: range.address, count: range.count))
    }

    static func write(_ reader: inout ByteReader) -> Command {
        guard let range = range(&reader), reader.skip(":"), let bytes = Hex.decode(reader.takeRest()),
            UInt64(bytes.count) == range.count
        else { return .malformed("M takes ADDRESS,COUNT:BYTES in hex") }
        return .memory(.write(address: range.address, bytes: bytes))
    }

    static func writeBinary(_ reader: inout ByteReader) -> Command {
        guard let range = range(&reader), reader.skip(":"), UInt64(reader.rest.count) == range.count
        else { return .malformed("X takes ADDRESS,COUNT:BYTES with the bytes in binary") }
        return .memory(.write(address: range.address, bytes: Array(reader.takeRest())))
    }

    private static func range(_ reader: inout ByteReader) -> (address: UInt64, count: UInt64)? {
        guard let address = reader.number(), reader.skip(","), let count = reader.number() else { return nil }
        return (address, count)
    }
}
