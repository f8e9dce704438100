/// First in, first out, with both ends in constant time.
struct ByteQueue: Equatable, Sendable {
    private var bytes: [UInt8] = []
    private var head = 0

    /// Compares what is in the queues, not how it is stored.
    static func == (left: ByteQueue, right: ByteQueue) -> Bool {
        left.bytes[left.head...] == right.bytes[right.head...]
    }

    var count: Int { bytes.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    mutating func removeAll() {
        bytes.removeAll()
        head = 0
    }

    mutating func popFirst() -> UInt8? {
        guard head < bytes.count else { return nil }
        defer {
            head += 1
            // Forgetting the read half now and then costs a constant per byte.
            if head * 2 > bytes.count {
                bytes.removeFirst(head)
                head = 0
            }
        }
        return bytes[head]
    }
}
