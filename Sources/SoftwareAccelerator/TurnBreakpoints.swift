import AArch64CPU
import Acceleration
import Execution

/// The bridge from the cluster to the stop filter, called within a vCPU's turn.
///
/// Keeps the reason of the breakpoint that ends the turn.
final class TurnBreakpoints: BreakpointFilter {
    private unowned let filter: any StopFilter
    private(set) var reason: StopEvent.Reason?

    init(_ filter: any StopFilter) {
        self.filter = filter
    }

    func passesBreakpoint(of vcpu: Int) -> Bool {
        reason = filter.stopReason(atBreakpointOf: vcpu)
        return reason == nil
    }

    func followsSteps(of vcpu: Int) -> Bool { filter.followsSteps(of: vcpu) }

    func stepped(_ vcpu: Int) { filter.stepped(vcpu) }

    func endSteps(of vcpu: Int) { filter.endSteps(of: vcpu) }
}
