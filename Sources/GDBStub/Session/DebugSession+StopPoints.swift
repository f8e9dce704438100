import Execution
import GDBRemote

extension DebugSession {
    func reply(to command: StopPointCommand) throws(TargetError) -> Reply {
        guard let type = UInt8(exactly: command.type), let kind = StopPoint.Kind(rawValue: type) else { return .empty }
        // The target interprets the kind of a breakpoint. It is not a size that could be checked.
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

    /// Removes a stop point with its conditions and commands.
    private func remove(_ point: StopPoint) throws(TargetError) {
        // The agent goes first: a breakpoint that the agent still needs would stay in place.
        let earlier = point.kind.isBreakpoint ? agent?.program(at: point) : nil
        agent?.remove(point)
        do throws(TargetError) {
            try target.remove(point, vcpu: accessVCPU)
        } catch {
            if let earlier { try agent?.set(earlier, at: point) }
            throw error
        }
    }

    /// Inserts a stop point with its conditions and commands, in place of earlier ones; all or nothing.
    ///
    /// A target without an agent stops at every hit, and the client then evaluates the conditions.
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
