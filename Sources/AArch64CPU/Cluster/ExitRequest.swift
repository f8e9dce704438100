import Synchronization

/// The one way into a running CPU from another thread: a flag that makes it come back.
package final class ExitRequest: Sendable {
    private let flag = Atomic<Bool>(false)

    init() {}

    /// Makes the current run, or the next one if none is going on, return ``CPUExit/requested`` soon.
    package func request() {
        flag.store(true, ordering: .releasing)
    }

    /// Whether there is a request.
    var isPending: Bool { flag.load(ordering: .relaxed) }

    /// Whether there was a request, which is thereby answered.
    func take() -> Bool {
        flag.load(ordering: .relaxed) && flag.exchange(false, ordering: .acquiringAndReleasing)
    }
}
