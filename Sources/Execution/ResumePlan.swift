/// The resume action of each vCPU (GDB manual, `vCont`).
public struct ResumePlan: Equatable, Sendable {
    /// The resume action of a vCPU until the next stop.
    public enum Motion: Equatable, Sendable {
        /// Stays where it is.
        case hold
        /// Runs until something stops it.
        case `continue`
        /// Executes one instruction of the interrupted program, then everything stops.
        case step
        /// Steps on as long as it gets to addresses in the range; an empty one is a single step.
        ///
        /// A single step is allowed in its place: the client then asks for more.
        case stepWithin(Range<UInt64>)
    }

    /// One motion for each vCPU.
    public var motions: [Motion]

    /// Whether this is non-stop mode: the stop of one vCPU does not stop the others for the client, and they continue
    /// at once with a new plan.
    ///
    /// Each vCPU that steps is then reported, also when several of them get there together.
    public var isNonStop: Bool

    /// A plan with a motion for each vCPU.
    public init(motions: [Motion], isNonStop: Bool = false) {
        self.motions = motions
        self.isNonStop = isNonStop
    }
}
