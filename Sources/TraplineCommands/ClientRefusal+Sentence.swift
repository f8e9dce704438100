import VirtualMachine

extension ClientRefusal {
    /// The sentence for the user of the machine.
    var sentence: String {
        switch self {
        case .otherUser(let user):
            "refused a connection of another user (uid \(user)); --gdb-any-user lets every user of this host debug"
        case .unknownUser:
            "refused a connection whose user can't be found in /proc/net/tcp; --gdb-any-user doesn't look for it"
        case .noDebugger:
            "closed a connection that did not begin as a debugger's does"
        }
    }
}
