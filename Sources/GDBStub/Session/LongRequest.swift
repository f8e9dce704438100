import GDBRemote

/// A request whose answer takes longer than a moment, and is worked out piece by piece.
///
/// The machine stays as it is meanwhile, and no other packet is handled. Ctrl-C and the end of the connection end it.
protocol LongRequest: AnyObject {
    /// How an error is told.
    var errorStyle: DebugSession.ErrorStyle { get }

    /// Does the next piece: some hundred KiB of memory, some thousand table entries, as many as take about a
    /// millisecond. The reply if it was the last.
    func nextPiece(for session: inout DebugSession) throws(TargetError) -> Reply?
}

/// The text of a monitor command that takes longer than a moment to make.
public protocol LongText: AnyObject {
    /// Makes the next piece of it, in about a millisecond; it may be empty. Nil after the last.
    func nextPiece() throws(TargetError) -> String?
}

/// A `qRcmd` whose text comes in pieces, each of which is sent at once.
final class MonitorRequest: LongRequest {
    private let text: any LongText
    let errorStyle: DebugSession.ErrorStyle

    init(_ text: any LongText, _ errorStyle: DebugSession.ErrorStyle) {
        self.text = text
        self.errorStyle = errorStyle
    }

    func nextPiece(for session: inout DebugSession) throws(TargetError) -> Reply? {
        guard let piece = try text.nextPiece() else { return .ok }
        session.sendConsole(Array(piece.utf8))
        return nil
    }
}

extension PacketLink.Input {
    /// Whether it asks for something and changes nothing.
    var isOnlyQuestion: Bool {
        switch self {
        case .refused, .resendRequest: return true
        case .interrupt: return false
        case .packet(let data):
            switch Command(data) {
            case .memory(.read), .memory(.readBinary), .register(.read), .register(.readAll), .scan: return true
            case .query(.monitor): return false
            case .query, .lldb, .unknown, .malformed: return true
            default: return false
            }
        }
    }
}
