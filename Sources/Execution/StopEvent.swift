/// Why the machine stopped: all its vCPUs are stopped when this is reported.
public struct StopEvent: Equatable, Sendable {
    /// Why a vCPU, or the whole machine, stopped.
    public enum Reason: Equatable, Sendable {
        /// A pause on request: the client's Ctrl-C, or a client that has just attached.
        case paused
        /// The one instruction of a step is done.
        case stepped
        /// A software breakpoint was hit.
        case softwareBreakpoint
        /// A hardware breakpoint was hit.
        case hardwareBreakpoint
        /// A watchpoint was hit; the address is within the watched range, so that the client finds its watchpoint.
        case watchpoint(StopPoint.Kind, address: UInt64)
        /// An exception of the guest's own that the user asked to catch.
        case caughtException
        /// The vCPU has been turned on. Reported only where a client asks for it.
        case turnedOn
        /// The vCPU has turned itself off. Reported only where a client asks for it.
        case turnedOff
        /// The guest powered off; the status is the guest's own where it gave one.
        case poweredOff(status: UInt8)
        /// The machine can't continue.
        case failed
    }

    /// Why it stopped.
    public var reason: Reason
    /// The vCPU that stopped, from 0.
    public var vcpu: Int

    /// A stop of a vCPU, counted from 0.
    public init(_ reason: Reason, vcpu: Int) {
        self.reason = reason
        self.vcpu = vcpu
    }
}
