import Execution
import GDBRemote
import TargetDescription

extension DebugSession {
    /// Answers a tracepoint packet.
    mutating func reply(to command: TraceCommand) throws(TargetError) -> Reply? {
        let agent = try required(agent)
        let trace = agent.trace
        switch command {
        case .initialize:
            trace.clear()
            agent.interpreter.variables.removeAll()
            selectedFrame = nil
            try agentChanged()
        case .define(let definition): try trace.define(definition)
        case .actions(let id, let actions, let whileStepping):
            try trace.add(actions, whileStepping: whileStepping, to: id)
        case .source(let id, let piece): try trace.add(piece, to: id)
        case .defineVariable(let number, let value, let isBuiltIn, let name):
            guard number <= UInt64(UInt16.max),
                agent.interpreter.variables.define(number, initialValue: value, isBuiltIn: isBuiltIn, name: name)
            else { throw .noSpace("there can be \(TraceVariables.most) trace state variables, up to number 65535") }
        case .readOnly(let ranges): try trace.setReadOnly(ranges)
        case .start:
            selectedFrame = nil
            try trace.start()
            try startCollecting(agent)
        case .stop:
            trace.stop(.command)
            try agentChanged()
        case .enable(let id, let isEnabled):
            try trace.enable(id, isEnabled)
            try agentChanged()
        case .continueDisconnected(let goesOn): trace.continuesDisconnected = goesOn
        case .bufferIsCircular(let isCircular): trace.buffer.isCircular = isCircular
        case .bufferSize(let size): try resizeBuffer(of: trace, to: size)
        case .notes: break
        case .select(let search): return select(search, in: trace)
        case .status: return trace.status
        case .tracepointStatus(let id):
            guard let place = trace.place(of: id) else { throw .invalid("there is no such tracepoint") }
            var reply = Reply("V")
            reply.append(number: trace.tracepoints[place].hits)
            reply.append(":")
            reply.append(number: trace.tracepoints[place].usage)
            return reply
        case .variable(let number): return variable(number, agent)
        case .firstTracepoint:
            transfers.traceDefinitions = trace.definitions(registerDigits: generalMaskDigits).reversed()
            return nextTraceDefinition()
        case .firstVariable:
            transfers.traceDefinitions = agent.interpreter.variables.definitions.reversed()
            return nextTraceDefinition()
        case .nextTracepoint, .nextVariable: return nextTraceDefinition()
        case .buffer(let offset, let count):
            let bytes = trace.buffer.bytes(from: offset, most: Int(min(count, UInt64(packetSize / 2))))
            return bytes.isEmpty ? Reply("l") : .hex(bytes)
        }
        return .ok
    }

    /// The largest number of hex digits in a mask of the registers in `g`.
    private var generalMaskDigits: Int { (layout.generalRegisters.last?.number ?? 0) / 4 + 1 }

    /// Resets the trace state variables and inserts the breakpoints at which tracepoints collect.
    private func startCollecting(_ agent: Agent) throws(TargetError) {
        agent.interpreter.variables.reset()
        do throws(TargetError) {
            try agentChanged()
        } catch {
            agent.trace.stop(.error(error.text, 0))
            throw error
        }
    }

    private mutating func resizeBuffer(of trace: TraceExperiment, to size: UInt64?) throws(TargetError) {
        try trace.checkNotRunning()
        let size = size ?? UInt64(TraceBuffer.usualSize)
        guard size <= UInt64(TraceBuffer.maximumSize) else {
            throw .noSpace("the trace buffer can have up to \(TraceBuffer.maximumSize) bytes")
        }
        selectedFrame = nil
        trace.buffer.resize(Int(size))
    }

    private func variable(_ number: UInt64, _ agent: Agent) -> Reply {
        let value =
            selectedFrame.map { agent.trace.buffer[$0].variable(number, registerBytes: layout.generalByteCount) }
            ?? agent.interpreter.variables[number]
        guard let value else { return Reply("U") }
        var reply = Reply("V")
        reply.append(number: value)
        return reply
    }

    /// The reply with the next definition; `l` after the last one.
    private mutating func nextTraceDefinition() -> Reply { transfers.traceDefinitions.popLast() ?? Reply("l") }
}

extension TraceExperiment {
    /// The reply to `qTStatus`.
    var status: Reply {
        var reply = Reply(isRunning ? "T1" : "T0")
        switch state {
        case .neverRun: reply.append(";tnotrun:0")
        case .running: break
        case .stopped(.command): reply.append(";tstop::0")
        case .stopped(.bufferFull): reply.append(";tfull:0")
        case .stopped(.disconnected): reply.append(";tdisconnected:0")
        case .stopped(.passCount(let number)):
            reply.append(";tpasscount:")
            reply.append(number: number)
        case .stopped(.error(let text, let number)):
            reply.append(";terror:")
            reply.append(hex: Array(text.utf8))
            reply.append(":")
            reply.append(number: number)
        }
        for (name, value) in [
            (";tframes:", buffer.count), (";tcreated:", buffer.created), (";tfree:", buffer.free),
            (";tsize:", buffer.size), (";circular:", buffer.isCircular ? 1 : 0),
            (";disconn:", continuesDisconnected ? 1 : 0),
        ] {
            reply.append(name)
            reply.append(number: UInt64(value))
        }
        return reply
    }

    /// The replies to `qTfP` and `qTsP`, from which a client restores the tracepoints.
    ///
    /// Register masks are cut to the registers of `g`, the only ones collected. GDB writes a mask of all registers into
    /// trace files with as many digits as the highest number needs, and then rejects a line of that length.
    func definitions(registerDigits: Int) -> [Reply] {
        var replies: [Reply] = []
        for tracepoint in tracepoints {
            var reply = Reply(piece: "T", of: tracepoint.id)
            reply.append(tracepoint.isEnabled ? ":E:" : ":D:")
            reply.append(number: tracepoint.stepCount)
            reply.append(":")
            reply.append(number: tracepoint.passCount)
            if let condition = tracepoint.condition {
                reply.append(":X")
                reply.append(number: UInt64(condition.bytes.count))
                reply.append(",")
                reply.append(hex: condition.bytes)
            }
            replies.append(reply)
            for (piece, actions) in [("A", tracepoint.actions), ("S", tracepoint.stepActions)] {
                for action in actions {
                    var reply = Reply(piece: piece, of: tracepoint.id)
                    reply.append(":")
                    if case .registers = action.kind {
                        reply.append("R")
                        reply.append(Array(action.text.dropFirst().suffix(registerDigits)))
                    } else {
                        reply.append(action.text)
                    }
                    replies.append(reply)
                }
            }
            for source in tracepoint.sources {
                var reply = Reply(piece: "Z", of: tracepoint.id)
                reply.append(":")
                reply.append(source.type)
                reply.append(":")
                reply.append(number: source.start)
                reply.append(":")
                reply.append(number: source.length)
                reply.append(":")
                reply.append(hex: source.text)
                replies.append(reply)
            }
        }
        return replies
    }
}

extension TraceVariables {
    /// The replies to `qTfV` and `qTsV`.
    fileprivate var definitions: [Reply] {
        rows.sorted { $0.key < $1.key }.map { number, row in
            var reply = Reply()
            reply.append(number: number)
            reply.append(":")
            reply.append(number: row.initialValue)
            reply.append(row.isBuiltIn ? ":1:" : ":0:")
            reply.append(hex: row.name)
            return reply
        }
    }
}

extension Reply {
    /// The beginning of one part of a tracepoint's definition.
    fileprivate init(piece: String, of id: Tracepoint.ID) {
        self.init(piece)
        append(number: id.number)
        append(":")
        append(number: id.address)
    }
}
