/// A resume action of a vCPU, in effect until the next stop (GDB manual, `vCont`).
public enum ResumeAction: Equatable, Sendable {
    /// Stays stopped.
    case hold
    /// Runs until an event stops it.
    case `continue`
    /// Executes one instruction of the interrupted program. All vCPUs then stop.
    case step
    /// Steps while the PC is in the range. An empty range is a single step.
    ///
    /// A single step is a valid implementation, because the client then steps again.
    case stepWithin(Range<UInt64>)
}

/// The resume action of each vCPU, and the mode in which they run.
public struct ResumePlan: Equatable, Sendable {
    /// The resume action of each vCPU.
    public var actions: [ResumeAction]

    /// Whether the plan is for non-stop mode.
    ///
    /// The stop of one vCPU then does not stop the others for the client; they continue at once with a new plan.
    ///
    /// The end of each vCPU's step is reported, even if several end together.
    public var isNonStop: Bool

    /// A plan with an action for each vCPU.
    public init(actions: [ResumeAction], isNonStop: Bool = false) {
        self.actions = actions
        self.isNonStop = isNonStop
    }
}
