import GDBRemote

/// One location of a tracepoint, with its actions and its statistics.
struct Tracepoint {
    typealias ID = TraceCommand.TracepointID

    /// A verified action.
    struct Action {
        enum Kind {
            case registers
            case memory(register: UInt64?, offset: UInt64, count: UInt64)
            case expression(AgentExpression)
        }

        var kind: Kind
        /// The action as the client sent it, for clients that connect later.
        var text: [UInt8]

        init(_ action: TraceCommand.Action) throws(AgentError) {
            text = action.text
            switch action.kind {
            case .registers: kind = .registers
            case .memory(let register, let offset, let count):
                kind = .memory(register: register, offset: offset, count: count)
            case .expression(let bytes): kind = .expression(try AgentExpression(bytes))
            }
        }
    }

    let id: ID
    var isEnabled: Bool
    let stepCount: UInt64
    let passCount: UInt64
    let condition: AgentExpression?
    var actions: [Action] = []
    /// The actions performed after each of the steps that follow a hit.
    var stepActions: [Action] = []
    /// Whether further actions belong to the steps.
    var isDefiningSteps = false
    var sources: [TraceCommand.SourcePiece] = []

    /// The number of hits in this experiment.
    var hits: UInt64 = 0
    /// The number of bytes of the buffer that the location's frames used.
    var usage: UInt64 = 0
    /// Whether a failure to collect has been reported to the user.
    var hasComplained = false

    init(_ definition: TraceCommand.Definition) throws(AgentError) {
        id = definition.id
        isEnabled = definition.isEnabled
        stepCount = definition.stepCount
        passCount = definition.passCount
        if let bytes = definition.condition {
            let expression = try AgentExpression(bytes)
            guard expression.leavesValue else {
                throw AgentError(.missingValue, at: bytes.count, "a condition has to leave a value on the stack")
            }
            condition = expression
        } else {
            condition = nil
        }
    }
}
