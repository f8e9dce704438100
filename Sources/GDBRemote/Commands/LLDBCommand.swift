/// The packets that only LLDB sends (LLDB, "GDB Remote Protocol Extensions").
public enum LLDBCommand: Equatable, Sendable {
    /// `qHostInfo`: asks for a description of the machine.
    case hostInformation
    /// `qProcessInfo`: asks for a description of the process.
    case processInformation
    /// `qGDBServerVersion`: asks for the stub's name and version.
    case serverVersion
    /// `QThreadSuffixSupported`: from now on `g`, `G`, `p` and `P` may end with their thread.
    case threadSuffix
    /// `QListThreadsInStopReply`: stop replies must list all threads.
    case threadsInStopReply
    /// `QEnableErrorStrings`: error replies may have a text in hex.
    case errorStrings
    /// `qMemoryRegionInfo`: asks for the range and the rights of the memory at an address.
    case memoryRegion(address: UInt64)
    /// `qMemoryRegionInfo` or `qMemoryRegionInfo:`, which asks only whether the stub supports the packet.
    case memoryRegionSupport
    /// `qWatchpointSupportInfo`: asks for the number of watchpoints.
    case watchpointSupport
    /// `qRegisterInfo`: asks for the description of a register.
    case registerInformation(number: UInt64)
    /// `qThreadStopInfo`: asks for the stop of a thread.
    case threadStop(ThreadID)
    /// `jThreadsInfo`: asks for the stops of all threads, as JSON.
    case allThreadStops
    /// `MultiMemRead`: reads several ranges of memory.
    case readRanges([Range])
    /// `qEcho`: asks for the whole packet, which is the value, as the reply.
    case echo([UInt8])

    /// An address range of `MultiMemRead`.
    public struct Range: Equatable, Sendable {
        /// The first address.
        public var address: UInt64
        /// The number of bytes.
        public var count: UInt64

        /// A range of `count` bytes that begins at an address.
        public init(address: UInt64, count: UInt64) {
            self.address = address
            self.count = count
        }
    }

    /// One row for each packet without arguments.
    private static let plain: [(name: String, command: LLDBCommand)] = [
        ("qHostInfo", .hostInformation),
        ("qProcessInfo", .processInformation),
        ("qGDBServerVersion", .serverVersion),
        ("QThreadSuffixSupported", .threadSuffix),
        ("QListThreadsInStopReply", .threadsInStopReply),
        ("QEnableErrorStrings", .errorStrings),
        ("jThreadsInfo", .allThreadStops),
    ]

    /// The names of the packets whose name ends at a `:`, a `;` or the packet's end.
    static let names =
        plain.map { $0.name } + ["qMemoryRegionInfo", "qWatchpointSupportInfo", "qEcho", "MultiMemRead"]

    /// The names of the packets whose argument follows the name without a separator.
    static let prefixes = ["qRegisterInfo", "qThreadStopInfo"]

    /// Parses a packet with this name; nil if LLDB has no such packet.
    ///
    /// `packet` is the whole packet. The reader is positioned just after the name.
    static func parse(_ name: ArraySlice<UInt8>, _ reader: inout ByteReader, packet: [UInt8]) -> Command? {
        for row in plain where name.isText(row.name) {
            return reader.isAtEnd ? .lldb(row.command) : .malformed("\(row.name) takes nothing")
        }
        if name.isText("qMemoryRegionInfo") { return memoryRegion(&reader) }
        if name.isText("qWatchpointSupportInfo") {
            return reader.isAtEnd || (reader.skip(":") && reader.isAtEnd)
                ? .lldb(.watchpointSupport) : .malformed("qWatchpointSupportInfo takes nothing")
        }
        if name.isText("qEcho") {
            return reader.skip(":") ? .lldb(.echo(packet)) : .malformed("qEcho takes :TEXT")
        }
        if name.isText("MultiMemRead") { return readRanges(&reader) }
        return prefixed(name, &reader)
    }

    private static func memoryRegion(_ reader: inout ByteReader) -> Command {
        if reader.isAtEnd { return .lldb(.memoryRegionSupport) }
        guard reader.skip(":") else { return .malformed("qMemoryRegionInfo takes :ADDRESS in hex") }
        if reader.isAtEnd { return .lldb(.memoryRegionSupport) }
        guard let address = reader.number(), reader.isAtEnd else {
            return .malformed("qMemoryRegionInfo takes :ADDRESS in hex")
        }
        return .lldb(.memoryRegion(address: address))
    }

    /// The most ranges in a packet.
    ///
    /// More are malformed, because the reply must fit in a packet.
    private static let maximumRanges = 4096

    private static func readRanges(_ reader: inout ByteReader) -> Command {
        let malformed = Command.malformed("MultiMemRead takes :ranges:ADDRESS,COUNT[,ADDRESS,COUNT]...; in hex")
        guard reader.skip(":"), reader.upTo(":").isText("ranges"), reader.skip(":") else { return malformed }
        var ranges: [Range] = []
        repeat {
            guard let address = reader.number(), reader.skip(","), let count = reader.number(),
                ranges.count < maximumRanges
            else { return malformed }
            ranges.append(Range(address: address, count: count))
        } while reader.skip(",")
        guard reader.skip(";") else { return malformed }
        // Options may follow. None is supported, so all are ignored.
        return .lldb(.readRanges(ranges))
    }

    private static func prefixed(_ name: ArraySlice<UInt8>, _ reader: inout ByteReader) -> Command? {
        guard let prefix = prefixes.first(where: { name.starts(with: $0.utf8) }), reader.isAtEnd else { return nil }
        var argument = ByteReader(Array(name.dropFirst(prefix.utf8.count)))
        if prefix.utf8.elementsEqual("qRegisterInfo".utf8) {
            guard let number = argument.number(), argument.isAtEnd else {
                return .malformed("qRegisterInfo takes a register number in hex")
            }
            return .lldb(.registerInformation(number: number))
        }
        guard let thread = ThreadID(&argument), argument.isAtEnd else {
            return .malformed("qThreadStopInfo takes a thread-id")
        }
        return .lldb(.threadStop(thread))
    }
}
