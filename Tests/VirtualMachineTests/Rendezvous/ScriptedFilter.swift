import Acceleration
import Execution
import TestSupport

/// Decides about breakpoints at random, and follows some steps.
final class ScriptedFilter: StopFilter, @unchecked Sendable {
    // SAFETY: a schedule is on one thread.
    private let backend: ScriptedBackend
    private var random: SeededRandom
    /// Steps that are still to be followed, by vCPU.
    private var followed: [Int: Int] = [:]

    init(_ backend: ScriptedBackend, _ random: SeededRandom) {
        self.backend = backend
        self.random = random
    }

    var decidesByPrograms: Bool { false }

    func stopReason(atBreakpointOf vcpu: Int) -> StopEvent.Reason? {
        let pc = backend.vcpus[vcpu].pc
        if !backend.hasBreakpoint(at: pc) {
            backend.violation("vCPU \(vcpu) has no breakpoint at \(pc) to decide about")
        }
        return decide(vcpu)
    }

    func stopReason(afterStepOf vcpu: Int) -> StopEvent.Reason? {
        backend.hasBreakpoint(at: backend.vcpus[vcpu].pc) ? decide(vcpu) : nil
    }

    private func decide(_ vcpu: Int) -> StopEvent.Reason? {
        let pc = backend.vcpus[vcpu].pc
        let state = backend.vcpus[vcpu]
        if state.passedBreakpoint == pc || state.owedBreakpoint == pc {
            backend.violation("the breakpoint at \(pc) of vCPU \(vcpu) is decided about twice")
        }
        if random.chance(20) { followed[vcpu] = 1 + random.below(4) }
        let stops = random.chance(50)
        if stops { backend.vcpus[vcpu].owedBreakpoint = pc } else { backend.vcpus[vcpu].passedBreakpoint = pc }
        return stops ? .softwareBreakpoint : nil
    }

    func removeUnneededBreakpoints() {}
    func followsSteps(of vcpu: Int) -> Bool { followed[vcpu, default: 0] > 0 }

    func stepped(_ vcpu: Int) {
        if !followsSteps(of: vcpu) { backend.violation("a step of vCPU \(vcpu) is told of that nobody follows") }
        followed[vcpu, default: 1] -= 1
    }

    func endSteps(of vcpu: Int) { followed[vcpu] = 0 }
}
