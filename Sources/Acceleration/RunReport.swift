package import Execution

/// The whole result of running a plan.
package struct RunReport: Equatable, Sendable {
    package var outcome: RunOutcome
    /// In non-stop mode, the stops of other vCPUs that came together with the outcome.
    package var otherStops: [StopEvent] = []
    /// In non-stop mode, the vCPUs that were to move and didn't get to.
    package var unmoved: Set<Int> = []
    /// The vCPUs whose breakpoint at PC has been decided about, and whose instruction there is still to be executed.
    package var passed: Set<Int> = []

    package init(_ outcome: RunOutcome) {
        self.outcome = outcome
    }
}
