/// `Z` and `z`: breakpoints and watchpoints (GDB manual, "Packets").
public struct StopPointCommand: Equatable, Sendable {
    /// The two operations on a stop point.
    public enum Operation: Equatable, Sendable {
        /// `Z` and `z`.
        case insert, remove
    }

    /// The conditions and commands of a breakpoint, in bytecode that has not been checked yet.
    public struct Program: Equatable, Sendable {
        /// The breakpoint counts if any of them is true, or if there is none.
        public var conditions: [[UInt8]] = []
        /// The commands that run instead of a stop when a condition holds.
        public var commands: [[UInt8]] = []
        /// Whether the commands continue to run when the client has disconnected.
        public var persists = false

        /// Bytecode of conditions and commands; `persists` keeps the commands when the client leaves.
        public init(conditions: [[UInt8]] = [], commands: [[UInt8]] = [], persists: Bool = false) {
            self.conditions = conditions
            self.commands = commands
            self.persists = persists
        }
    }

    /// Whether the stop point is inserted or removed.
    public var operation: Operation
    /// The digit after the letter.
    ///
    /// Those above 4 have no meaning yet.
    public var type: UInt64
    /// The address of the instruction, or the first address of the watched range.
    public var address: UInt64
    /// The instruction's size for a breakpoint, the range's for a watchpoint, both in bytes.
    public var kind: UInt64
    /// For breakpoints that are inserted; no other packet carries any.
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
        // Only the two kinds of breakpoints have conditions and commands; what else follows is let be.
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

    /// `;X…` and `;cmds:P,X…`, in any number; GDB sends one of each at most, the conditions of all its breakpoints at
    /// the address in the first.
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
    /// Reads `XLENGTH,BYTES`: an agent expression, its length in bytes and its bytes in hex.
    mutating func expression() -> [UInt8]? {
        guard skip("X"), let length = number(), skip(","), length <= UInt64(rest.count / 2) else { return nil }
        return hexBytes(count: Int(length))
    }

    /// Reads that many bytes in hex.
    mutating func hexBytes(count: Int) -> [UInt8]? {
        guard count >= 0, count <= rest.count / 2, let bytes = Hex.decode(rest.prefix(2 * count)) else { return nil }
        for _ in 0..<(2 * count) { _ = byte() }
        return bytes
    }
}
