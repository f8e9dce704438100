/// The whole result of running a plan.
package struct RunReport: Equatable, Sendable {
    /// Why no vCPU runs any more.
    package var outcome: RunOutcome
    /// In non-stop mode, the stops of other vCPUs that came together with the outcome.
    package var otherStops: [StopEvent] = []
    /// The vCPUs that were resumed and have executed nothing: the stops reported at their PC still hold.
    package var unmoved: Set<Int> = []
    /// The vCPUs whose breakpoint at the PC does not stop, as the filter has decided, and that have not executed the
    /// instruction there yet.
    ///
    /// A vCPU may be in both sets.
    package var passed: Set<Int> = []

    /// A report of an outcome, with no other stops.
    package init(_ outcome: RunOutcome) {
        self.outcome = outcome
    }
}

/// Why the vCPUs stopped.
package enum RunOutcome: Equatable, Sendable {
    /// A stop for the debugger.
    case stopped(StopEvent)
    /// `requestStop` was called.
    case requested
    /// The guest turned the machine off.
    case poweredOff(status: UInt8)
    /// The guest asked for a reset.
    case resetRequested
    /// The machine can't continue; the text is the reason, for display.
    case failed(String)
}
