/// Work on memory that is done where the memory is (GDB manual, "General Query Packets").
public enum ScanCommand: Equatable, Sendable {
    /// `qSearch:memory`: where the pattern is first found.
    case search(address: UInt64, count: UInt64, pattern: [UInt8])
    /// `qCRC`: the CRC-32 of a range.
    case checksum(address: UInt64, count: UInt64)

    @Sendable static func search(_ reader: inout ByteReader) -> Command {
        guard reader.skip(":"), reader.upTo(":").isText("memory") else { return .unknown }
        guard reader.skip(":"), let address = reader.number(), reader.skip(";"), let count = reader.number(),
            reader.skip(";"), !reader.isAtEnd
        else { return .malformed("qSearch:memory takes :ADDRESS;COUNT;PATTERN with the pattern in binary") }
        return .scan(.search(address: address, count: count, pattern: Array(reader.takeRest())))
    }

    @Sendable static func checksum(_ reader: inout ByteReader) -> Command {
        guard reader.skip(":"), let address = reader.number(), reader.skip(","), let count = reader.number(),
            reader.isAtEnd
        else { return .malformed("qCRC takes :ADDRESS,COUNT in hex") }
        return .scan(.checksum(address: address, count: count))
    }
}
