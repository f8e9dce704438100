/// How a session and the machine begin anew or end (GDB manual, "Packets").
public enum LifecycleCommand: Equatable, Sendable {
    /// `!`
    case extendedMode
    /// `D`
    case detach
    /// `k`, which has no reply.
    case kill
    /// `vKill`, which has one.
    case killProcess
    /// `R`, which has none.
    case restart

    /// A process id may follow.
    ///
    /// Clients that know of only one process send one they made up.
    static func detach(_ reader: inout ByteReader) -> Command {
        if reader.isAtEnd { return .lifecycle(.detach) }
        guard reader.skip(";"), reader.number() != nil, reader.isAtEnd else {
            return .malformed("D takes ;PROCESS in hex, or nothing")
        }
        return .lifecycle(.detach)
    }

    @Sendable static func killProcess(_ reader: inout ByteReader) -> Command {
        guard reader.skip(";"), reader.number() != nil, reader.isAtEnd else {
            return .malformed("vKill takes ;PROCESS in hex")
        }
        return .lifecycle(.killProcess)
    }

    /// The number that follows has no meaning (GDB manual).
    static func restart(_ reader: inout ByteReader) -> Command {
        guard reader.isAtEnd || (reader.number() != nil && reader.isAtEnd) else {
            return .malformed("R takes a number in hex")
        }
        return .lifecycle(.restart)
    }
}
