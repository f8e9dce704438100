import Acceleration
package import Execution
import GDBStub
import Machine

extension DebuggedMachine {
    /// Returns the reason to stop at a breakpoint at the vCPU's PC; nil if its condition is false or it does not stop.
    package func stopReason(atBreakpointOf vcpu: Int) -> StopEvent.Reason? {
        guard let pc = try? vcpus.programCounter(vcpu: vcpu) else { return .softwareBreakpoint }
        return stopReason(at: pc, vcpu: vcpu)
    }

    /// Whether the agent has conditions, commands or tracepoints to evaluate.
    package var decidesByPrograms: Bool { machineAgent.hasPrograms }

    /// Removes the breakpoints of a trace experiment that has ended by itself, because their hits would slow down the
    /// guest.
    package func removeUnneededBreakpoints() { try? set(debug) }

    /// Returns the reason to stop at a breakpoint at the vCPU's PC after a step; nil also if there is no breakpoint.
    package func stopReason(afterStepOf vcpu: Int) -> StopEvent.Reason? {
        guard let pc = try? vcpus.programCounter(vcpu: vcpu),
            applied.softwareBreakpoints.contains(pc) || applied.hardwareBreakpoints.contains(pc),
            isBound(pc, toCurrentSpaceOf: vcpu)
        else { return nil }
        return stopReason(at: pc, vcpu: vcpu)
    }

    private func stopReason(at pc: UInt64, vcpu: Int) -> StopEvent.Reason? {
        switch machineAgent.hit(address: pc, vcpu: vcpu, target: self) {
        case .stop(.hardwareBreakpoint): .hardwareBreakpoint
        case .stop: .softwareBreakpoint
        case .pass: nil
        // The breakpoint of a tracepoint that no longer collects stays until it is removed, and stops only if the
        // client has one there.
        case nil:
            debug.softwareBreakpoints.contains(pc)
                ? .softwareBreakpoint : debug.hardwareBreakpoints.contains(pc) ? .hardwareBreakpoint : nil
        }
    }

    /// Whether the agent collects while-stepping data of the vCPU.
    package func followsSteps(of vcpu: Int) -> Bool { machineAgent.isStepping(vcpu: vcpu) }

    /// Collects the while-stepping data of the instruction that the vCPU has executed.
    package func stepped(_ vcpu: Int) { machineAgent.stepped(vcpu: vcpu, target: self) }

    /// Ends the collection of while-stepping data of the vCPU.
    package func endSteps(of vcpu: Int) { machineAgent.endSteps(vcpu: vcpu) }

    /// Inserts and removes breakpoints so that they match the agent's addresses.
    package func agentChanged() throws(TargetError) {
        for address in machineAgent.ownAddresses { try check(instructionAt: address) }
        try set(debug)
    }
}
