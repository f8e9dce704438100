import AArch64
package import GDBStub
import Machine

extension MachineTarget: StopFilter {
    package func stopReason(atBreakpointOf vcpu: Int) -> StopEvent.Reason? {
        guard let pc = try? accelerator.read(.pc, vcpu: vcpu) else { return .softwareBreakpoint }
        return stopReason(at: pc, vcpu: vcpu)
    }

    /// An experiment that has ended by itself leaves no breakpoints, whose hits would slow the guest down.
    package func settle() { try? set(debug) }

    package func stopReason(afterStepOf vcpu: Int) -> StopEvent.Reason? {
        guard let pc = try? accelerator.read(.pc, vcpu: vcpu),
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
        // One of a tracepoint that has stopped collecting is nobody's until it is taken out.
        case nil:
            debug.softwareBreakpoints.contains(pc)
                ? .softwareBreakpoint : debug.hardwareBreakpoints.contains(pc) ? .hardwareBreakpoint : nil
        }
    }

    package func followsSteps(of vcpu: Int) -> Bool { machineAgent.isStepping(vcpu: vcpu) }

    package func stepped(_ vcpu: Int) { machineAgent.stepped(vcpu: vcpu, target: self) }

    package func endSteps(of vcpu: Int) { machineAgent.endSteps(vcpu: vcpu) }

    package func agentChanged() throws(TargetError) {
        if let address = machineAgent.ownAddresses.first(where: { $0 & 3 != 0 }) {
            throw .invalid("tracepoint at \(hexadecimal(address)): A64 instructions lie at multiples of 4")
        }
        try set(debug)
    }

    /// Whether a breakpoint at the address is one for the vCPU, which the accelerator has not looked at after a step.
    private func isBound(_ address: UInt64, toCurrentSpaceOf vcpu: Int) -> Bool {
        guard let binding = applied.bindings[address] else { return true }
        guard let registers = try? TranslationRegisters(accelerator, vcpu: vcpu) else { return true }
        return binding.matches(ttbr0: registers.ttbr0, ttbr1: registers.ttbr1, tcr: registers.tcr)
    }
}
