/// The activity of a vCPU, for display.
package enum VCPUActivity: Equatable, Sendable {
    /// Executes instructions, or would if it were not held.
    case running
    /// In WFI: waits for an interrupt.
    case waiting
    /// In WFE: waits for an event.
    case waitingForEvent
    /// Turned off, or never turned on (PSCI).
    case off
}

/// The number of exits of each vCPU for one cause.
package struct ExitCount: Equatable, Sendable {
    /// The cause, for display.
    package var reason: String
    /// The count of each vCPU.
    package var counts: [UInt64]

    /// The counts of a cause, one for each vCPU.
    package init(reason: String, counts: [UInt64]) {
        self.reason = reason
        self.counts = counts
    }
}
