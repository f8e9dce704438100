/// The packets that define tracepoints, run them and look at what they collected (GDB manual, "Tracepoint Packets").
public enum TraceCommand: Equatable, Sendable {
    /// `QTinit`
    case initialize
    /// `QTDP:n:…`
    case define(Definition)
    /// `QTDP:-n:…`: what a tracepoint that has just been defined collects.
    case actions(TracepointID, [Action], whileStepping: Bool)
    /// `QTDPsrc`: a piece of the text the user typed, for clients that come later.
    case source(TracepointID, SourcePiece)
    /// `QTDV`
    case defineVariable(number: UInt64, value: UInt64, isBuiltIn: Bool, name: [UInt8])
    /// `QTro`: what never changes, and so need not be collected.
    case readOnly([Range<UInt64>])
    /// `QTStart`
    case start
    /// `QTStop`
    case stop
    /// `QTEnable` and `QTDisable`, while the experiment runs.
    case enable(TracepointID, Bool)
    /// `QTDisconnected`: whether the experiment continues without its client.
    case continueDisconnected(Bool)
    /// `QTBuffer:circular`: whether the oldest frames make room for new ones.
    case bufferIsCircular(Bool)
    /// `QTBuffer:size`; nil is as the target likes.
    case bufferSize(UInt64?)
    /// `QTNotes`: who traces what for, in the client's words.
    case notes
    /// `QTFrame`
    case select(FrameSearch)
    /// `qTStatus`
    case status
    /// `qTP`
    case tracepointStatus(TracepointID)
    /// `qTV`
    case variable(number: UInt64)
    /// `qTfP`
    case firstTracepoint
    /// `qTsP`
    case nextTracepoint
    /// `qTfV`
    case firstVariable
    /// `qTsV`
    case nextVariable
    /// `qTBuffer`: the frames as a trace file has them.
    case buffer(offset: UInt64, count: UInt64)

    /// One location of a tracepoint; those of several locations have the same number.
    public struct TracepointID: Hashable, Sendable {
        /// The tracepoint's number.
        public var number: UInt64
        /// The location's address.
        public var address: UInt64

        /// The location of a tracepoint at an address.
        public init(number: UInt64, address: UInt64) {
            self.number = number
            self.address = address
        }
    }

    /// A tracepoint's location with its properties, of which only actions follow in packets of their own.
    public struct Definition: Equatable, Sendable {
        /// The kinds of tracepoint other than the usual one.
        public enum Extra: Equatable, Sendable {
            /// Fast tracepoints are jumps written into the program.
            case fast
            /// Static ones are markers in it.
            case `static`
        }

        /// The tracepoint and its location.
        public var id: TracepointID
        /// Whether the tracepoint collects when the experiment starts.
        public var isEnabled: Bool
        /// How many instructions to step and collect at, after the one hit.
        public var stepCount: UInt64
        /// At which hit the experiment ends; 0 for none.
        public var passCount: UInt64
        /// The condition's bytecode; nil without a condition.
        public var condition: [UInt8]?
        /// The kind of tracepoint; nil for the usual one.
        public var extra: Extra?

        /// A definition of these fields.
        public init(
            _ id: TracepointID, isEnabled: Bool, stepCount: UInt64 = 0, passCount: UInt64 = 0,
            condition: [UInt8]? = nil, extra: Extra? = nil
        ) {
            self.id = id
            self.isEnabled = isEnabled
            self.stepCount = stepCount
            self.passCount = passCount
            self.condition = condition
            self.extra = extra
        }
    }

    /// Something to collect, and how it was written.
    public struct Action: Equatable, Sendable {
        /// The kinds of data that an action collects.
        public enum Kind: Equatable, Sendable {
            /// `R`: registers; which ones is in the text.
            case registers
            /// `M`: memory, from an address or at an offset from a register's value.
            case memory(register: UInt64?, offset: UInt64, count: UInt64)
            /// `X`: whatever the expression traces.
            case expression([UInt8])
        }

        /// The kind of data that the action collects.
        public var kind: Kind
        /// The text as the client sent it.
        public var text: [UInt8]

        /// An action, with its text as the client sent it.
        public init(_ kind: Kind, text: [UInt8]) {
            self.kind = kind
            self.text = text
        }
    }

    /// A piece of the text that the user typed for a tracepoint.
    public struct SourcePiece: Equatable, Sendable {
        /// `at`, `cond` or `cmd`.
        public var type: [UInt8]
        /// Where the piece begins, and how long the whole is, in bytes.
        public var start: UInt64
        /// The length of the whole text, in bytes.
        public var length: UInt64
        /// The text as the client sent it.
        public var text: [UInt8]

        /// A piece that begins at an offset of a text of that length, both in bytes.
        public init(type: [UInt8], start: UInt64, length: UInt64, text: [UInt8]) {
            self.type = type
            self.start = start
            self.length = length
            self.text = text
        }
    }

    /// The trace frame to select; all but the first two search after the frame that is selected now.
    public enum FrameSearch: Equatable, Sendable {
        /// Live registers and memory.
        case none
        /// The frame with this number, from 0.
        case number(UInt64)
        /// The next frame whose PC is this address.
        case pc(UInt64)
        /// The next frame of this tracepoint.
        case tracepoint(UInt64)
        /// Whose PC is from the first to the second, that one included.
        case inside(UInt64, UInt64)
        /// The next frame whose PC is outside that range.
        case outside(UInt64, UInt64)
    }
}
