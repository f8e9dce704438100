/// The forms of error reply that clients read after a packet, apart from what they have announced.
public enum ErrorForm: Equatable, Sendable {
    /// `Exx` and every form with a text.
    case any
    /// `Exx` alone: clients take the letters of a text for memory.
    case code
    /// `Exx`, and a text only from a stub whose client has announced that it reads one.
    case announcedText
}

extension Command {
    /// The form of an error reply to this packet.
    ///
    /// GDB reads `E.text` after every packet but reads of memory and `qRcmd`, and announces so only since version 16.
    public var errorForm: ErrorForm {
        switch self {
        case .memory(.read), .memory(.readBinary): .code
        case .query(.monitor): .announcedText
        case .malformed(_, let form): form
        default: .any
        }
    }
}
