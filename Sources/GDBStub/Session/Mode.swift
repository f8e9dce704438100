import Execution
import GDBRemote

/// The two execution modes of an attached machine, each with its state.
enum Mode {
    /// All vCPUs stop and resume together. A stop reply ends each resume.
    case allStop(AllStop)
    /// Each vCPU stops and resumes independently. Notifications report stops (GDB manual, "Remote Non-Stop").
    case nonStop(NonStop)

    /// Whether no vCPU runs.
    var isStopped: Bool {
        switch self {
        case .allStop(.stopped): true
        case .allStop: false
        case .nonStop(let nonStop): nonStop.machine.isStill
        }
    }

    /// Whether the machine runs and the driver has been asked to stop it.
    var isInterrupted: Bool {
        switch self {
        case .allStop(.running(let isInterrupted)): isInterrupted
        case .allStop(.released(let waiting)): waiting != nil
        case .allStop(.stopped): false
        case .nonStop(let nonStop): nonStop.machine.isInterrupted
        }
    }

    /// The command that will be answered once the machine has stopped.
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
    /// Stopped. A released machine (`monitor cont`) continues as soon as no packet needs it stopped.
    case stopped(isReleased: Bool)
    /// Running because of `monitor cont`. The client shows the machine as stopped, and no stop reply is due.
    ///
    /// If a command is waiting, the driver has been asked to stop the machine for it.
    case released(waiting: Command?)
    /// Resumed by the client, with one stop reply due. `isInterrupted` is set once the driver has been asked to stop
    /// the machine.
    case running(isInterrupted: Bool)
}
