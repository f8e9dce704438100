import GDBRemote

/// The conditions and commands of a breakpoint that the target evaluates in place of the client.
struct BreakpointProgram: Equatable, Sendable {
    /// The conditions.
    ///
    /// The breakpoint takes effect if any of them is true, or if there are none.
    var conditions: [AgentExpression] = []
    /// The commands that run instead of a stop when the breakpoint takes effect.
    var commands: [AgentExpression] = []
    /// Whether the breakpoint persists after its client disconnects.
    var persists = false
    /// Whether its client has disconnected.
    var isLeft = false

    /// A breakpoint without conditions and commands.
    init() {}

    init(_ program: StopPointCommand.Program) throws(AgentError) {
        for bytes in program.conditions {
            let expression = try AgentExpression(bytes)
            guard expression.leavesValue else {
                throw AgentError(.missingValue, at: bytes.count, "a condition has to leave a value on the stack")
            }
            conditions.append(expression)
        }
        for bytes in program.commands { commands.append(try AgentExpression(bytes)) }
        persists = program.persists && !commands.isEmpty
    }

    var isEmpty: Bool { conditions.isEmpty && commands.isEmpty }

    /// The size of all expressions in bytes.
    var byteCount: Int { (conditions + commands).reduce(0) { $0 + $1.bytes.count } }
}
