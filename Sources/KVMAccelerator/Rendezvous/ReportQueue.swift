import HostIO

/// A place where the vCPUs' threads put their reports, and where the thread that gave the orders waits for them.
package final class ReportQueue: Sendable {
    private let state = LockedValue<State>(State())

    private struct State {
        var reports: [(vcpu: Int, report: VCPUReport)] = []
        var isStopRequested = false
        var isKicked = false
    }

    package init() {}

    package func put(_ report: VCPUReport, vcpu: Int) {
        state.withLock { $0.reports.append((vcpu, report)) }
    }

    /// Waits for the next report, a request to stop (if it counts), a kick, or the time to pass.
    package func next(nanoseconds: UInt64, reportsStopRequests: Bool) -> RendezvousEvent {
        let event = state.wait(nanoseconds: nanoseconds) { state -> RendezvousEvent? in
            if !state.reports.isEmpty {
                let first = state.reports.removeFirst()
                return .report(vcpu: first.vcpu, first.report)
            }
            if reportsStopRequests && state.isStopRequested { return .stopRequested }
            if state.isKicked {
                state.isKicked = false
                return .kicked
            }
            return nil
        }
        return event ?? .timeout
    }

    package func requestStop() { state.withLock { $0.isStopRequested = true } }
    package func clearStopRequest() { state.withLock { $0.isStopRequested = false } }
    package var isStopRequested: Bool { state.withLock { $0.isStopRequested } }
    package func kick() { state.withLock { $0.isKicked = true } }
}
