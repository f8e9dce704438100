import Execution
import GDBRemote

extension DebugSession {
    /// Begins a search or a checksum.
    ///
    /// Its reply is sent when the range has been read.
    mutating func reply(to command: ScanCommand) throws(TargetError) -> Reply? {
        switch command {
        case .search(let address, let count, let pattern):
            guard UInt64(pattern.count) <= count else { return Reply("0") }
            begin(SearchRequest(pattern, try range(address, count: count), vcpu: accessVCPU, style: longErrorStyle))
        case .checksum(let address, let count):
            begin(ChecksumRequest(try range(address, count: count), vcpu: accessVCPU, style: longErrorStyle))
        }
        return nil
    }

    private func range(_ address: UInt64, count: UInt64) throws(TargetError) -> ScannedRange {
        guard count == 0 || endsInAddressSpace(address, count: count) else {
            throw .fault("\(count) bytes reach beyond the last address")
        }
        // The client waits meanwhile, and the machine is stopped. Translation tables can map a little memory to a huge
        // range.
        guard count <= maximumScannedBytes else {
            throw .invalid("at most \(maximumScannedBytes >> 30) GiB at a time: take a part of the range")
        }
        return ScannedRange(address: address, left: count)
    }
}

private let maximumScannedBytes: UInt64 = 1 << 30
private let scannedBytesAtATime: UInt64 = 1 << 16

/// The part of a memory range that has not been read yet.
private struct ScannedRange {
    var address: UInt64
    var left: UInt64

    /// Reads the next piece; empty at the end.
    ///
    /// Unreadable memory is an error, because it could contain the pattern.
    mutating func read(_ session: borrowing DebugSession, vcpu: Int) throws(TargetError) -> [UInt8] {
        guard left > 0 else { return [] }
        let wanted = Int(min(left, scannedBytesAtATime))
        var bytes = try session.target.readMemory(address, count: wanted, vcpu: vcpu)
        guard !bytes.isEmpty else { throw .fault("memory there can't be read") }
        if bytes.count > wanted { bytes.removeLast(bytes.count - wanted) }
        address &+= UInt64(bytes.count)
        left -= UInt64(bytes.count)
        return bytes
    }
}

/// A `qSearch:memory` in progress: finds the lowest address at which the whole pattern lies in the range.
private final class SearchRequest: LongRequest {
    let errorStyle: DebugSession.ErrorStyle
    private var range: ScannedRange
    private var search: PatternSearch
    private let patternCount: UInt64
    private let vcpu: Int

    init(_ pattern: [UInt8], _ range: ScannedRange, vcpu: Int, style: DebugSession.ErrorStyle) {
        self.range = range
        self.vcpu = vcpu
        search = PatternSearch(pattern)
        patternCount = UInt64(pattern.count)
        errorStyle = style
    }

    func nextPiece(for session: inout DebugSession) throws(TargetError) -> Reply? {
        let start = range.address
        let bytes = try range.read(session, vcpu: vcpu)
        if let end = search.firstEnd(in: bytes) {
            var reply = Reply("1,")
            reply.append(number: start &+ UInt64(end) &- patternCount)
            return reply
        }
        return range.left == 0 ? Reply("0") : nil
    }
}

/// A `qCRC` in progress: computes the CRC-32 of the range.
private final class ChecksumRequest: LongRequest {
    let errorStyle: DebugSession.ErrorStyle
    private var range: ScannedRange
    private var sum = CRC32()
    private let vcpu: Int

    init(_ range: ScannedRange, vcpu: Int, style: DebugSession.ErrorStyle) {
        self.range = range
        self.vcpu = vcpu
        errorStyle = style
    }

    func nextPiece(for session: inout DebugSession) throws(TargetError) -> Reply? {
        sum.update(try range.read(session, vcpu: vcpu))
        guard range.left == 0 else { return nil }
        var reply = Reply("C")
        reply.append(number: UInt64(sum.value))
        return reply
    }
}

/// The checksum of `qCRC`: polynomial 0x04c11db7, most significant bit first, initial value all ones (GDB manual,
/// `qCRC`).
struct CRC32 {
    private(set) var value: UInt32 = 0xffff_ffff

    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index) << 24
        for _ in 0..<8 { value = value & 0x8000_0000 != 0 ? value << 1 ^ 0x04c1_1db7 : value << 1 }
        return value
    }

    mutating func update(_ bytes: [UInt8]) {
        let table = Self.table
        var value = value
        for byte in bytes { value = value << 8 ^ table[Int(UInt8(truncatingIfNeeded: value >> 24) ^ byte)] }
        self.value = value
    }
}
