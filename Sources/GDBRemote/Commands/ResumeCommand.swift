/// `vCont`, and the older packets `c`, `C`, `s` and `S` (GDB manual, "Packets").
public enum ResumeCommand: Equatable, Sendable {
    /// The kinds of resume action.
    public enum Kind: Equatable, Sendable {
        /// `c`, which continues, and `s`, which executes one instruction.
        case `continue`, step
        /// `r`: steps while the PC is in the range.
        case stepWithin(Range<UInt64>)
        /// `t`: stops the thread. Used in non-stop mode.
        case stop
    }

    /// One action of a `vCont`.
    public struct Action: Equatable, Sendable {
        /// The kind of the action.
        public var kind: Kind
        /// The signal to deliver to the program.
        ///
        /// A machine has no signals.
        public var signal: UInt8?
        /// The thread of the action; nil stands for every thread without an earlier action.
        public var thread: ThreadID?

        /// An action for a thread; nil stands for every thread without an earlier action.
        public init(_ kind: Kind, signal: UInt8? = nil, thread: ThreadID? = nil) {
            self.kind = kind
            self.signal = signal
            self.thread = thread
        }
    }

    /// `vCont?`: asks for the supported actions.
    case listActions
    /// `vCont`: resume actions in order. The leftmost action that matches a thread applies to it.
    case actions([Action])
    /// `c`, `C`, `s` or `S`, for the thread that `Hc` selected; a non-nil address becomes its PC first.
    case plain(Kind, signal: UInt8?, address: UInt64?)

    static func vCont(_ reader: inout ByteReader) -> Command {
        if reader.skip("?") {
            return reader.isAtEnd ? .resume(.listActions) : .unknown
        }
        let malformed = Command.malformed(
            "vCont takes ;ACTION[:THREAD]... with the actions c, Csig, s, Ssig, rSTART,END and t")
        var actions: [Action] = []
        while reader.skip(";") {
            guard let action = action(&reader) else { return malformed }
            actions.append(action)
        }
        guard !actions.isEmpty, reader.isAtEnd else { return malformed }
        return .resume(.actions(actions))
    }

    private static func action(_ reader: inout ByteReader) -> Action? {
        guard let letter = reader.byte() else { return nil }
        var action: Action
        switch Unicode.Scalar(letter) {
        case "c": action = Action(.continue)
        case "s": action = Action(.step)
        case "t": action = Action(.stop)
        case "C":
            guard let signal = signal(&reader) else { return nil }
            action = Action(.continue, signal: signal)
        case "S":
            guard let signal = signal(&reader) else { return nil }
            action = Action(.step, signal: signal)
        case "r":
            // A range without an end, or one that ends before it begins, is malformed.
            guard let start = reader.number(), reader.skip(","), let end = reader.number(), start <= end else {
                return nil
            }
            action = Action(.stepWithin(start..<end))
        default: return nil
        }
        if reader.skip(":") {
            guard let thread = ThreadID(&reader) else { return nil }
            action.thread = thread
        }
        return action
    }

    static func plain(_ kind: Kind, _ reader: inout ByteReader) -> Command {
        if reader.isAtEnd { return .resume(.plain(kind, signal: nil, address: nil)) }
        guard let address = reader.number(), reader.isAtEnd else {
            return .malformed("c and s take an address in hex, or nothing")
        }
        return .resume(.plain(kind, signal: nil, address: address))
    }

    static func withSignal(_ kind: Kind, _ reader: inout ByteReader) -> Command {
        let malformed = Command.malformed("C and S take SIGNAL[;ADDRESS] in hex")
        guard let signal = signal(&reader) else { return malformed }
        if reader.isAtEnd { return .resume(.plain(kind, signal: signal, address: nil)) }
        guard reader.skip(";"), let address = reader.number(), reader.isAtEnd else { return malformed }
        return .resume(.plain(kind, signal: signal, address: address))
    }

    private static func signal(_ reader: inout ByteReader) -> UInt8? {
        reader.number().flatMap { UInt8(exactly: $0) }
    }
}
