import Execution
import GDBRemote
import TargetDescription

extension TraceExperiment {
    /// Collects at the tracepoints of an address that a vCPU has hit.
    func hit(
        _ address: UInt64, layout: RegisterLayout, _ interpreter: AgentInterpreter,
        _ context: inout AgentInterpreter.Context
    ) {
        for place in places(at: address) where isRunning && tracepoints[place].isEnabled {
            guard isDue(place, interpreter, &context) else { continue }
            tracepoints[place].hits += 1
            collect(place, tracepoints[place].actions, layout, interpreter, &context)
            let tracepoint = tracepoints[place]
            if tracepoint.passCount > 0 && tracepoint.hits >= tracepoint.passCount {
                stop(.passCount(tracepoint.id.number))
            } else if isRunning && tracepoint.stepCount > 0 && !isStepping(context.vcpu, from: place) {
                // A hit during the steps neither ends nor extends them. Otherwise a loop shorter than the steps would
                // be collected forever.
                steps.append((context.vcpu, place, tracepoint.stepCount))
            }
        }
    }

    /// Whether steps of the vCPU after a hit are still to be collected.
    func isStepping(_ vcpu: Int) -> Bool { steps.contains { $0.vcpu == vcpu } }

    private func isStepping(_ vcpu: Int, from place: Int) -> Bool {
        steps.contains { $0.vcpu == vcpu && $0.place == place }
    }

    /// Collects after an instruction of a vCPU that is stepping.
    func stepped(
        layout: RegisterLayout, _ interpreter: AgentInterpreter, _ context: inout AgentInterpreter.Context
    ) {
        let vcpu = context.vcpu
        for index in steps.indices where steps[index].vcpu == vcpu { steps[index].left -= 1 }
        for step in steps where step.vcpu == vcpu && isRunning {
            collect(step.place, tracepoints[step.place].stepActions, layout, interpreter, &context)
        }
        steps.removeAll { $0.vcpu == vcpu && $0.left == 0 }
    }

    /// Ends the steps of a vCPU, because it will not execute the next instruction of its sequence.
    func endSteps(_ vcpu: Int) { steps.removeAll { $0.vcpu == vcpu } }

    private func isDue(
        _ place: Int, _ interpreter: AgentInterpreter, _ context: inout AgentInterpreter.Context
    ) -> Bool {
        guard let condition = tracepoints[place].condition else { return true }
        do throws(AgentError) {
            return try interpreter.run(condition, in: &context) != 0
        } catch {
            // If the condition fails, it is unknown whether to collect the hit.
            stop(.error("condition: " + error.text, tracepoints[place].id.number))
            return false
        }
    }

    /// Performs the actions and stores what they collect as a frame.
    ///
    /// Unreadable memory is missing from the frame, and is reported to the user once.
    private func collect(
        _ place: Int, _ actions: [Tracepoint.Action], _ layout: RegisterLayout, _ interpreter: AgentInterpreter,
        _ context: inout AgentInterpreter.Context
    ) {
        let id = tracepoints[place].id
        let frame = TraceFrame(tracepoint: UInt16(truncatingIfNeeded: id.number), address: id.address)
        context.frame = frame
        defer { context.frame = nil }
        for action in actions {
            do throws(AgentError) {
                // Collecting counts as much as computing, so that a hit ends soon.
                guard context.stepsLeft > 0 else {
                    throw AgentError(.tooManySteps, at: 0, "one hit collects for too long")
                }
                context.stepsLeft -= action.kind.steps
                switch action.kind {
                case .registers: frame.add(registers: context.generalRegisters(layout))
                case .memory(let register, let offset, let count):
                    try context.collect(register: register, offset: offset, count: count, in: frame)
                case .expression(let expression): _ = try interpreter.run(expression, in: &context)
                }
            } catch {
                if !tracepoints[place].hasComplained {
                    tracepoints[place].hasComplained = true
                    context.note("tracepoint \(id.number)", id.address, error)
                }
                if context.stepsLeft <= 0 { break }
            }
        }
        if buffer.append(frame) {
            tracepoints[place].usage += UInt64(frame.byteCount)
        } else {
            stop(.bufferFull)
        }
    }
}

extension Tracepoint.Action.Kind {
    /// The cost of the action, as the number of expression instructions that take about as long.
    fileprivate var steps: Int {
        switch self {
        case .registers: 256
        case .memory(_, _, let count): 16 + Int(clamping: count / 256)
        case .expression: 1
        }
    }
}

extension AgentInterpreter.Context {
    /// Returns the registers of `g`, with zeros for an unreadable one.
    fileprivate func generalRegisters(_ layout: RegisterLayout) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(layout.generalByteCount)
        for register in layout.generalRegisters {
            if let value = try? target.readRegister(register.number, vcpu: vcpu), value.count == register.byteCount {
                bytes += value
            } else {
                bytes += repeatElement(0, count: register.byteCount)
            }
        }
        return bytes
    }

    fileprivate func collect(
        register: UInt64?, offset: UInt64, count: UInt64, in frame: TraceFrame
    ) throws(AgentError) {
        guard count > 0 else { return }
        try frame.checkRoom(for: count, at: 0)
        do throws(TargetError) {
            var address = offset
            if let register {
                guard let number = Int(exactly: register) else { throw .invalid("there is no register \(register)") }
                address &+= try target.readRegisterValue(number, vcpu: vcpu)
            }
            let bytes = try target.readMemory(address, count: Int(count), vcpu: vcpu)
            do throws(AgentError) {
                try frame.add(memory: address, bytes, at: 0)
            } catch {
                throw .noSpace(error.text)
            }
        } catch {
            throw AgentError(.memory, at: 0, error.text)
        }
    }
}
