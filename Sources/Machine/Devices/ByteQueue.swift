/// A first-in, first-out queue of bytes with constant amortized cost.
struct ByteQueue: Equatable, Sendable {
    private var bytes: [UInt8] = []
    private var head = 0

    /// Compares the queued bytes only, not how they are stored.
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
            // Removing the read bytes when they are more than half has constant amortized cost.
            if head * 2 > bytes.count {
                bytes.removeFirst(head)
                head = 0
            }
        }
        return bytes[head]
    }
}
