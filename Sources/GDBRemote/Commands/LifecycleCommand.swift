/// Packets that restart or end the session and the machine (GDB manual, "Packets").
public enum LifecycleCommand: Equatable, Sendable {
    /// `!`
    case extendedMode
    /// `D`, with the process if one is named.
    case detach(UInt64?)
    /// `k`, which has no reply.
    case kill
    /// `vKill`, which has one.
    case killProcess(UInt64)
    /// `vAttach`
    case attach(UInt64)
    /// `vRun`, with the name of the program; its arguments, of which a machine has none, are not kept.
    case run([UInt8])
    /// `R`, which has none.
    case restart

    /// A process id may follow.
    static func detach(_ reader: inout ByteReader) -> Command {
        if reader.isAtEnd { return .lifecycle(.detach(nil)) }
        guard reader.skip(";"), let process = reader.number(), reader.isAtEnd else {
            return .malformed("D takes ;PROCESS in hex, or nothing")
        }
        return .lifecycle(.detach(process))
    }

    @Sendable static func killProcess(_ reader: inout ByteReader) -> Command {
        guard reader.skip(";"), let process = reader.number(), reader.isAtEnd else {
            return .malformed("vKill takes ;PROCESS in hex")
        }
        return .lifecycle(.killProcess(process))
    }

    @Sendable static func attach(_ reader: inout ByteReader) -> Command {
        guard reader.skip(";"), let process = reader.number(), reader.isAtEnd else {
            return .malformed("vAttach takes ;PROCESS in hex")
        }
        return .lifecycle(.attach(process))
    }

    @Sendable static func run(_ reader: inout ByteReader) -> Command {
        let malformed = Command.malformed(
            "vRun takes ;PROGRAM[;ARGUMENT]... in hex, the program empty for the machine's own")
        guard reader.skip(";"), let program = Hex.decode(reader.upTo(";")) else { return malformed }
        while reader.skip(";") {
            guard Hex.decode(reader.upTo(";")) != nil else { return malformed }
        }
        return .lifecycle(.run(program))
    }

    /// The number that follows has no meaning (GDB manual).
    static func restart(_ reader: inout ByteReader) -> Command {
        guard reader.isAtEnd || (reader.number() != nil && reader.isAtEnd) else {
            return .malformed("R takes a number in hex")
        }
        return .lifecycle(.restart)
    }
}
