/// Searches and checksums of memory that the stub computes (GDB manual, "General Query Packets").
public enum ScanCommand: Equatable, Sendable {
    /// `qSearch:memory`: finds the first occurrence of the pattern in `count` bytes from the address.
    case search(address: UInt64, count: UInt64, pattern: [UInt8])
    /// `qCRC`: computes the CRC-32 of `count` bytes from the address.
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
