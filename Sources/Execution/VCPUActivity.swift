/// The activity of a vCPU, for people.
package enum VCPUActivity: Equatable, Sendable {
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
    package var reason: String
    /// For each vCPU.
    package var counts: [UInt64]

    package init(reason: String, counts: [UInt64]) {
        self.reason = reason
        self.counts = counts
    }
}
