/// Why the machine stopped: all its vCPUs are stopped when this is reported.
public struct StopEvent: Equatable, Sendable {
    public enum Reason: Equatable, Sendable {
        /// A pause somebody asked for: the client's Ctrl-C, or a client that has just attached.
        case paused
        /// The one instruction of a step is done.
        case stepped
        case softwareBreakpoint
        case hardwareBreakpoint
        /// The address is within the watched range, so that the client finds its watchpoint.
        case watchpoint(StopPoint.Kind, address: UInt64)
        /// An exception of the guest's own that the user asked to catch.
        case guestTrap
        /// The vCPU has been turned on, and that is to be told.
        case turnedOn
        /// The vCPU has turned itself off, and that is to be told.
        case turnedOff
        /// The guest powered off; the status is the guest's own where it gave one.
        case poweredOff(status: UInt8)
        /// The machine can't go on.
        case failed
    }

    public var reason: Reason
    /// The vCPU that stopped, from 0.
    public var vcpu: Int

    public init(_ reason: Reason, vcpu: Int) {
        self.reason = reason
        self.vcpu = vcpu
    }
}
