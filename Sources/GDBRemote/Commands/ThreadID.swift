/// A thread-id: `TID`, `pPID` or `pPID.TID` in hex, where 0 stands for any and −1 for all (GDB manual, "Packets").
public struct ThreadID: Equatable, Sendable {
    /// One process or thread, any one, or all.
    public enum Selector: Equatable, Sendable {
        /// 0, which stands for any, and −1, which stands for all.
        case any, all
        /// The process or thread of this number, from 1.
        case number(UInt64)
    }

    /// The process; nil if the thread-id has none, as is usual unless both sides announced `multiprocess`.
    public var process: Selector?
    /// The threads of the process.
    public var thread: Selector

    /// A thread-id; a nil process is left out.
    public init(process: Selector? = nil, thread: Selector) {
        self.process = process
        self.thread = thread
    }

    /// Reads a thread-id; nil if the bytes are not one.
    init?(_ reader: inout ByteReader) {
        guard reader.skip("p") else {
            guard let thread = Selector(&reader) else { return nil }
            self.init(thread: thread)
            return
        }
        guard let process = Selector(&reader) else { return nil }
        guard reader.skip(".") else {
            self.init(process: process, thread: .all)
            return
        }
        guard let thread = Selector(&reader) else { return nil }
        self.init(process: process, thread: thread)
    }
}

extension ThreadID.Selector {
    /// Reads `0`, `-1` or a number in hex; nil if the bytes are none of these.
    init?(_ reader: inout ByteReader) {
        let isNegative = reader.skip("-")
        guard let number = reader.number() else { return nil }
        if isNegative {
            guard number == 1 else { return nil }
            self = .all
        } else {
            self = number == 0 ? .any : .number(number)
        }
    }
}
