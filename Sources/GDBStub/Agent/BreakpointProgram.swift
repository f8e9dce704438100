import GDBRemote

/// The conditions and commands of a breakpoint, which the target evaluates instead of the client.
struct BreakpointProgram: Equatable, Sendable {
    /// The breakpoint counts if any of them is true, or if there is none.
    var conditions: [AgentExpression] = []
    /// The commands that run instead of a stop when a condition holds.
    var commands: [AgentExpression] = []
    /// Whether the breakpoint stays when the client has left.
    var persists = false
    /// Whether its client has left.
    var isLeft = false

    /// A plain breakpoint.
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

    /// The size of all expressions together, in bytes.
    var byteCount: Int { (conditions + commands).reduce(0) { $0 + $1.bytes.count } }
}
