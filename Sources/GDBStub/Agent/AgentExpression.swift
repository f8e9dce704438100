/// A verified agent expression, ready to run (GDB manual, "The GDB Agent Expression Mechanism").
///
/// Verification ensures that no client can make the interpreter leave the expression or its stack: every jump targets
/// an instruction, and every instruction has the same stack height on all paths to it. GDB verifies its own expressions
/// by the same rules.
public struct AgentExpression: Equatable, Sendable {
    /// The bytecode, as sent.
    public let bytes: [UInt8]
    let instructions: [Instruction]
    let formats: [AgentFormat]
    /// Whether the stack is not empty at any end of the expression.
    let leavesValue: Bool

    /// The largest size of an expression in bytes.
    ///
    /// Jumps have offsets of 16 bits.
    public static let maximumBytes = 1 << 16
    static let maximumStack = 256
    /// The most instructions that all expressions of one hit may execute.
    ///
    /// An expression that exceeds it is assumed not to end.
    static let maximumSteps = 1 << 16
    /// The number of printed bytes after which one hit may print nothing more.
    ///
    /// The last piece may exceed it.
    static let maximumText = 1 << 16

    struct Instruction: Equatable, Sendable {
        var opcode: AgentOpcode
        /// The offset of the instruction, in bytes.
        var offset: UInt16
        /// For `print`, the number of arguments.
        var count: UInt8 = 0
        /// The operand.
        ///
        /// For a jump it is the index of the target instruction; for `print`, the index of the format.
        var operand: UInt64
    }

    /// Verifies the bytecode.
    ///
    /// Throws if it is malformed, could leave its stack or is larger than ``maximumBytes``.
    public init(_ bytes: [UInt8]) throws(AgentError) {
        guard bytes.count <= Self.maximumBytes else { throw AgentError(.tooLong, at: 0) }
        self.bytes = bytes
        var decoder = AgentDecoder(bytes)
        try decoder.decode()
        leavesValue = try decoder.checkStack() > 0
        instructions = decoder.instructions
        formats = decoder.formats
    }

    /// Whether both have the same bytecode.
    public static func == (one: AgentExpression, other: AgentExpression) -> Bool {
        one.bytes == other.bytes
    }
}
