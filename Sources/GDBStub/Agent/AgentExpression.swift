/// An agent expression, checked and made ready to run (GDB manual, "The GDB Agent Expression Mechanism").
///
/// What can be known before is checked before, so that nothing a client sends can lead out of the expression or its
/// stack: every jump leads to an instruction, and every instruction has one height of the stack, whichever way leads to
/// it. GDB holds its own expressions to the same.
public struct AgentExpression: Equatable, Sendable {
    /// The expression as it was sent.
    public let bytes: [UInt8]
    let instructions: [Instruction]
    let formats: [AgentFormat]
    /// Whether there is something on the stack whichever way the expression ends.
    let leavesValue: Bool

    /// The largest size of an expression in bytes: jumps have offsets of 16 bits.
    public static let maximumBytes = 1 << 16
    static let maximumStack = 256
    /// How many instructions are executed at one hit before an expression is taken for one without an end.
    static let maximumSteps = 1 << 16
    /// How many bytes one hit may print, but for the last piece.
    static let maximumText = 1 << 16

    struct Instruction: Equatable, Sendable {
        var opcode: AgentOpcode
        /// Where it is, in bytes.
        var offset: UInt16
        /// For `print`, how many arguments.
        var count: UInt8 = 0
        /// The operand; for a jump the index of the instruction, for `print` that of the format.
        var operand: UInt64
    }

    /// Checks the code.
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

    /// Whether both have the same code.
    public static func == (one: AgentExpression, other: AgentExpression) -> Bool {
        one.bytes == other.bytes
    }
}
