package import HostIO

/// The agent's text on its way from the vCPUs to the debugger's console.
///
/// A debugger that is slow slows the guest down, so that nothing is lost; one that stands still can't keep the vCPUs
/// from stopping.
package final class AgentText: Sendable {
    private let shared = LockedValue(Shared())
    private let wakeUp: WakeUp

    private struct Shared {
        var text: [UInt8] = []
        /// Whether a writer waits while the queue is full.
        var mayWait = true
    }

    /// More is waited for until it is taken.
    private static let most = 1 << 14

    package init(wakeUp: WakeUp) {
        self.wakeUp = wakeUp
    }

    /// Takes text, on the thread that runs the vCPUs.
    package func put(_ text: [UInt8]) {
        let wasEmpty = shared.wait { shared -> Bool? in
            guard shared.text.count < Self.most || !shared.mayWait else { return nil }
            defer { shared.text += text }
            return shared.text.isEmpty
        }
        if wasEmpty { wakeUp.signal() }
    }

    /// The text so far; the serving thread calls it.
    package func take() -> [UInt8] {
        shared.withLock { shared in
            var taken: [UInt8] = []
            swap(&taken, &shared.text)
            return taken
        }
    }

    /// Lets that thread go beyond what is kept, because it is to stop.
    package func allowWaiting(_ mayWait: Bool) {
        shared.withLock { $0.mayWait = mayWait }
    }
}
