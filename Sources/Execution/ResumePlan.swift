/// The resume action of a vCPU until the next stop (GDB manual, `vCont`).
public enum ResumeAction: Equatable, Sendable {
    /// Stays where it is.
    case hold
    /// Runs until something stops it.
    case `continue`
    /// Executes one instruction of the interrupted program, then everything stops.
    case step
    /// Steps while PC is in the range; an empty range is a single step.
    ///
    /// A single step is allowed in its place: the client then asks for more.
    case stepWithin(Range<UInt64>)
}

/// The resume action of each vCPU, and the mode in which they run.
public struct ResumePlan: Equatable, Sendable {
    /// The resume action of each vCPU.
    public var actions: [ResumeAction]

    /// Whether this is non-stop mode: the stop of one vCPU does not stop the others for the client, and they continue
    /// at once with a new plan.
    ///
    /// The end of each vCPU's step is then reported, also when several end together.
    public var isNonStop: Bool

    /// A plan with an action for each vCPU.
    public init(actions: [ResumeAction], isNonStop: Bool = false) {
        self.actions = actions
        self.isNonStop = isNonStop
    }
}
