import Machine

/// A disk in memory that records its requests, and fails on request.
final class MemoryStorage: BlockStorage {
    var bytes: [UInt8]
    var isReadOnly = false
    var identifier = "memory"
    var fails = false
    /// `r`, `w` and `f`, in order.
    var calls = ""

    init(sectors: Int) {
        bytes = (0..<sectors * 512).map { UInt8(truncatingIfNeeded: $0 / 512 &+ $0) }
    }

    var sectorCount: UInt64 { UInt64(bytes.count / 512) }

    func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Bool {
        calls += "r"
        guard !fails else { return false }
        buffer.copyBytes(from: bytes[Int(offset)..<Int(offset) + buffer.count])
        return true
    }

    func write(at offset: UInt64, from buffer: UnsafeRawBufferPointer) -> Bool {
        calls += "w"
        guard !fails else { return false }
        bytes.replaceSubrange(Int(offset)..<Int(offset) + buffer.count, with: buffer)
        return true
    }

    func flush() -> Bool {
        calls += "f"
        return !fails
    }
}

/// A network whose other end is the test.
final class TestLink: NetworkLink {
    var sent: [[UInt8]] = []
    var incoming: [[UInt8]] = []

    func send(_ frame: [UInt8]) { sent.append(frame) }
    func receive() -> [UInt8]? { incoming.isEmpty ? nil : incoming.removeFirst() }
}
