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

    /// Called while no vCPU runs, after a breakpoint was passed: removes breakpoints that are no longer needed.
    func settle()

    /// `stopReason(atBreakpointOf:)` for a vCPU that a step has led to where it is now, perhaps to no breakpoint.
    func stopReason(afterStepOf vcpu: Int) -> StopEvent.Reason?

    /// Whether something is collected after the vCPU's next instruction. If so, the accelerator executes that instruction
    /// alone and then calls `stepped`.
    func followsSteps(of vcpu: Int) -> Bool

    /// Called when a vCPU whose steps are followed has executed an instruction.
    func stepped(_ vcpu: Int)

    /// Called when a vCPU's next instruction does not directly follow the last one.
    func endSteps(of vcpu: Int)
}
