/// A packet from the client, parsed once into what it asks for.
///
/// Arguments are bytes and numbers, never text: half of the protocol is binary.
public enum Command: Equatable, Sendable {
    /// Registers: `g`, `G`, `p`, `P`.
    case register(RegisterCommand)
    /// Memory: `m`, `M`, `x`, `X`.
    case memory(MemoryCommand)
    /// Breakpoints and watchpoints: `Z`, `z`.
    case stopPoint(StopPointCommand)
    /// Resuming: `vCont`, `c`, `s`, `C`, `S`.
    case resume(ResumeCommand)
    /// Threads: `H`, `T` and the queries about them.
    case thread(ThreadCommand)
    /// Queries that concern the connection, and documents.
    case query(Query)
    /// Attach, detach, kill, reset.
    case lifecycle(LifecycleCommand)
    /// Tracepoints.
    case trace(TraceCommand)
    /// Searches and checksums of memory.
    case scan(ScanCommand)
    /// LLDB's own packets.
    case lldb(LLDBCommand)
    /// QEMU's own packets.
    case qemu(QEMUCommand)
    /// Non-stop mode.
    case nonStop(NonStopCommand)
    /// A known packet with arguments that it does not take: the text says what it takes, and the form says how the
    /// packet's client reads errors.
    case malformed(String, ErrorForm = .any)
    /// A packet that is not known: the answer is empty, and the client then does without.
    case unknown

    /// Parses a packet's data.
    ///
    /// Any bytes at all give a command.
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
            // The letter may be only the beginning of some other packet's name, such as MultiMemRead's.
            self = reader.isAtLongerName ? Self.named(packet) : Self.lettered(letter, &reader)
        }
    }

    /// The packets whose name is one letter, with arguments that begin with a number.
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

    /// The packets with longer names.
    ///
    /// A name has to be the whole name: `qCRC` is no `qC`.
    private static func named(_ packet: [UInt8]) -> Command {
        var reader = ByteReader(packet)
        let name = reader.upTo(":", ";", ",", "?")
        for row in namedPackets where name.isText(row.name) {
            return row.parse(&reader)
        }
        return LLDBCommand.parse(name, &reader, packet: packet) ?? QEMUCommand.setStepMode(name, &reader) ?? .unknown
    }

    /// The name of every packet that has a longer one, for the table in the documentation to be checked against.
    package static var packetNames: [String] {
        namedPackets.map { $0.name } + LLDBCommand.names + LLDBCommand.prefixes
    }
}

/// A row for each packet with a longer name; the reader is just after the name.
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
        // QEMU looks these two up in one table for q and Q, and its manual and its tools write Q.
        ("Qqemu.sstepbits", QEMUCommand.stepModeBits),
        ("Qqemu.sstep", QEMUCommand.stepMode),
        ("qqemu.PhyMemMode", QEMUCommand.physicalMode),
        ("Qqemu.PhyMemMode", QEMUCommand.setPhysicalMode),
    ] + TraceCommand.namedPackets

extension ByteReader {
    /// Whether what comes reads as letters that are not a hex number, up to the end or to a `:` or `;`.
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
