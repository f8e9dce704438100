public import Execution
import GDBRemote

/// A request that is handled in pieces because it may take long.
///
/// The machine stays stopped meanwhile, and no other packet is handled. Ctrl-C and the end of the connection abandon
/// the request.
protocol LongRequest: AnyObject {
    /// The style in which an error is reported.
    var errorStyle: DebugSession.ErrorStyle { get }

    /// Does the next piece, which takes about a millisecond: some hundred KiB of memory, or some thousand table
    /// entries.
    ///
    /// Returns the reply after the last piece, and nil before.
    func nextPiece(for session: inout DebugSession) throws(TargetError) -> Reply?
}

/// The text of a monitor command that takes long to produce.
public protocol LongText: AnyObject {
    /// Produces the next piece of the text, in about a millisecond; it may be empty. Returns nil after the last piece.
    func nextPiece() throws(TargetError) -> String?
}

/// A `qRcmd` whose text is produced in pieces, each of which is sent at once.
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
