/// The filter that decides whether a breakpoint stops, on the thread that runs the vCPU.
///
/// Most conditions are false, so a hit that does not stop must not involve another thread. The filter is called for one
/// vCPU at a time. The vCPU does not run meanwhile, and its registers and memory are in the state before the
/// instruction at its PC.
package protocol StopFilter: AnyObject, Sendable {
    /// Returns the reason to stop at a breakpoint at the vCPU's PC. Nil means no stop: the vCPU executes the
    /// instruction as if there were no breakpoint.
    func stopReason(atBreakpointOf vcpu: Int) -> StopEvent.Reason?

    /// Whether a decision may take long, because it runs the client's programs.
    var decidesByPrograms: Bool { get }

    /// Removes breakpoints that are no longer needed.
    ///
    /// Called while no vCPU runs, after a breakpoint did not stop.
    func removeUnneededBreakpoints()

    /// Returns the reason to stop at a breakpoint at the vCPU's PC after a step. Nil means no stop, or no breakpoint.
    func stopReason(afterStepOf vcpu: Int) -> StopEvent.Reason?

    /// Returns whether data is collected after the vCPU's next instruction. If so, the accelerator executes that
    /// instruction alone and then calls `stepped`.
    func followsSteps(of vcpu: Int) -> Bool

    /// Called after a vCPU for which `followsSteps` is true has executed an instruction.
    func stepped(_ vcpu: Int)

    /// Called if a vCPU's next instruction does not directly follow its last one.
    func endSteps(of vcpu: Int)
}
