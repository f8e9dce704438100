public import Execution

/// An action that a session requests from its driver.
///
/// Actions are performed in order, each after the output before it is sent.
public enum SessionAction: Equatable, Sendable {
    /// Resumes the vCPUs according to the plan. The driver then reports their stop once, by `stopped`.
    ///
    /// A machine that cannot continue, because it is powered off or has failed, reports the same event again.
    ///
    /// In non-stop mode this action ends every standstill after which a vCPU must run.
    case resume(ResumePlan)
    /// Stops the running machine. The driver reports the first event that stops it, by `stopped`.
    ///
    /// In non-stop mode this requests a standstill, whenever a packet needs one. A pause is then not reported to the
    /// client.
    case interrupt
    /// Ends the session: resume all vCPUs and close the connection. The machine is stopped and has no breakpoints left.
    case detach
    /// Resumes all vCPUs without the client, which stays connected. The machine has no breakpoints left; the driver
    /// removes the client's other settings.
    case release
    /// Holds the machine, which the client has killed while it stays connected. It must be reset before it runs again.
    case hold
    /// Ends the session with the machine held: keep all vCPUs stopped, without breakpoints, for the next session, and
    /// close the connection.
    case leave
    /// Ends the session after the client killed the machine: end it, reset it or let it continue, as configured, and
    /// close the connection. The machine is stopped and has no breakpoints left.
    case kill
}
