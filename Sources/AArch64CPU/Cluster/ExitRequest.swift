import Synchronization

/// A flag through which another thread makes a run end.
package final class ExitRequest: Sendable {
    private let flag = Atomic<Bool>(false)

    init() {}

    /// Makes the current run, or the next one if none is in progress, end soon with ``CPUExit/requested``.
    package func request() {
        flag.store(true, ordering: .releasing)
    }

    /// Whether a request has not been taken yet.
    var isPending: Bool { flag.load(ordering: .relaxed) }

    /// Takes the request; false if there was none.
    func take() -> Bool {
        flag.load(ordering: .relaxed) && flag.exchange(false, ordering: .acquiringAndReleasing)
    }
}
