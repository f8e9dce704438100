import Execution
import GDBRemote

/// The state of non-stop mode: each vCPU, and the stops that are still to be reported to the client (GDB manual,
/// "Remote Non-Stop").
struct NonStop {
    /// A stop reply on its way to the client.
    struct Report {
        /// The vCPU that the client takes for running until the report is acknowledged; nil if none has stopped.
        var vcpu: Int?
        var reply: Reply
    }

    /// The machine as a whole, whatever `actions` says: vCPUs run only while it moves.
    enum Machine {
        /// No vCPU runs.
        case still
        case moving
        /// The driver has been asked for a standstill: for a command, for Ctrl-C, or to end the session.
        case stopping(for: Command?, isCtrlC: Bool)

        var isStill: Bool {
            if case .still = self { true } else { false }
        }

        /// Whether the driver has been asked for a standstill.
        var isInterrupted: Bool {
            if case .stopping = self { true } else { false }
        }

        /// The command that is answered at the standstill.
        var waiting: Command? {
            if case .stopping(let command, _) = self { command } else { nil }
        }
    }

    var machine = Machine.still
    /// The action of each vCPU while the machine moves; one that holds is stopped for the client.
    var actions: [ResumeAction]
    /// The latest stop of each vCPU.
    var stops: [StopWithSignal]
    /// The reports that the client has not acknowledged, oldest first: at most one stop for each vCPU, because a vCPU
    /// can't be resumed before.
    var reports: [Report] = []
    /// Whether the first of `reports` has been sent and waits for its `vStopped`.
    var isReporting = false
    /// How the machine ended, if it did.
    var end: StopEvent?
    /// The vCPU that ran when the machine last came to a standstill: Ctrl-C stops that one.
    var focus: Int?

    /// The vCPU that stopped last stays so; the rest were only stopped along with it, and continue.
    ///
    /// GDB up to version 16 at least fails an assertion of its own when two threads are stopped while it connects.
    init(vcpuCount: Int, lastStop: StopWithSignal) {
        actions = (0..<vcpuCount).map { $0 == lastStop.event.vcpu ? .hold : .continue }
        stops = (0..<vcpuCount).map { vcpu in
            vcpu == lastStop.event.vcpu ? lastStop : StopWithSignal(StopEvent(.paused, vcpu: vcpu), signal: 0)
        }
    }

    /// Whether the client knows that the vCPU is stopped.
    ///
    /// A vCPU runs for the client until `vStopped` has come for its stop (GDB manual, "vCont").
    func isKnownToBeStopped(_ vcpu: Int) -> Bool {
        actions[vcpu] == .hold && !reports.contains { $0.vcpu == vcpu }
    }

    var isMoving: Bool { actions.contains { $0 != .hold } }
}
