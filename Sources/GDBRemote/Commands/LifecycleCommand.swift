/// Packets that begin, restart or end the session or the machine (GDB manual, "Packets").
public enum LifecycleCommand: Equatable, Sendable {
    /// `!`: enables extended mode.
    case extendedMode
    /// `D`, with the process id if the client sent one.
    case detach(UInt64?)
    /// `k`: kills the machine. It has no reply.
    case kill
    /// `vKill`: kills the process. It has a reply.
    case killProcess(UInt64)
    /// `vAttach`: attaches to the process with this id.
    case attach(UInt64)
    /// `vRun`, with the name of the program. Its arguments are dropped, because a machine takes none.
    case run([UInt8])
    /// `R`: restarts the machine. It has no reply.
    case restart

    /// Parses `D`; a process id may follow.
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

    /// Parses `R`.
    ///
    /// The number after it has no meaning (GDB manual, "Packets").
    static func restart(_ reader: inout ByteReader) -> Command {
        guard reader.isAtEnd || (reader.number() != nil && reader.isAtEnd) else {
            return .malformed("R takes a number in hex")
        }
        return .lifecycle(.restart)
    }
}
