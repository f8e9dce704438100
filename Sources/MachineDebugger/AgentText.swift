package import HostIO

/// A queue of the agent's text, from the thread that runs the vCPUs to the serving thread.
///
/// The vCPUs' thread waits while the queue is full, so that no text is lost if the debugger is slow. While the vCPUs
/// must stop, it does not wait.
package final class AgentText: Sendable {
    private let shared = LockedValue(Shared())
    private let wakeUp: WakeUp

    private struct Shared {
        var text: [UInt8] = []
        /// Whether a writer waits while the queue is full.
        var mayWait = true
    }

    /// The queue is full from this number of bytes.
    private static let most = 1 << 14

    /// An empty queue.
    ///
    /// - Parameter wakeUp: The wake-up of the serving thread, signaled when text arrives in the empty queue.
    package init(wakeUp: WakeUp) {
        self.wakeUp = wakeUp
    }

    /// Appends text, on the thread that runs the vCPUs.
    ///
    /// Waits while the queue is full, unless waiting is disabled.
    package func put(_ text: [UInt8]) {
        let wasEmpty = shared.wait { shared -> Bool? in
            guard shared.text.count < Self.most || !shared.mayWait else { return nil }
            defer { shared.text += text }
            return shared.text.isEmpty
        }
        if wasEmpty { wakeUp.signal() }
    }

    /// Returns the text in the queue and empties the queue, on the serving thread.
    package func take() -> [UInt8] {
        shared.withLock { shared in
            var taken: [UInt8] = []
            swap(&taken, &shared.text)
            return taken
        }
    }

    /// Enables or disables waiting for space in the queue.
    ///
    /// While it is disabled, the queue grows beyond its limit, so that a full queue cannot keep the vCPUs from
    /// stopping.
    package func allowWaiting(_ mayWait: Bool) {
        shared.withLock { $0.mayWait = mayWait }
    }
}
