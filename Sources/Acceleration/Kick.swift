package import Execution

/// Wakes idle vCPUs from any thread, as long as there are vCPUs.
package final class Kick: @unchecked Sendable {
    // SAFETY: `kick` may be called on any thread, and nothing else is.
    private weak let accelerator: (any Accelerator)?

    package init(_ accelerator: any Accelerator) {
        self.accelerator = accelerator
    }

    package func perform() {
        accelerator?.kick()
    }
}
