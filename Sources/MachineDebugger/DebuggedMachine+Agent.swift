import Acceleration
package import Execution
import GDBStub
import Machine

extension DebuggedMachine {
    package func stopReason(atBreakpointOf vcpu: Int) -> StopEvent.Reason? {
        guard let pc = try? vcpus.programCounter(vcpu: vcpu) else { return .softwareBreakpoint }
        return stopReason(at: pc, vcpu: vcpu)
    }

    package var decidesByPrograms: Bool { machineAgent.hasPrograms }

    /// An experiment that has ended by itself leaves no breakpoints, whose hits would slow the guest down.
    package func removeUnneededBreakpoints() { try? set(debug) }

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
        // A breakpoint of a tracepoint that has stopped collecting has no owner until it is removed.
        case nil:
            debug.softwareBreakpoints.contains(pc)
                ? .softwareBreakpoint : debug.hardwareBreakpoints.contains(pc) ? .hardwareBreakpoint : nil
        }
    }

    package func followsSteps(of vcpu: Int) -> Bool { machineAgent.isStepping(vcpu: vcpu) }

    package func stepped(_ vcpu: Int) { machineAgent.stepped(vcpu: vcpu, target: self) }

    package func endSteps(of vcpu: Int) { machineAgent.endSteps(vcpu: vcpu) }

    package func agentChanged() throws(TargetError) {
        for address in machineAgent.ownAddresses { try check(instructionAt: address) }
        try set(debug)
    }
}
