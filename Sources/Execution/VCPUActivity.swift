/// The activity of a vCPU, for display.
package enum VCPUActivity: Equatable, Sendable {
    /// The vCPU executes instructions, or would do so if it were not held.
    case running
    /// The vCPU waits for an interrupt (WFI).
    case waiting
    /// The vCPU waits for an event (WFE).
    case waitingForEvent
    /// The vCPU is powered off, or was never powered on (PSCI).
    case off
}

/// The number of exits for one cause, by vCPU.
package struct ExitCount: Equatable, Sendable {
    /// The cause, for display.
    package var reason: String
    /// The count for each vCPU.
    package var counts: [UInt64]

    /// The counts for a cause, one for each vCPU.
    package init(reason: String, counts: [UInt64]) {
        self.reason = reason
        self.counts = counts
    }
}
