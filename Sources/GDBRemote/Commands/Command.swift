/// A parsed packet from the client.
///
/// Arguments are bytes and numbers, not text, because half of the protocol is binary.
public enum Command: Equatable, Sendable {
    /// Registers: `g`, `G`, `p`, `P`.
    case register(RegisterCommand)
    /// Memory: `m`, `M`, `x`, `X`.
    case memory(MemoryCommand)
    /// Breakpoints and watchpoints: `Z`, `z`.
    case stopPoint(StopPointCommand)
    /// Resume packets: `vCont`, `c`, `s`, `C`, `S`.
    case resume(ResumeCommand)
    /// Threads: `H`, `T` and the queries about them.
    case thread(ThreadCommand)
    /// Queries about the connection, and documents (`qXfer`).
    case query(Query)
    /// Packets that attach, detach, kill and reset.
    case lifecycle(LifecycleCommand)
    /// Tracepoints.
    case trace(TraceCommand)
    /// Searches and checksums of memory: `qSearch`, `qCRC`.
    case scan(ScanCommand)
    /// Packets that only LLDB sends.
    case lldb(LLDBCommand)
    /// Packets that QEMU's stub introduced.
    case qemu(QEMUCommand)
    /// Packets of non-stop mode.
    case nonStop(NonStopCommand)
    /// A known packet with invalid arguments: a text that states the arguments it takes, and the form of error reply
    /// that clients read after it.
    case malformed(String, ErrorForm = .any)
    /// An unknown packet. The reply is empty, and the client then works without the packet.
    case unknown

    /// Parses a packet's data.
    ///
    /// Every sequence of bytes gives a command; invalid ones give `malformed` or `unknown`.
    public init(_ packet: [UInt8]) {
        var reader = ByteReader(packet)
        guard let letter = reader.byte() else {
            self = .unknown
            return
        }
        switch Unicode.Scalar(letter) {
        case "q", "Q", "v":
            self = Self.named(packet)
        case "G":
            self = RegisterCommand.writeAll(&reader)
        case "H":
            self = ThreadCommand.select(&reader)
        case let letter:
            // The letter may be the first of a longer name, such as MultiMemRead.
            self = reader.isAtLongerName ? Self.named(packet) : Self.lettered(letter, &reader)
        }
    }

    /// Parses packets whose name is one letter.
    ///
    /// Arguments, if any, begin with a number.
    private static func lettered(_ letter: Unicode.Scalar, _ reader: inout ByteReader) -> Command {
        switch letter {
        case "g": RegisterCommand.readAll(&reader)
        case "p": RegisterCommand.read(&reader)
        case "P": RegisterCommand.write(&reader)
        case "m": MemoryCommand.read(&reader)
        case "x": MemoryCommand.readBinary(&reader)
        case "M": MemoryCommand.write(&reader)
        case "X": MemoryCommand.writeBinary(&reader)
        case "Z": StopPointCommand.insert(&reader)
        case "z": StopPointCommand.remove(&reader)
        case "c": ResumeCommand.plain(.continue, &reader)
        case "C": ResumeCommand.withSignal(.continue, &reader)
        case "s": ResumeCommand.plain(.step, &reader)
        case "S": ResumeCommand.withSignal(.step, &reader)
        case "T": ThreadCommand.isAlive(&reader)
        case "?": reader.isAtEnd ? .query(.stopReason) : .unknown
        case "!": reader.isAtEnd ? .lifecycle(.extendedMode) : .unknown
        case "D": LifecycleCommand.detach(&reader)
        case "k": reader.isAtEnd ? .lifecycle(.kill) : .unknown
        case "R": LifecycleCommand.restart(&reader)
        default: .unknown
        }
    }

    /// Parses packets with longer names.
    ///
    /// The whole name must match: `qCRC` is not `qC` with an argument.
    private static func named(_ packet: [UInt8]) -> Command {
        var reader = ByteReader(packet)
        let name = reader.upTo(":", ";", ",", "?")
        for row in namedPackets where name.isText(row.name) {
            return row.parse(&reader)
        }
        return LLDBCommand.parse(name, &reader, packet: packet) ?? QEMUCommand.setStepMode(name, &reader) ?? .unknown
    }

    /// The names of all packets with a name longer than a letter; a test compares them with the documented table.
    package static var packetNames: [String] {
        namedPackets.map { $0.name } + LLDBCommand.names + LLDBCommand.prefixes
    }
}

/// One row for each packet with a longer name.
///
/// The reader given to `parse` is positioned just after the name.
private let namedPackets: [(name: String, parse: @Sendable (inout ByteReader) -> Command)] =
    [
        ("vCont", ResumeCommand.vCont),
        ("vKill", LifecycleCommand.killProcess),
        ("vAttach", LifecycleCommand.attach),
        ("vRun", LifecycleCommand.run),
        ("vStopped", NonStopCommand.nextStop),
        ("vCtrlC", NonStopCommand.interrupt),
        ("qSupported", Query.supported),
        ("qXfer", Query.transfer),
        ("qRcmd", Query.monitor),
        ("qAttached", Query.attached),
        ("qSymbol", Query.symbol),
        ("qC", ThreadCommand.current),
        ("qfThreadInfo", ThreadCommand.firstList),
        ("qsThreadInfo", ThreadCommand.nextList),
        ("qThreadExtraInfo", ThreadCommand.extraInfo),
        ("QStartNoAckMode", Query.startNoAckMode),
        ("qOffsets", Query.offsets),
        ("QPassSignals", Query.passSignals),
        ("QProgramSignals", Query.programSignals),
        ("QThreadEvents", ThreadCommand.events),
        ("QNonStop", NonStopCommand.setMode),
        ("qSearch", ScanCommand.search),
        ("qCRC", ScanCommand.checksum),
        ("qqemu.Supported", QEMUCommand.supported),
        ("qqemu.sstepbits", QEMUCommand.stepModeBits),
        ("qqemu.sstep", QEMUCommand.stepMode),
        // QEMU's table holds these two for both q and Q; its manual and its tools write Q.
        ("Qqemu.sstepbits", QEMUCommand.stepModeBits),
        ("Qqemu.sstep", QEMUCommand.stepMode),
        ("qqemu.PhyMemMode", QEMUCommand.physicalMode),
        ("Qqemu.PhyMemMode", QEMUCommand.setPhysicalMode),
    ] + TraceCommand.namedPackets

extension ByteReader {
    /// Whether the unread bytes, up to the end or a `:` or `;`, are letters that do not form a hexadecimal number.
    fileprivate var isAtLongerName: Bool {
        var isNumber = true
        for byte in rest {
            switch Unicode.Scalar(byte) {
            case ":", ";": return !isNumber
            case "a"..."f", "A"..."F": break
            case "g"..."z", "G"..."Z": isNumber = false
            default: return false
            }
        }
        return !isNumber
    }
}
