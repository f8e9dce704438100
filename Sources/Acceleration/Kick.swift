package import Execution

/// A handle that wakes idle vCPUs from any thread, and has no effect once the accelerator is gone.
package final class Kick: @unchecked Sendable {
    // SAFETY: only `perform` uses the reference, and it calls only `kick`, which any thread may call.
    private weak let accelerator: (any Accelerator)?

    /// A handle for an accelerator, which it does not keep alive.
    package init(_ accelerator: any Accelerator) {
        self.accelerator = accelerator
    }

    /// Wakes idle vCPUs.
    package func perform() {
        accelerator?.kick()
    }
}
