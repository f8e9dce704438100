import CLinuxKVM
import Synchronization

/// The host processor on which a thread was last seen running, for other threads to compare with their own.
package final class HostProcessor: Sendable {
    private let number = Atomic<CInt>(-1)

    package init() {}

    /// Notes that the calling thread runs here.
    package func note() { number.store(trapline_current_processor(), ordering: .relaxed) }

    /// Whether the calling thread runs where the other one was seen, and so keeps it from running.
    package var isThisOne: Bool { number.load(ordering: .relaxed) == trapline_current_processor() }
}
