/// Decides about breakpoints where they are hit, on the thread that runs the vCPU: most conditions are false, and what
/// is false is nobody else's business.
///
/// Asked about one vCPU at a time. The vCPU does not run meanwhile, and whatever is asked of its registers and its memory
/// is as its instruction at PC will find it.
package protocol StopFilter: AnyObject, Sendable {
    /// Why everything stops for a breakpoint that the vCPU has at its PC; nil: it doesn't, and the instruction is
    /// executed as if there were no breakpoint.
    func stopReason(atBreakpointOf vcpu: Int) -> StopEvent.Reason?

    /// Whether that may take long: programs of the client's run for it.
    var decidesByPrograms: Bool { get }

    /// Tells, while no vCPU runs, that a breakpoint was passed: what is no longer needed goes.
    func settle()

    /// `stopReason(atBreakpointOf:)` for a vCPU that a step has led to where it is now, perhaps to no breakpoint.
    func stopReason(afterStepOf vcpu: Int) -> StopEvent.Reason?

    /// Whether something is collected after the vCPU's next instruction: then it executes just that one, with nothing
    /// else in between, and is told of.
    func followsSteps(of vcpu: Int) -> Bool

    /// Tells that a vCPU whose steps are followed has executed an instruction.
    func stepped(_ vcpu: Int)

    /// Tells that its next instruction is not one that follows the last.
    func endSteps(of vcpu: Int)
}
