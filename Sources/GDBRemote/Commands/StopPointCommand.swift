/// A packet that inserts or removes a breakpoint or watchpoint: `Z` or `z` (GDB manual, "Packets").
public struct StopPointCommand: Equatable, Sendable {
    /// The two operations on a stop point.
    public enum Operation: Equatable, Sendable {
        /// `Z`, which inserts, and `z`, which removes.
        case insert, remove
    }

    /// A breakpoint's conditions and commands, as unchecked bytecode.
    public struct Program: Equatable, Sendable {
        /// The conditions.
        ///
        /// The breakpoint takes effect if any of them is true, or if there are none.
        public var conditions: [[UInt8]] = []
        /// The commands that run instead of a stop when the breakpoint takes effect.
        public var commands: [[UInt8]] = []
        /// Whether the commands keep running after the client disconnects.
        public var persists = false

        /// Bytecode of conditions and commands.
        ///
        /// `persists` keeps the commands running after the client disconnects.
        public init(conditions: [[UInt8]] = [], commands: [[UInt8]] = [], persists: Bool = false) {
            self.conditions = conditions
            self.commands = commands
            self.persists = persists
        }
    }

    /// The operation of the packet.
    public var operation: Operation
    /// The digit after the letter.
    ///
    /// Values above 4 have no meaning in the protocol yet.
    public var type: UInt64
    /// The address of the instruction, or the first address of the watched range.
    public var address: UInt64
    /// The size in bytes: of the instruction for a breakpoint, of the range for a watchpoint.
    public var kind: UInt64
    /// The conditions and commands.
    ///
    /// Only insertions of breakpoints have any.
    public var program = Program()

    /// A packet of these fields.
    public init(
        _ operation: Operation, type: UInt64, address: UInt64, kind: UInt64, program: Program = Program()
    ) {
        self.operation = operation
        self.type = type
        self.address = address
        self.kind = kind
        self.program = program
    }

    static func insert(_ reader: inout ByteReader) -> Command {
        guard var command = parse(.insert, &reader) else { return .malformed("Z takes TYPE,ADDRESS,KIND in hex") }
        // Only the two types of breakpoint have conditions and commands. Anything after another type is ignored.
        guard command.type <= 1 else { return .stopPoint(command) }
        guard let program = program(&reader) else {
            return .malformed(
                "Z takes ;XLENGTH,EXPRESSION... and ;cmds:0 or 1,XLENGTH,EXPRESSION... after the kind of a breakpoint")
        }
        command.program = program
        return .stopPoint(command)
    }

    static func remove(_ reader: inout ByteReader) -> Command {
        guard let command = parse(.remove, &reader) else { return .malformed("z takes TYPE,ADDRESS,KIND in hex") }
        return .stopPoint(command)
    }

    private static func parse(_ operation: Operation, _ reader: inout ByteReader) -> StopPointCommand? {
        guard let type = reader.number(), reader.skip(","), let address = reader.number(), reader.skip(","),
            let kind = reader.number(), reader.isAtEnd || reader.next == UInt8(ascii: ";")
        else { return nil }
        return StopPointCommand(operation, type: type, address: address, kind: kind)
    }

    /// Parses any number of `;X…` and `;cmds:P,X…`.
    ///
    /// GDB sends at most one of each; the first holds the conditions of all its breakpoints at the address.
    private static func program(_ reader: inout ByteReader) -> Program? {
        var program = Program()
        while reader.skip(";") {
            if reader.next == UInt8(ascii: "X") {
                guard let conditions = expressions(&reader) else { return nil }
                program.conditions += conditions
            } else {
                guard reader.upTo(":").isText("cmds"), reader.skip(":"), let persists = reader.number(), persists <= 1,
                    reader.skip(","), let commands = expressions(&reader)
                else { return nil }
                program.commands += commands
                program.persists = persists == 1
            }
        }
        return reader.isAtEnd ? program : nil
    }

    private static func expressions(_ reader: inout ByteReader) -> [[UInt8]]? {
        var expressions: [[UInt8]] = []
        while reader.next == UInt8(ascii: "X") {
            guard let bytes = reader.expression() else { return nil }
            expressions.append(bytes)
        }
        return expressions.isEmpty ? nil : expressions
    }
}

extension ByteReader {
    /// Reads an agent expression, `XLENGTH,BYTES`: its length in bytes, then the bytes in hex.
    mutating func expression() -> [UInt8]? {
        guard skip("X"), let length = number(), skip(","), length <= UInt64(rest.count / 2) else { return nil }
        return hexBytes(count: Int(length))
    }

    /// Reads `count` bytes in hex.
    mutating func hexBytes(count: Int) -> [UInt8]? {
        guard count >= 0, count <= rest.count / 2, let bytes = Hex.decode(rest.prefix(2 * count)) else { return nil }
        for _ in 0..<(2 * count) { _ = byte() }
        return bytes
    }
}
