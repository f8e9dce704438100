/// What each vCPU does next, as `vCont` says it.
public struct ResumePlan: Equatable, Sendable {
    public enum Motion: Equatable, Sendable {
        /// Stays where it is.
        case hold
        case `continue`
        /// Executes one instruction of the interrupted program, then everything stops.
        case step
    }

    /// One motion for each vCPU.
    public var motions: [Motion]

    public init(motions: [Motion]) {
        self.motions = motions
    }
}
