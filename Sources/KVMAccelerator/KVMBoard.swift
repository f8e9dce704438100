import Execution
import HostIO

/// What a vCPU came back with.
enum KVMReport: Equatable {
    /// It was kicked.
    case interrupted
    case stepped
    /// It is at a breakpoint of the debugger's, which has not been passed.
    case breakpoint
    case watchpoint(StopPoint.Kind, address: UInt64)
    case guestTrap
    /// It is at code that is patched, but not at a breakpoint that counts: it must pass while nobody else runs.
    case mustPassPatch
    case poweredOff
    case resetRequested
    case failed(String)
}

/// Where the vCPU threads put their reports, and where whoever gave them their orders waits.
final class KVMBoard: Sendable {
    private let state = Monitor<State>(State())

    private struct State {
        var reports: [(vcpu: Int, report: KVMReport)] = []
        var isStopRequested = false
        var isKicked = false
    }

    /// What ended a wait.
    enum Event {
        case report(vcpu: Int, KVMReport)
        case stopRequested
        case kicked
        case timeout
    }

    func put(_ report: KVMReport, vcpu: Int) {
        state.withLock { $0.reports.append((vcpu, report)) }
    }

    /// Waits for the next report, a request to stop (while `minded`), a kick, or the time to pass.
    func next(nanoseconds: UInt64, mindingStops minded: Bool) -> Event {
        let event = state.wait(nanoseconds: nanoseconds) { state -> Event? in
            if !state.reports.isEmpty {
                let first = state.reports.removeFirst()
                return .report(vcpu: first.vcpu, first.report)
            }
            if minded && state.isStopRequested { return .stopRequested }
            if state.isKicked {
                state.isKicked = false
                return .kicked
            }
            return nil
        }
        return event ?? .timeout
    }

    func requestStop() { state.withLock { $0.isStopRequested = true } }
    func clearStopRequest() { state.withLock { $0.isStopRequested = false } }
    var isStopRequested: Bool { state.withLock { $0.isStopRequested } }
    func kick() { state.withLock { $0.isKicked = true } }
}
