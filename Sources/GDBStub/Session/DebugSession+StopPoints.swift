import Execution
import GDBRemote

extension DebugSession {
    func reply(to command: StopPointCommand) throws(TargetError) -> Reply {
        guard let type = UInt8(exactly: command.type), let kind = StopPoint.Kind(rawValue: type) else { return .empty }
        // The kind of a breakpoint is the target's to interpret: it is no size that could be checked.
        guard kind.isBreakpoint || command.kind == 0 || endsInAddressSpace(command.address, count: command.kind) else {
            throw .invalid("\(command.kind) bytes reach beyond the last address")
        }
        let point = StopPoint(kind: kind, address: command.address, length: command.kind)
        switch command.operation {
        case .insert: try insert(point, command.program)
        case .remove: try remove(point)
        }
        return .ok
    }

    /// Removes a stop point and what is evaluated there.
    private func remove(_ point: StopPoint) throws(TargetError) {
        // First the program: what the agent needs for itself would keep the breakpoint in.
        let earlier = point.kind.isBreakpoint ? agent?.program(at: point) : nil
        agent?.remove(point)
        do throws(TargetError) {
            try target.remove(point, vcpu: accessVCPU)
        } catch {
            if let earlier { try agent?.set(earlier, at: point) }
            throw error
        }
    }

    /// Sets a stop point with what is evaluated there, in place of what was; all of it or nothing.
    ///
    /// A target without an agent stops each time: the client looks at its conditions again.
    private func insert(_ point: StopPoint, _ program: StopPointCommand.Program) throws(TargetError) {
        guard let agent, point.kind.isBreakpoint else {
            return try target.insert(point, vcpu: accessVCPU)
        }
        let checked: BreakpointProgram
        do throws(AgentError) {
            checked = try BreakpointProgram(program)
        } catch {
            throw .invalid("breakpoint at 0x\(String(point.address, radix: 16)): \(error.text)")
        }
        let earlier = agent.program(at: point)
        try agent.set(checked, at: point)
        do throws(TargetError) {
            try target.insert(point, vcpu: accessVCPU)
        } catch {
            if let earlier { try agent.set(earlier, at: point) } else { agent.remove(point) }
            throw error
        }
    }
}
