/// `Z` and `z`: breakpoints and watchpoints (GDB manual, "Packets").
public struct StopPointCommand: Equatable, Sendable {
    public enum Operation: Equatable, Sendable {
        case insert, remove
    }

    public var operation: Operation
    /// The digit behind the letter.
    ///
    /// Those above 4 have no meaning yet.
    public var type: UInt64
    public var address: UInt64
    /// The instruction's size for a breakpoint, the range's for a watchpoint, both in bytes.
    public var kind: UInt64

    public init(_ operation: Operation, type: UInt64, address: UInt64, kind: UInt64) {
        self.operation = operation
        self.type = type
        self.address = address
        self.kind = kind
    }

    static func insert(_ reader: inout ByteReader) -> Command {
        parse(.insert, &reader) ?? .malformed("Z takes TYPE,ADDRESS,KIND in hex")
    }

    static func remove(_ reader: inout ByteReader) -> Command {
        parse(.remove, &reader) ?? .malformed("z takes TYPE,ADDRESS,KIND in hex")
    }

    /// Conditions and commands, behind a `;`, are let be: a stub may stop more often than they say, since the client
    /// checks them again.
    private static func parse(_ operation: Operation, _ reader: inout ByteReader) -> Command? {
        guard let type = reader.number(), reader.skip(","), let address = reader.number(), reader.skip(","),
            let kind = reader.number(), reader.isAtEnd || reader.skip(";")
        else { return nil }
        return .stopPoint(StopPointCommand(operation, type: type, address: address, kind: kind))
    }
}
