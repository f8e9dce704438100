public import Execution

/// An action that a session requests from its driver.
///
/// Actions are performed in order, each after the output before it is sent.
public enum SessionAction: Equatable, Sendable {
    /// Lets the vCPUs move as the plan says; `stopped` reports once how that ended.
    ///
    /// A machine that can't continue, because it is powered off or has failed, reports the same event again.
    ///
    /// In non-stop mode every standstill ends with this action, if any vCPU must run.
    case resume(ResumePlan)
    /// Stops the machine, which runs. Whatever stops it first is what `stopped` reports.
    ///
    /// In non-stop mode that is a standstill, asked for whenever a packet needs one; a pause is then no stop.
    case interrupt
    /// The session is over. The machine is stopped and has no breakpoints left: let all vCPUs continue and close the
    /// connection.
    case detach
    /// The client has left the machine, but not the connection: let all vCPUs continue. The machine has no breakpoints
    /// left; the driver removes everything else that the client has set.
    case release
    /// The client has killed the machine, but stays connected: hold the machine as it is. A reset comes before it runs
    /// again, or `kill`.
    case hold
    /// The session is over, and the client wanted the machine held: keep all vCPUs as they are, without breakpoints,
    /// for the next one, and close the connection.
    case leave
    /// The client wants the machine gone, and the session is over. The machine is stopped and has no breakpoints left:
    /// end it, reset it or let it continue, as the user chose, and close the connection.
    case kill
}
