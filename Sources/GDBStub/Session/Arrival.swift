package import GDBRemote

/// A parsed item of input from the client, in the order of arrival.
///
/// Each packet is parsed once, when its item is made.
package enum Arrival: Equatable {
    /// A parsed packet.
    case command(Command)
    /// A packet that cannot be decoded and needs an error reply.
    case refused(PacketLink.Refusal)
    /// Ctrl-C.
    case interrupt
    /// `-`: a request for the oldest packet that the client has not acknowledged.
    case resendRequest

    init(_ input: PacketLink.Input) {
        switch input {
        case .packet(let data): self = .command(Command(data))
        case .refused(let refusal): self = .refused(refusal)
        case .interrupt: self = .interrupt
        case .resendRequest: self = .resendRequest
        }
    }

    /// Whether the item has no effect other than its reply.
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
