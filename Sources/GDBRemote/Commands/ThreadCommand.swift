/// `H` and `T`, and the queries about threads (GDB manual, "Packets" and "General Query Packets").
public enum ThreadCommand: Equatable, Sendable {
    /// `Hg`: selects the thread whose registers and memory later packets access.
    case selectForAccess(ThreadID)
    /// `Hc`: selects the thread that `c` and `s` resume.
    case selectForResume(ThreadID)
    /// `T`: whether the thread exists.
    case isAlive(ThreadID)
    /// `qC`: asks for the current thread.
    case current
    /// `qfThreadInfo`: asks for the first part of the thread list.
    case firstList
    /// `qsThreadInfo`: asks for the next part of the thread list.
    case nextList
    /// `qThreadExtraInfo`: asks for the thread's name, as shown to the user.
    case extraInfo(ThreadID)
    /// `QThreadEvents`: whether a vCPU that is turned on or off is reported as a stop.
    case reportEvents(Bool)

    static func select(_ reader: inout ByteReader) -> Command {
        let operation = reader.byte().map { Unicode.Scalar($0) }
        guard operation == "g" || operation == "c" else { return .unknown }
        guard let thread = ThreadID(&reader), reader.isAtEnd else {
            return .malformed("H takes g or c and a thread-id")
        }
        return .thread(operation == "g" ? .selectForAccess(thread) : .selectForResume(thread))
    }

    static func isAlive(_ reader: inout ByteReader) -> Command {
        guard let thread = ThreadID(&reader), reader.isAtEnd else { return .malformed("T takes a thread-id") }
        return .thread(.isAlive(thread))
    }

    @Sendable static func current(_ reader: inout ByteReader) -> Command {
        reader.isAtEnd ? .thread(.current) : .malformed("qC takes nothing")
    }

    @Sendable static func firstList(_ reader: inout ByteReader) -> Command {
        reader.isAtEnd ? .thread(.firstList) : .malformed("qfThreadInfo takes nothing")
    }

    @Sendable static func nextList(_ reader: inout ByteReader) -> Command {
        reader.isAtEnd ? .thread(.nextList) : .malformed("qsThreadInfo takes nothing")
    }

    @Sendable static func extraInfo(_ reader: inout ByteReader) -> Command {
        guard reader.skip(","), let thread = ThreadID(&reader), reader.isAtEnd else {
            return .malformed("qThreadExtraInfo takes a thread-id")
        }
        return .thread(.extraInfo(thread))
    }

    @Sendable static func events(_ reader: inout ByteReader) -> Command {
        guard reader.skip(":"), let value = reader.number(), value < 2, reader.isAtEnd else {
            return .malformed("QThreadEvents takes :0 or :1")
        }
        return .thread(.reportEvents(value == 1))
    }
}
