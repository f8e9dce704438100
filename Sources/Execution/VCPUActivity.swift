/// The activity of a vCPU, for people.
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

/// How often the vCPUs came back to the accelerator for a reason.
package struct ExitCount: Equatable, Sendable {
    /// The reason, as people read it.
    package var reason: String
    /// For each vCPU.
    package var counts: [UInt64]

    /// The counts of a reason, one for each vCPU.
    package init(reason: String, counts: [UInt64]) {
        self.reason = reason
        self.counts = counts
    }
}
