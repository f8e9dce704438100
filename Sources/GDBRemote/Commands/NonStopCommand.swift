/// Packets of non-stop mode only (GDB manual, "Remote Non-Stop").
public enum NonStopCommand: Equatable, Sendable {
    /// `QNonStop`: whether vCPUs stop one by one, or all of them together.
    case setMode(Bool)
    /// `vStopped`: the last stop has been heard of; the next one, please.
    case nextStop
    /// `vCtrlC`: Ctrl-C as a packet with a reply.
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
