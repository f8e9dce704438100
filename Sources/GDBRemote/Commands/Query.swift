/// Queries about the stub and its documents (GDB manual, "General Query Packets").
public enum Query: Equatable, Sendable {
    /// `?`: asks for the reason of the last stop.
    case stopReason
    /// `qSupported`, with the features that the client announces.
    case supported(ClientFeatures)
    /// `QStartNoAckMode`: ends acknowledgment mode.
    case startNoAckMode
    /// `qXfer:…:read`: reads a part of a document.
    case transfer(Transfer)
    /// `qRcmd`: a command line, decoded from hex.
    case monitor([UInt8])
    /// `qAttached`: whether the client attached to an existing process.
    case attached
    /// `qSymbol`: an offer to look up symbols, or the value of a symbol that the stub requested.
    case symbol
    /// `qOffsets`: the distance of the program from the address it was linked for.
    case offsets
    /// `QPassSignals` and `QProgramSignals`: signals to pass to the program. The list is dropped, because a machine has
    /// no signals.
    case signals

    /// A read of part of a document (GDB manual, "qXfer:object:read").
    public struct Transfer: Equatable, Sendable {
        /// The kinds of document that a client can read.
        public enum Object: String, CaseIterable, Sendable {
            // The raw values are the object names in the packet.
            /// The target description, `target.xml`.
            case features
            /// The list of threads.
            case threads
            /// The memory map.
            case memoryMap = "memory-map"
            /// The tables of the target's operating system.
            case osData = "osdata"
            /// The contents of the selected trace frame.
            case traceFrameInfo = "traceframe-info"
        }

        /// The kind of document.
        public var object: Object
        /// The name of the document within its kind; often empty.
        public var annex: [UInt8]
        /// The offset of the first byte to read, in bytes.
        public var offset: UInt64
        /// The largest number of bytes to read.
        public var length: UInt64

        /// A read of part of a document; offset and length are in bytes.
        public init(_ object: Object, annex: [UInt8], offset: UInt64, length: UInt64) {
            self.object = object
            self.annex = annex
            self.offset = offset
            self.length = length
        }
    }

    @Sendable static func supported(_ reader: inout ByteReader) -> Command {
        guard reader.isAtEnd || reader.skip(":") else { return .malformed("qSupported takes :FEATURE;...") }
        return .query(.supported(ClientFeatures(&reader)))
    }

    @Sendable static func startNoAckMode(_ reader: inout ByteReader) -> Command {
        reader.isAtEnd ? .query(.startNoAckMode) : .malformed("QStartNoAckMode takes nothing")
    }

    @Sendable static func transfer(_ reader: inout ByteReader) -> Command {
        guard reader.skip(":") else { return .malformed("qXfer takes :OBJECT:read:ANNEX:OFFSET,LENGTH") }
        let name = reader.upTo(":")
        guard let object = Transfer.Object.allCases.first(where: { name.isText($0.rawValue) }) else { return .unknown }
        guard reader.skip(":"), reader.upTo(":").isText("read") else { return .unknown }
        guard reader.skip(":") else { return .malformed("qXfer takes :OBJECT:read:ANNEX:OFFSET,LENGTH") }
        let annex = reader.upTo(":")
        guard reader.skip(":"), let offset = reader.number(), reader.skip(","), let length = reader.number(),
            reader.isAtEnd
        else { return .malformed("qXfer takes :OBJECT:read:ANNEX:OFFSET,LENGTH") }
        return .query(.transfer(Transfer(object, annex: Array(annex), offset: offset, length: length)))
    }

    @Sendable static func monitor(_ reader: inout ByteReader) -> Command {
        guard reader.skip(","), let text = Hex.decode(reader.takeRest()) else {
            return .malformed("qRcmd takes a command line in hex", .announcedText)
        }
        return .query(.monitor(text))
    }

    @Sendable static func attached(_ reader: inout ByteReader) -> Command {
        guard reader.isAtEnd || (reader.skip(":") && reader.number() != nil && reader.isAtEnd) else {
            return .malformed("qAttached takes a process id, or nothing")
        }
        return .query(.attached)
    }

    @Sendable static func symbol(_ reader: inout ByteReader) -> Command {
        reader.skip(":") ? .query(.symbol) : .malformed("qSymbol takes VALUE:NAME")
    }

    @Sendable static func offsets(_ reader: inout ByteReader) -> Command {
        reader.isAtEnd ? .query(.offsets) : .malformed("qOffsets takes nothing")
    }

    @Sendable static func passSignals(_ reader: inout ByteReader) -> Command {
        signals(&reader, "QPassSignals takes :SIGNAL;... in hex")
    }

    @Sendable static func programSignals(_ reader: inout ByteReader) -> Command {
        signals(&reader, "QProgramSignals takes :SIGNAL;... in hex")
    }

    private static func signals(_ reader: inout ByteReader, _ usage: String) -> Command {
        guard reader.skip(":") else { return .malformed(usage) }
        if reader.isAtEnd { return .query(.signals) }
        repeat {
            guard let signal = reader.number(), signal <= 0xff else { return .malformed(usage) }
        } while reader.skip(";")
        return reader.isAtEnd ? .query(.signals) : .malformed(usage)
    }
}
