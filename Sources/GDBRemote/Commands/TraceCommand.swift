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
    case start
    case stop
    /// `QTEnable` and `QTDisable`, while the experiment runs.
    case enable(TracepointID, Bool)
    /// `QTDisconnected`: whether the experiment goes on without its client.
    case goOnDisconnected(Bool)
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
    case firstTracepoint
    case nextTracepoint
    case firstVariable
    case nextVariable
    /// `qTBuffer`: the frames as a trace file has them.
    case buffer(offset: UInt64, count: UInt64)

    /// One location of a tracepoint; those of several locations have the same number.
    public struct TracepointID: Hashable, Sendable {
        public var number: UInt64
        public var address: UInt64

        public init(number: UInt64, address: UInt64) {
            self.number = number
            self.address = address
        }
    }

    public struct Definition: Equatable, Sendable {
        public enum Extra: Equatable, Sendable {
            /// Fast tracepoints are jumps written into the program.
            case fast
            /// Static ones are markers in it.
            case `static`
        }

        public var id: TracepointID
        public var isEnabled: Bool
        /// How many instructions to step and collect at, after the one hit.
        public var stepCount: UInt64
        /// At which hit the experiment ends; 0 for none.
        public var passCount: UInt64
        public var condition: [UInt8]?
        public var extra: Extra?

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
        public enum Kind: Equatable, Sendable {
            /// `R`: registers; which ones is in the text.
            case registers
            /// `M`: memory, from an address or at an offset from a register's value.
            case memory(register: UInt64?, offset: UInt64, count: UInt64)
            /// `X`: whatever the expression traces.
            case expression([UInt8])
        }

        public var kind: Kind
        public var text: [UInt8]

        public init(_ kind: Kind, text: [UInt8]) {
            self.kind = kind
            self.text = text
        }
    }

    public struct SourcePiece: Equatable, Sendable {
        /// `at`, `cond` or `cmd`.
        public var type: [UInt8]
        /// Where the piece begins, and how long the whole is, in bytes.
        public var start: UInt64
        public var length: UInt64
        public var text: [UInt8]

        public init(type: [UInt8], start: UInt64, length: UInt64, text: [UInt8]) {
            self.type = type
            self.start = start
            self.length = length
            self.text = text
        }
    }

    /// Which frame to look at from now on; all but the first two search behind the frame looked at so far.
    public enum FrameSearch: Equatable, Sendable {
        /// Live registers and memory.
        case none
        case number(UInt64)
        case pc(UInt64)
        case tracepoint(UInt64)
        /// Whose PC is from the first to the second, that one included.
        case inside(UInt64, UInt64)
        case outside(UInt64, UInt64)
    }
}
