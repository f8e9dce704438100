import Execution
import GDBRemote

/// What a session in non-stop mode keeps of each vCPU, and of what the client has yet to hear (GDB manual, "Remote
/// Non-Stop").
struct NonStop {
    /// Why a vCPU is stopped, and the signal that it is told with.
    struct Stop {
        var event: StopEvent
        var signal: UInt8
    }

    /// A stop reply on its way to the client.
    struct Untold {
        /// The vCPU that the client takes for running until it has heard; nil if the reply is not about one that stopped.
        var vcpu: Int?
        var reply: Reply
    }

    /// What each vCPU does when the machine moves: `hold`, and it is stopped.
    var motions: [ResumePlan.Motion]
    /// Why each vCPU that is stopped is.
    var stops: [Stop]
    /// What the client has to hear, oldest first: at most one stop for each vCPU, for it can't go on before.
    var untold: [Untold] = []
    /// Whether the first of `untold` has been sent and waits for its `vStopped`.
    var isTelling = false
    /// How the machine ended, if it did.
    var end: StopEvent?

    /// Whether nothing moves now, whatever `motions` says.
    var isStill = true
    /// Whether the driver has been asked for that.
    var isStillnessDue = false
    /// Whether Ctrl-C waits for it.
    var isInterruptDue = false
    /// Who moved when the machine last came to a standstill: Ctrl-C is for that one.
    var focus: Int?

    /// The vCPU that stopped last stays so; the others were only stopped along with it, and go on.
    ///
    /// GDB needs it that way: versions up to 16 at least fail an assertion of theirs when two threads are stopped while
    /// they connect.
    init(vcpuCount: Int, lastStop: Stop) {
        motions = (0..<vcpuCount).map { $0 == lastStop.event.vcpu ? .hold : .continue }
        stops = (0..<vcpuCount).map { vcpu in
            vcpu == lastStop.event.vcpu ? lastStop : Stop(event: StopEvent(.paused, vcpu: vcpu), signal: 0)
        }
    }

    /// Whether the client knows that the vCPU is stopped.
    ///
    /// It is running for the client until `vStopped` has come for its stop (GDB manual, "vCont").
    func isKnownToBeStopped(_ vcpu: Int) -> Bool {
        motions[vcpu] == .hold && !untold.contains { $0.vcpu == vcpu }
    }

    var isMoving: Bool { motions.contains { $0 != .hold } }
}
