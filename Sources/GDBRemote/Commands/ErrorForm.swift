/// The forms of error reply that clients read after a packet, whatever features they have announced.
public enum ErrorForm: Equatable, Sendable {
    /// `Exx` and every form with a text.
    case any
    /// `Exx` alone. Clients would read the letters of a text as memory contents.
    case code
    /// `Exx`; `E.text` only for a client that has announced `error-message`.
    case announcedText
}

extension Command {
    /// The form of an error reply to this packet.
    ///
    /// GDB reads `E.text` after every packet except memory reads and `qRcmd`. It announces `error-message` only since
    /// version 16.
    public var errorForm: ErrorForm {
        switch self {
        case .memory(.read), .memory(.readBinary): .code
        case .query(.monitor): .announcedText
        case .malformed(_, let form): form
        default: .any
        }
    }
}
