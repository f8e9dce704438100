/// Packets used only in non-stop mode (GDB manual, "Remote Non-Stop").
public enum NonStopCommand: Equatable, Sendable {
    /// `QNonStop`: whether vCPUs stop one by one (true) or all together.
    case setMode(Bool)
    /// `vStopped`: acknowledges the last stop and asks for the next one.
    case nextStop
    /// `vCtrlC`: Ctrl-C as a packet that has a reply.
    case interrupt

    @Sendable static func setMode(_ reader: inout ByteReader) -> Command {
        guard reader.skip(":"), let value = reader.number(), value < 2, reader.isAtEnd else {
            return .malformed("QNonStop takes :0 or :1")
        }
        return .nonStop(.setMode(value == 1))
    }

    @Sendable static func nextStop(_ reader: inout ByteReader) -> Command {
        reader.isAtEnd ? .nonStop(.nextStop) : .malformed("vStopped takes nothing")
    }

    @Sendable static func interrupt(_ reader: inout ByteReader) -> Command {
        reader.isAtEnd ? .nonStop(.interrupt) : .malformed("vCtrlC takes nothing")
    }
}
