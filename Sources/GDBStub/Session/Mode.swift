import Execution
import GDBRemote

/// The two ways in which the vCPUs of an attached machine stop and resume, with the state of each.
enum Mode {
    /// All vCPUs stop and resume together, and a stop reply ends each resume.
    case allStop(AllStop)
    /// Each vCPU stops and resumes by itself, and notifications report stops (GDB manual, "Remote Non-Stop").
    case nonStop(NonStop)

    /// Whether no vCPU runs.
    var isStopped: Bool {
        switch self {
        case .allStop(.stopped): true
        case .allStop: false
        case .nonStop(let nonStop): nonStop.machine.isStill
        }
    }

    /// Whether the driver has been asked to stop the machine, which runs.
    var isInterrupted: Bool {
        switch self {
        case .allStop(.running(let isInterrupted)): isInterrupted
        case .allStop(.released(let waiting)): waiting != nil
        case .allStop(.stopped): false
        case .nonStop(let nonStop): nonStop.machine.isInterrupted
        }
    }

    /// The command that is answered once the machine has stopped.
    var waiting: Command? {
        switch self {
        case .allStop(.released(let waiting)): waiting
        case .allStop: nil
        case .nonStop(let nonStop): nonStop.machine.waiting
        }
    }
}

/// The state of all-stop mode.
enum AllStop {
    /// Stopped. If it is released (`monitor cont`), the machine continues as soon as no packet needs it stopped.
    case stopped(isReleased: Bool)
    /// Running for `monitor cont`: the client still shows the machine as stopped, and no stop reply is due.
    ///
    /// The driver has been asked to stop the machine if a command is waiting for that.
    case released(waiting: Command?)
    /// Resumed, and its one stop reply is due. Interrupted if the driver has been asked to stop the machine.
    case running(isInterrupted: Bool)
}
