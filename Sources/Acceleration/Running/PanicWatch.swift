import HostIO

/// The watch that ends the run when the guest's kernel has panicked.
///
/// While a debugger is attached, the run continues, so that the client can examine the guest.
package final class PanicWatch: Sendable {
    private let state = LockedValue(State())

    /// A watch without a debugger attached.
    package init() {}

    fileprivate struct State {
        var scanner = PanicScanner()
        var isDebugged = false
        /// The reason of the panic in progress; nil without one.
        var reason: String?
        /// The failure that will end the run; nil without one.
        var failure: String?
    }

    /// Records whether a debugger is attached.
    ///
    /// May be called on any thread.
    package func setDebugged(_ isDebugged: Bool) {
        state.withLock { $0.isDebugged = isDebugged }
    }

    /// Processes a byte of the guest's output.
    ///
    /// Returns true if the vCPUs must stop because the run ends.
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

    /// Returns the guest panic that ended the run, if any, and clears it.
    func takeFailure() -> String? {
        state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
    }

    /// Returns the failure that replaces a reset that the guest requested after a panic; nil if the reset may proceed.
    ///
    /// A kernel that panics at every start (`panic=N`) would otherwise restart forever.
    func failureOfReset() -> String? {
        state.withLock { state in
            guard let reason = state.reason, !state.isDebugged else { return nil }
            return state.report("the guest's kernel panicked and asked for a restart: \(reason)")
        }
    }

    /// Clears the recorded output, because the machine was reset.
    func reset() {
        state.withLock { state in
            state.scanner = PanicScanner()
            state.reason = nil
            state.failure = nil
        }
    }
}

extension PanicWatch.State {
    /// Returns the headline, followed by the last lines of the console.
    fileprivate func report(_ headline: String) -> String {
        headline + "\nthe last lines of its console:" + scanner.lastLines.map { "\n    " + $0 }.joined()
    }
}
