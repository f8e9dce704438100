/// The whole result of running a plan.
package struct RunReport: Equatable, Sendable {
    package var outcome: RunOutcome
    /// In non-stop mode, the stops of other vCPUs that came together with the outcome.
    package var otherStops: [StopEvent] = []
    /// The vCPUs that were to move and have not executed an instruction: what was reported for them at PC still holds.
    package var unmoved: Set<Int> = []
    /// The vCPUs whose breakpoint at PC has been decided about, and whose instruction there has not been executed.
    package var passed: Set<Int> = []

    package init(_ outcome: RunOutcome) {
        self.outcome = outcome
    }
}

/// Why the vCPUs came to a halt.
package enum RunOutcome: Equatable, Sendable {
    /// A stop for the debugger.
    case stopped(StopEvent)
    /// `requestStop` was called.
    case requested
    /// The guest turned the machine off.
    case poweredOff(status: UInt8)
    /// The guest asked for a reset.
    case resetRequested
    /// The machine can't go on: what happened, for people.
    case failed(String)
}
