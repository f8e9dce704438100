/// The decision whether a breakpoint stops, made where it is hit, on the thread that runs the vCPU.
///
/// Most conditions are false, so a hit that does not stop must not leave that thread. The filter is called for one vCPU at
/// a time. The vCPU does not run meanwhile, and its registers and memory are as its instruction at PC will find them.
package protocol StopFilter: AnyObject, Sendable {
    /// The reason to stop at a breakpoint at the vCPU's PC; nil if it does not stop, and the instruction is executed as if
    /// there were no breakpoint.
    func stopReason(atBreakpointOf vcpu: Int) -> StopEvent.Reason?

    /// Whether a decision may take long, because the client's programs run for it.
    var decidesByPrograms: Bool { get }

    /// Removes breakpoints that are no longer needed.
    ///
    /// Called while no vCPU runs, after a breakpoint did not stop.
    func removeUnneededBreakpoints()

    /// The reason to stop at a breakpoint at the vCPU's PC after a step; nil also if there is no breakpoint.
    func stopReason(afterStepOf vcpu: Int) -> StopEvent.Reason?

    /// Whether something is collected after the vCPU's next instruction. If so, the accelerator executes that instruction
    /// alone and then calls `stepped`.
    func followsSteps(of vcpu: Int) -> Bool

    /// Called when a vCPU whose steps are followed has executed an instruction.
    func stepped(_ vcpu: Int)

    /// Called when a vCPU's next instruction does not directly follow the last one.
    func endSteps(of vcpu: Int)
}
