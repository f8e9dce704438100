/// The result of running a plan.
package struct RunReport: Equatable, Sendable {
    /// The reason why no vCPU runs any longer.
    package var outcome: RunOutcome
    /// The stops of other vCPUs at the same time as the outcome, in non-stop mode.
    package var otherStops: [StopEvent] = []
    /// The resumed vCPUs that have executed nothing.
    ///
    /// The stops reported at their PCs remain valid.
    package var unmoved: Set<Int> = []
    /// The vCPUs that have not executed the instruction at their PC although the filter has decided that the breakpoint
    /// there does not stop.
    ///
    /// A vCPU may be in both sets.
    package var passed: Set<Int> = []

    /// A report of an outcome without other stops.
    package init(_ outcome: RunOutcome) {
        self.outcome = outcome
    }
}

/// The reason why the vCPUs stopped.
package enum RunOutcome: Equatable, Sendable {
    /// A stop for the debugger.
    case stopped(StopEvent)
    /// `requestStop` was called.
    case requested
    /// The guest turned the machine off.
    case poweredOff(status: UInt8)
    /// The guest requested a reset.
    case resetRequested
    /// The machine cannot continue. The text is the reason, for display.
    case failed(String)
}
