/// The reason why the program stopped or ended, for the client (GDB manual, "Stop Reply Packets").
public enum StopReply: Equatable, Sendable {
    /// `T`: a thread stopped.
    case stopped(Stop)
    /// `W`: the program exited. The process is for clients with multiprocess extensions.
    case exited(status: UInt8, process: UInt64? = nil)
    /// `X`: a signal ended the program.
    case terminated(signal: UInt8, process: UInt64? = nil)
    /// `w`: a thread ended while others continue.
    case threadExited(status: UInt8, thread: UInt64, process: UInt64? = nil)

    /// The signal numbers that a machine's stops use.
    public enum Signal {
        /// SIGINT, for Ctrl-C.
        public static let interrupt: UInt8 = 2
        /// SIGTRAP, for breakpoints, watchpoints and steps.
        public static let trap: UInt8 = 5
        /// SIGABRT, for a machine that failed.
        public static let abort: UInt8 = 6
    }

    /// The contents of a `T` packet.
    public struct Stop: Equatable, Sendable {
        /// The reason why a thread stopped, if the signal alone does not identify it.
        public enum Reason: Equatable, Sendable {
            /// A breakpoint was hit: `swbreak` or `hwbreak`.
            case softwareBreakpoint, hardwareBreakpoint
            /// A watched write, at the address accessed.
            case writeWatchpoint(address: UInt64)
            /// A watched read, at the address accessed.
            case readWatchpoint(address: UInt64)
            /// A watched read or write, at the address accessed.
            case accessWatchpoint(address: UInt64)
            /// The thread was created. Sent after `QThreadEvents:1`.
            case threadCreated
        }

        /// The signal's number; 0 for a thread that was stopped without an event of its own.
        public var signal: UInt8
        /// The reason; nil if the signal identifies it.
        public var reason: Reason?
        /// The number of the thread, from 1.
        public var thread: UInt64
        /// The number of the thread's processor, from 0; nil leaves it out.
        public var core: UInt64?
        /// Register values that the client would otherwise read next, by register number.
        public var registers: [(number: Int, bytes: [UInt8])]
        /// The process id, for clients with multiprocess extensions.
        public var process: UInt64?
        /// Fields that only LLDB reads; nil for other clients.
        public var details: Details?

        /// A reply of these fields.
        public init(
            signal: UInt8, reason: Reason? = nil, thread: UInt64, core: UInt64? = nil,
            registers: [(number: Int, bytes: [UInt8])] = [], process: UInt64? = nil, details: Details? = nil
        ) {
            self.signal = signal
            self.reason = reason
            self.thread = thread
            self.core = core
            self.registers = registers
            self.process = process
            self.details = details
        }

        /// LLDB's additions to a stop reply (LLDB, "GDB Remote Protocol Extensions", "Stop reply packet extensions").
        public struct Details: Equatable, Sendable {
            /// The thread's name.
            public var name: String
            /// The reason as LLDB's keyword, such as `trace`, `breakpoint` or `exception`; nil if the signal or another
            /// key identifies it.
            public var reason: String?
            /// The reason as LLDB shows it to the user.
            public var description: String?
            /// All threads with their PCs; empty unless the client asked for the list.
            public var threads: [(thread: UInt64, pc: UInt64)]

            /// Details with these fields.
            public init(
                name: String, reason: String? = nil, description: String? = nil,
                threads: [(thread: UInt64, pc: UInt64)] = []
            ) {
                self.name = name
                self.reason = reason
                self.description = description
                self.threads = threads
            }

            /// Whether all fields are equal.
            public static func == (one: Details, other: Details) -> Bool {
                one.name.utf8.elementsEqual(other.name.utf8) && isSame(one.reason, other.reason)
                    && isSame(one.description, other.description) && one.threads.elementsEqual(other.threads, by: ==)
            }

            private static func isSame(_ one: String?, _ other: String?) -> Bool {
                switch (one, other) {
                case (nil, nil): true
                case (let one?, let other?): one.utf8.elementsEqual(other.utf8)
                default: false
                }
            }
        }

        /// Whether all fields are equal.
        public static func == (one: Stop, other: Stop) -> Bool {
            one.signal == other.signal && one.reason == other.reason && one.thread == other.thread
                && one.core == other.core && one.registers.elementsEqual(other.registers, by: ==)
                && one.process == other.process && one.details == other.details
        }
    }
}

extension Reply {
    /// The packet's data for a stop reply.
    public init(_ stop: StopReply) {
        switch stop {
        case .stopped(let stop):
            self.init(stop)
        case .exited(let status, let process):
            self.init("W")
            append(hex: [status])
            append(process: process)
        case .terminated(let signal, let process):
            self.init("X")
            append(hex: [signal])
            append(process: process)
        case .threadExited(let status, let thread, let process):
            self.init("w")
            append(number: UInt64(status))
            append(";")
            append(thread: thread, process: process)
        }
    }

    private mutating func append(process: UInt64?) {
        guard let process else { return }
        append(";process:")
        append(number: process)
    }

    /// Appends a thread-id: `pPID.TID`, or `TID` alone.
    public mutating func append(thread: UInt64, process: UInt64?) {
        if let process {
            append("p")
            append(number: process)
            append(".")
        }
        append(number: thread)
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
        case .threadCreated: append("create:;")
        }
        append("thread:")
        append(thread: stop.thread, process: stop.process)
        append(";")
        if let core = stop.core { append("core:", core) }
        for register in stop.registers {
            append(number: UInt64(register.number))
            append(":")
            append(hex: register.bytes)
            append(";")
        }
        if let details = stop.details { append(details) }
    }

    private mutating func append(_ details: StopReply.Stop.Details) {
        append("hexname:", text: details.name)
        if let reason = details.reason { append("reason:" + reason + ";") }
        if let description = details.description { append("description:", text: description) }
        guard !details.threads.isEmpty else { return }
        append("threads:")
        append(numbers: details.threads.map { $0.thread })
        append(";thread-pcs:")
        append(numbers: details.threads.map { $0.pc })
        append(";")
    }

    /// Appends a key and a text in hex.
    private mutating func append(_ key: String, text: String) {
        append(key)
        append(hex: Array(text.utf8))
        append(";")
    }

    /// Appends numbers in hex, separated by commas.
    public mutating func append(numbers: [UInt64]) {
        for (index, number) in numbers.enumerated() {
            if index > 0 { append(",") }
            append(number: number)
        }
    }

    private mutating func append(_ key: String, _ value: UInt64) {
        append(key)
        append(number: value)
        append(";")
    }
}
