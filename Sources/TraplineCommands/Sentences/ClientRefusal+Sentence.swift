import HostIO
import VirtualMachine

extension ClientRefusal {
    /// The sentence for the user of the machine.
    package var sentence: String {
        switch self {
        case .otherUser(let user):
            "refused a connection of another user (uid \(user)); --gdb-any-user lets every user of this host debug"
        case .unknownUser:
            "refused a connection whose user the host's kernel doesn't report; --gdb-any-user skips this check"
        case .noDebugger:
            "closed a connection that did not begin as a debugger's does"
        }
    }
}
