import GDBRemote

/// One location of a tracepoint: where it is, what it collects, and what it has done.
struct Tracepoint {
    typealias ID = TraceCommand.TracepointID

    /// Something to collect, ready to be.
    struct Action {
        enum Kind {
            case registers
            case memory(register: UInt64?, offset: UInt64, count: UInt64)
            case expression(AgentExpression)
        }

        var kind: Kind
        /// As the client wrote it, for those that come later.
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
    /// Whether what comes next belongs to the steps.
    var isDefiningSteps = false
    var sources: [TraceCommand.SourcePiece] = []

    /// How often it has been hit in this experiment.
    var hits: UInt64 = 0
    /// How many bytes of the buffer its frames took.
    var usage: UInt64 = 0
    /// Whether it has been reported that something could not be collected.
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
