import Execution
import GDBRemote
import TargetDescription

// Packets that only LLDB sends (LLDB, "GDB Remote Protocol Extensions").
extension DebugSession {
    mutating func reply(to command: LLDBCommand) throws(TargetError) -> Reply? {
        switch command {
        case .hostInformation:
            return .hostInformation(try required(target.host))
        case .processInformation:
            return .processInformation(try required(target.host))
        case .serverVersion:
            return Reply("name:\(name);version:\(version);")
        case .threadSuffix:
            return .ok
        case .threadsInStopReply:
            client.listsThreadsInStopReply = true
            attributeFirstStop()
            return .ok
        case .errorStrings:
            client.hasErrorStrings = true
            return .ok
        case .memoryRegionSupport:
            _ = try required(target.memoryAreaSource)
            return .ok
        case .memoryRegion(let address):
            return .region(try required(target.memoryAreaSource).memoryArea(at: address, vcpu: accessVCPU))
        case .watchpointSupport:
            return Reply("num:\(try required(target.watchpoints?.count));")
        case .registerInformation(let number):
            return try registerInformation(number)
        case .threadStop(let thread):
            guard let vcpu = try vcpus(thread).first else { throw .noSuchThread }
            try checkIsHeld(vcpu)
            let replies = stopReplies
            return Reply(lastStop.isEnd ? replies.reply(to: lastStop) : replies.reply(to: lastStop, vcpu: vcpu))
        case .allThreadStops:
            guard !lastStop.isEnd else { return .empty }
            let vcpus = (0..<target.vcpuCount).filter { isHeld($0) }
            return stopReplies.allThreads(at: lastStop, vcpus: vcpus)
        case .readRanges(let ranges):
            begin(RangesRequest(ranges, longErrorStyle))
            return nil
        case .echo(let packet):
            var reply = Reply()
            reply.append(packet)
            return reply
        }
    }

    /// Attributes the initial stop to vCPU 0, if the machine only stopped because the client connected.
    ///
    /// LLDB numbers threads in the order in which it learns of them, the stopped thread first. Its thread #1 is then
    /// vCPU 0.
    private mutating func attributeFirstStop() {
        guard lastStop.event.reason == .paused, !client.hasResumed else { return }
        lastStop.event.vcpu = 0
        accessVCPU = 0
    }

}

extension Reply {
    /// The reply to `qHostInfo`.
    ///
    /// The number of address bits appears twice: LLDB reads one number for each half of the address space since version
    /// 18, and earlier versions read a single number.
    fileprivate static func hostInformation(_ host: HostDescription) -> Reply {
        var reply = Reply("triple:")
        reply.append(hex: Array(host.triple.utf8))
        reply.append(";endian:little;ptrsize:\(host.pointerBytes)")
        reply.append(";watchpoint_exceptions_received:\(host.stopsBeforeWatchedAccess ? "before" : "after")")
        reply.append(";addressing_bits:\(max(host.lowAddressBits, host.highAddressBits))")
        reply.append(";low_mem_addressing_bits:\(host.lowAddressBits)")
        reply.append(";high_mem_addressing_bits:\(host.highAddressBits);vm-page-size:\(host.pageSize);")
        return reply
    }

    /// The reply to `qProcessInfo`.
    fileprivate static func processInformation(_ host: HostDescription) -> Reply {
        var reply = Reply("pid:1;triple:")
        reply.append(hex: Array(host.triple.utf8))
        reply.append(";endian:little;ptrsize:\(host.pointerBytes);")
        return reply
    }

    /// The reply to `qMemoryRegionInfo`.
    ///
    /// The last region ends before the last address, because LLDB computes an end of 0 for a region that includes it,
    /// and would start over.
    fileprivate static func region(_ area: MemoryArea) -> Reply {
        var reply = Reply("start:")
        reply.append(number: area.first)
        reply.append(";size:")
        let size = area.last - area.first
        reply.append(number: area.last == .max ? max(size, 1) : size + 1)
        reply.append(";")
        guard let rights = area.rights else { return reply }
        reply.append("permissions:")
        if rights.contains(.read) { reply.append("r") }
        if rights.contains(.write) { reply.append("w") }
        if rights.contains(.execute) { reply.append("x") }
        reply.append(";")
        if let name = area.name {
            reply.append("name:")
            reply.append(hex: Array(name.utf8))
            reply.append(";")
        }
        return reply
    }
}

/// A `MultiMemRead` in progress.
///
/// Unreadable ranges give no bytes, and data that exceeds the packet is cut off.
final class RangesRequest: LongRequest {
    let errorStyle: DebugSession.ErrorStyle
    private let ranges: [LLDBCommand.Range]
    private var data: [UInt8] = []
    private var counts: [UInt64] = []

    init(_ ranges: [LLDBCommand.Range], _ style: DebugSession.ErrorStyle) {
        self.ranges = ranges
        errorStyle = style
    }

    func nextPiece(for session: inout DebugSession) throws(TargetError) -> Reply? {
        for range in ranges[counts.count..<min(counts.count + rangesAtATime, ranges.count)] {
            let limit = maximumBytesOfRanges - data.count
            let bytes =
                range.count == 0 || limit == 0
                ? nil : try? session.readMemory(range.address, count: range.count, limit: limit)
            counts.append(UInt64(bytes?.count ?? 0))
            data += bytes ?? []
        }
        guard counts.count == ranges.count else { return nil }
        var reply = Reply()
        reply.append(numbers: counts)
        reply.append(";")
        reply.append(data)
        return reply
    }
}

/// The number of ranges in one piece.
///
/// Each may need a walk of the translation tables.
private let rangesAtATime = 32

/// The most bytes of data in a reply.
///
/// The other half of the packet is for the counts.
private let maximumBytesOfRanges = packetSize / 2

extension LLDBCommand {
    /// Whether the reply depends on the target's state.
    var needsStoppedTarget: Bool {
        switch self {
        case .hostInformation, .processInformation, .memoryRegion, .memoryRegionSupport, .watchpointSupport: true
        case .threadStop, .allThreadStops, .readRanges: true
        case .serverVersion, .threadSuffix, .threadsInStopReply, .errorStrings, .registerInformation, .echo: false
        }
    }
}
