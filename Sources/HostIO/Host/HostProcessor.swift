import Synchronization

/// The host processor on which a thread was last seen running, for other threads to compare with their own.
package final class HostProcessor: Sendable {
    private let number = Atomic<CInt>(-1)

    package init() {}

    /// Notes that the calling thread runs here.
    package func note() { number.store(HostPlatform.currentProcessor, ordering: .relaxed) }

    /// Whether the calling thread runs where the other one was seen, and so keeps it from running.
    ///
    /// Never on a host that doesn't say which processor a thread runs on.
    package var isThisOne: Bool {
        let current = HostPlatform.currentProcessor
        return current >= 0 && number.load(ordering: .relaxed) == current
    }
}
