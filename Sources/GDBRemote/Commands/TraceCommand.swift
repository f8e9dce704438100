/// Packets that define tracepoints, run a trace experiment and examine what it collected (GDB manual, "Tracepoint
/// Packets").
public enum TraceCommand: Equatable, Sendable {
    /// `QTinit`: removes all tracepoints, trace state variables and frames.
    case initialize
    /// `QTDP:n:…`: defines a location of a tracepoint.
    case define(Definition)
    /// `QTDP:-n:…`: adds actions to a location that an earlier packet defined.
    case actions(TracepointID, [Action], whileStepping: Bool)
    /// `QTDPsrc`: a piece of the text that the user typed, kept for clients that connect later.
    case source(TracepointID, SourcePiece)
    /// `QTDV`: defines a trace state variable.
    case defineVariable(number: UInt64, value: UInt64, isBuiltIn: Bool, name: [UInt8])
    /// `QTro`: address ranges that never change and therefore need not be collected.
    case readOnly([Range<UInt64>])
    /// `QTStart`: starts the experiment.
    case start
    /// `QTStop`: stops the experiment.
    case stop
    /// `QTEnable` and `QTDisable`: change a location while the experiment runs.
    case enable(TracepointID, Bool)
    /// `QTDisconnected`: whether the experiment continues after the client disconnects.
    case continueDisconnected(Bool)
    /// `QTBuffer:circular`: whether new frames replace the oldest ones in a full buffer.
    case bufferIsCircular(Bool)
    /// `QTBuffer:size`, in bytes; nil leaves the size to the target.
    case bufferSize(UInt64?)
    /// `QTNotes`: the user's name and notes about the experiment. The text is dropped.
    case notes
    /// `QTFrame`: selects a trace frame.
    case select(FrameSearch)
    /// `qTStatus`: asks for the status of the experiment.
    case status
    /// `qTP`: asks for the hit count and buffer use of a location.
    case tracepointStatus(TracepointID)
    /// `qTV`: asks for the value of a trace state variable.
    case variable(number: UInt64)
    /// `qTfP`: asks for the first part of the tracepoint definitions.
    case firstTracepoint
    /// `qTsP`: asks for the next part of the tracepoint definitions.
    case nextTracepoint
    /// `qTfV`: asks for the first trace state variable.
    case firstVariable
    /// `qTsV`: asks for the next trace state variable.
    case nextVariable
    /// `qTBuffer`: reads `count` bytes of the frames, in the form of a trace file.
    case buffer(offset: UInt64, count: UInt64)

    /// A location of a tracepoint.
    ///
    /// All locations of one tracepoint have the same number.
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

    /// A tracepoint's location and its properties.
    ///
    /// The actions of the tracepoint come in further packets.
    public struct Definition: Equatable, Sendable {
        /// The kinds of tracepoint other than the ordinary one.
        public enum Extra: Equatable, Sendable {
            /// A fast tracepoint, inserted as a jump into the program.
            case fast
            /// A static tracepoint, a marker in the program.
            case `static`
        }

        /// The tracepoint and its location.
        public var id: TracepointID
        /// Whether the tracepoint collects when the experiment starts.
        public var isEnabled: Bool
        /// The number of instructions to step after the hit, with a frame collected after each; 0 for none.
        public var stepCount: UInt64
        /// The number of hits after which the experiment ends; 0 for no limit.
        public var passCount: UInt64
        /// The condition's bytecode; nil without a condition.
        public var condition: [UInt8]?
        /// The kind of tracepoint; nil for the ordinary one.
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

    /// An item to collect, and the text that describes it.
    public struct Action: Equatable, Sendable {
        /// The kinds of data that an action collects.
        public enum Kind: Equatable, Sendable {
            /// `R`: registers. The register mask is only in the text.
            case registers
            /// `M`: `count` bytes of memory at `offset`, which is relative to the register's value if `register` is not
            /// nil.
            case memory(register: UInt64?, offset: UInt64, count: UInt64)
            /// `X`: the data that the agent expression records.
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
        /// The kind of text: `at`, `cond` or `cmd`.
        public var type: [UInt8]
        /// The offset of the piece in the whole text, in bytes.
        public var start: UInt64
        /// The length of the whole text, in bytes.
        public var length: UInt64
        /// The piece, decoded from hex.
        public var text: [UInt8]

        /// A piece that begins at an offset of a text with the given length, both in bytes.
        public init(type: [UInt8], start: UInt64, length: UInt64, text: [UInt8]) {
            self.type = type
            self.start = start
            self.length = length
            self.text = text
        }
    }

    /// The trace frame to select.
    ///
    /// Every case but the first two searches after the selected frame.
    public enum FrameSearch: Equatable, Sendable {
        /// No frame: packets access live registers and memory.
        case none
        /// The frame with this number, from 0.
        case number(UInt64)
        /// The next frame whose PC is this address.
        case pc(UInt64)
        /// The next frame of this tracepoint.
        case tracepoint(UInt64)
        /// The next frame whose PC is in the range. Both bounds are included.
        case inside(UInt64, UInt64)
        /// The next frame whose PC is outside the range. Both bounds belong to the range.
        case outside(UInt64, UInt64)
    }
}
