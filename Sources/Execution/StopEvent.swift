/// A stop of the machine.
///
/// No vCPU runs when it is reported.
public struct StopEvent: Equatable, Sendable {
    /// The reasons why a vCPU or the whole machine stops.
    public enum Reason: Equatable, Sendable {
        /// A requested pause: Ctrl-C, or a client that has just attached.
        case paused
        /// The one instruction of a step is complete.
        case stepped
        /// A software breakpoint was hit.
        case softwareBreakpoint
        /// A hardware breakpoint was hit.
        case hardwareBreakpoint
        /// A watchpoint was hit. The address is within the watched range, so that the client can find its watchpoint.
        case watchpoint(StopPoint.Kind, address: UInt64)
        /// A guest exception that the user asked to catch.
        case caughtException
        /// The vCPU was turned on. Reported only if a client has requested it.
        case turnedOn
        /// The vCPU turned itself off. Reported only if a client has requested it.
        case turnedOff
        /// The guest powered off, with its own status or 0.
        case poweredOff(status: UInt8)
        /// The machine cannot continue.
        case failed
    }

    /// The reason for the stop.
    public var reason: Reason
    /// The number of the vCPU that stopped, from 0.
    public var vcpu: Int

    /// A stop of the vCPU with this number, from 0.
    public init(_ reason: Reason, vcpu: Int) {
        self.reason = reason
        self.vcpu = vcpu
    }
}
