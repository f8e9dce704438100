/// Why everything stopped, as the client is told (GDB manual, "Stop Reply Packets").
public enum StopReply: Equatable, Sendable {
    case stopped(Stop)
    /// The program ended by itself.
    case exited(status: UInt8)
    /// The program was ended by a signal.
    case terminated(signal: UInt8)

    /// The signals a machine's stops are given.
    public enum Signal {
        public static let interrupt: UInt8 = 2
        public static let trap: UInt8 = 5
        public static let abort: UInt8 = 6
    }

    /// A `T` packet.
    public struct Stop: Equatable, Sendable {
        public enum Reason: Equatable, Sendable {
            case softwareBreakpoint, hardwareBreakpoint
            case writeWatchpoint(address: UInt64)
            case readWatchpoint(address: UInt64)
            case accessWatchpoint(address: UInt64)
        }

        public var signal: UInt8
        /// What the signal does not say already.
        public var reason: Reason?
        public var thread: UInt64
        /// The processor the thread is on.
        public var core: UInt64?
        /// Values the client would otherwise ask for right away, by register number.
        public var registers: [(number: Int, bytes: [UInt8])]

        public init(
            signal: UInt8, reason: Reason? = nil, thread: UInt64, core: UInt64? = nil,
            registers: [(number: Int, bytes: [UInt8])] = []
        ) {
            self.signal = signal
            self.reason = reason
            self.thread = thread
            self.core = core
            self.registers = registers
        }

        public static func == (one: Stop, other: Stop) -> Bool {
            one.signal == other.signal && one.reason == other.reason && one.thread == other.thread
                && one.core == other.core && one.registers.elementsEqual(other.registers, by: ==)
        }
    }
}

extension Reply {
    public init(_ stop: StopReply) {
        switch stop {
        case .stopped(let stop):
            self.init(stop)
        case .exited(let status):
            self.init("W")
            append(hex: [status])
        case .terminated(let signal):
            self.init("X")
            append(hex: [signal])
        }
    }

    private init(_ stop: StopReply.Stop) {
        self.init("T")
        append(hex: [stop.signal])
        switch stop.reason {
        case nil: break
        case .softwareBreakpoint: append("swbreak:;")
        case .hardwareBreakpoint: append("hwbreak:;")
        case .writeWatchpoint(let address): append("watch:", address)
        case .readWatchpoint(let address): append("rwatch:", address)
        case .accessWatchpoint(let address): append("awatch:", address)
        }
        append("thread:", stop.thread)
        if let core = stop.core { append("core:", core) }
        for register in stop.registers {
            append(number: UInt64(register.number))
            append(":")
            append(hex: register.bytes)
            append(";")
        }
    }

    private mutating func append(_ key: String, _ value: UInt64) {
        append(key)
        append(number: value)
        append(";")
    }
}
