package import GDBRemote

/// Input from the client, in the order of its arrival.
///
/// A packet is parsed here, and nowhere else.
package enum Arrival: Equatable {
    /// A packet, parsed.
    case command(Command)
    /// A packet that can't be taken but wants an answer.
    case refused(PacketLink.Refusal)
    /// Ctrl-C.
    case interrupt
    /// A request for the oldest packet that the client has not acknowledged.
    case resendRequest

    init(_ input: PacketLink.Input) {
        switch input {
        case .packet(let data): self = .command(Command(data))
        case .refused(let refusal): self = .refused(refusal)
        case .interrupt: self = .interrupt
        case .resendRequest: self = .resendRequest
        }
    }

    /// Whether nothing but a reply comes of it.
    var isOnlyQuestion: Bool {
        switch self {
        case .refused, .resendRequest: true
        case .interrupt: false
        case .command(let command): command.isOnlyQuestion
        }
    }
}

extension Command {
    /// Whether the command changes nothing in the machine or the session.
    fileprivate var isOnlyQuestion: Bool {
        switch self {
        case .memory(.read), .memory(.readBinary), .register(.read), .register(.readAll), .scan: true
        case .query(.monitor): false
        case .query, .lldb, .unknown, .malformed: true
        default: false
        }
    }
}
