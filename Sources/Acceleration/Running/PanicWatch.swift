import HostIO

/// Decides when a guest whose kernel has panicked ends the run.
///
/// With a debugger attached it never does: the client wants to look.
package final class PanicWatch: Sendable {
    private let state = LockedValue(State())

    package init() {}

    fileprivate struct State {
        var scanner = PanicScanner()
        var isDebugged = false
        /// The reason of the panic in progress, if there is one.
        var reason: String?
        /// The failure that ends the run at the next opportunity.
        var failure: String?
    }

    /// Records whether a debugger is attached.
    ///
    /// May be called on any thread.
    package func setDebugged(_ isDebugged: Bool) {
        state.withLock { $0.isDebugged = isDebugged }
    }

    /// Takes a byte of the guest's output; true if the vCPUs are to stop for good now.
    package func put(_ byte: UInt8) -> Bool {
        state.withLock { state in
            switch state.scanner.receive(byte) {
            case nil: return false
            case .began(let reason): state.reason = reason
            case .restarts: state.reason = nil
            case .ended(let reason):
                state.reason = reason
                guard !state.isDebugged else { return false }
                state.failure = state.report("the guest's kernel panicked: \(reason)")
                return true
            }
            return false
        }
    }

    /// The guest panic that ended the run, if any.
    ///
    /// Reading it clears it.
    func takeFailure() -> String? {
        state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
    }

    /// Why the reset that the guest has asked for is to end the run instead, if it is: a kernel that panics at each
    /// start (`panic=N`) would start for ever.
    func failureOfReset() -> String? {
        state.withLock { state in
            guard let reason = state.reason, !state.isDebugged else { return nil }
            return state.report("the guest's kernel panicked and asked for a restart: \(reason)")
        }
    }

    /// Forgets what the guest printed, because the machine was reset.
    func reset() {
        state.withLock { state in
            state.scanner = PanicScanner()
            state.reason = nil
            state.failure = nil
        }
    }
}

extension PanicWatch.State {
    /// The headline, and the last lines of the console below it.
    fileprivate func report(_ headline: String) -> String {
        headline + "\nthe last lines of its console:" + scanner.lastLines.map { "\n    " + $0 }.joined()
    }
}
