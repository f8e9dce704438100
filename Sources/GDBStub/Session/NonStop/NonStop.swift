import Execution
import GDBRemote

/// The state of non-stop mode: each vCPU, and the stops that have not been reported to the client (GDB manual, "Remote
/// Non-Stop").
struct NonStop {
    /// A stop reply that the client has not acknowledged.
    struct Report {
        /// The vCPU that the client assumes is running until it acknowledges the report; nil if no vCPU has stopped.
        var vcpu: Int?
        var reply: Reply
    }

    /// Whether vCPUs run, independently of `actions`: vCPUs run only in the state `moving` or `stopping`.
    enum Machine {
        /// No vCPU runs.
        case still
        case moving
        /// The driver has been asked for a standstill, for a command, for Ctrl-C, or to end the session. vCPUs may
        /// still run.
        case stopping(for: Command?, isCtrlC: Bool)

        var isStill: Bool {
            if case .still = self { true } else { false }
        }

        /// Whether the driver has been asked for a standstill.
        var isInterrupted: Bool {
            if case .stopping = self { true } else { false }
        }

        /// The command that will be answered at the standstill.
        var waiting: Command? {
            if case .stopping(let command, _) = self { command } else { nil }
        }
    }

    var machine = Machine.still
    /// The action of each vCPU for the next resume.
    ///
    /// A vCPU with `hold` is stopped for the client.
    var actions: [ResumeAction]
    /// The last stop of each vCPU.
    var stops: [StopWithSignal]
    /// The reports that the client has not acknowledged, oldest first.
    ///
    /// Each vCPU has at most one, because it cannot be resumed before its stop is acknowledged.
    var reports: [Report] = []
    /// Whether the first of `reports` has been sent and has not been acknowledged with `vStopped`.
    var isReporting = false
    /// The event that ended the machine; nil while it exists.
    var end: StopEvent?
    /// The vCPU that ran when the machine last came to a standstill, which Ctrl-C stops.
    var focus: Int?

    /// The state at the beginning of the mode: the vCPU that stopped last stays stopped, and the rest continue.
    ///
    /// GDB, at least up to version 16, fails an internal assertion if two threads are stopped while it connects.
    init(vcpuCount: Int, lastStop: StopWithSignal) {
        actions = (0..<vcpuCount).map { $0 == lastStop.event.vcpu ? .hold : .continue }
        stops = (0..<vcpuCount).map { vcpu in
            vcpu == lastStop.event.vcpu ? lastStop : StopWithSignal(StopEvent(.paused, vcpu: vcpu), signal: 0)
        }
    }

    /// Whether the client knows that the vCPU is stopped.
    ///
    /// To the client a vCPU is running until `vStopped` acknowledges its stop (GDB manual, "vCont").
    func isKnownToBeStopped(_ vcpu: Int) -> Bool {
        actions[vcpu] == .hold && !reports.contains { $0.vcpu == vcpu }
    }

    var isMoving: Bool { actions.contains { $0 != .hold } }
}
