import GDBRemote

/// The reason why an agent expression is rejected, or why running it failed.
public struct AgentError: Error, Equatable, Sendable {
    /// The kinds of failure.
    public enum Code: Equatable, Sendable {
        /// Malformed bytecode, found before it runs.
        case tooLong, truncated, unknownOpcode, badOperand, badFormat, jumpOutside, unequalStacks, stackUnderflow
        /// Malformed bytecode, found before it runs.
        case stackOverflow, missingEnd, missingValue
        /// A failure while the expression runs.
        case divisionByZero, tooManySteps, tooMuchText, register, memory, variable, traceBufferFull
    }

    /// The kind of the failure.
    public var code: Code
    /// The offset of the failing instruction in the expression, in bytes.
    public var offset: Int
    /// Details in addition to the code; may be empty.
    public var detail: String

    /// A failure at a byte offset of the expression, with details for the user.
    public init(_ code: Code, at offset: Int, _ detail: String = "") {
        self.code = code
        self.offset = offset
        self.detail = detail
    }

    /// The failure as one sentence without a period.
    public var text: String {
        let what =
            switch code {
            case .tooLong: "the expression has more than \(AgentExpression.maximumBytes) bytes"
            case .truncated: "the expression ends within an instruction"
            case .unknownOpcode: "the expression has an instruction that is not supported"
            case .badOperand: "the operand makes no sense"
            case .badFormat: "the printf format can't be used"
            case .jumpOutside: "the jump does not lead to an instruction of the expression"
            case .unequalStacks: "the stack's height depends on the path to this instruction"
            case .stackUnderflow: "the instruction takes more from the stack than there is"
            case .stackOverflow: "the stack grows beyond \(AgentExpression.maximumStack) elements"
            case .missingEnd: "the expression has no end"
            case .missingValue: "the expression has no value"
            case .divisionByZero: "division by zero"
            case .tooManySteps: "no end after \(AgentExpression.maximumSteps) instructions"
            case .tooMuchText: "one hit prints more than \(AgentExpression.maximumText) bytes"
            case .register: "the register can't be read"
            case .memory: "memory can't be read"
            case .variable: "there is no such trace state variable"
            case .traceBufferFull: "the trace buffer is full"
            }
        return (detail.utf8.isEmpty ? what : what + ": " + detail) + " (byte \(offset) of the expression)"
    }
}
