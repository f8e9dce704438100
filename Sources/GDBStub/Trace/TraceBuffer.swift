/// The frames an experiment has collected, oldest first, in no more room than it was given.
struct TraceBuffer {
    private struct Entry {
        var frame: TraceFrame
        /// Where the frame begins, counted from the first one there ever was.
        var position: Int
    }

    /// What a buffer has unless its size is set.
    static let usualSize = 5 << 20
    static let mostSize = 256 << 20

    /// Whether the oldest frames make room for new ones.
    var isCircular = false
    private(set) var size = usualSize
    /// What the frames take, their own bookkeeping included: many small ones are not for free.
    private(set) var used = 0
    /// How many frames there were, those included that had to make room.
    private(set) var created = 0

    private var entries: [Entry] = []
    /// Entries in front of it have made room.
    private var first = 0

    /// What a frame takes besides its bytes.
    private static let overhead = 96

    var count: Int { entries.count - first }
    var free: Int { max(0, size - used) }

    subscript(index: Int) -> TraceFrame { entries[first + index].frame }

    mutating func removeAll() {
        entries = []
        first = 0
        used = 0
        created = 0
    }

    /// Sets the size; what no longer has room goes, oldest first.
    mutating func resize(_ newSize: Int) {
        size = newSize
        while used > size { dropFirst() }
    }

    /// Keeps a frame; false if it has no room.
    mutating func append(_ frame: TraceFrame) -> Bool {
        let cost = frame.byteCount + Self.overhead
        guard cost <= size else { return false }
        if used + cost > size {
            guard isCircular else { return false }
            while used + cost > size { dropFirst() }
        }
        let position = entries.last.map { $0.position + $0.frame.byteCount } ?? 0
        entries.append(Entry(frame: frame, position: position))
        used += cost
        created += 1
        return true
    }

    private mutating func dropFirst() {
        used -= entries[first].frame.byteCount + Self.overhead
        first += 1
        // Now and then, so that each frame is moved only a few times.
        if first > 64 && first > entries.count / 2 {
            entries.removeFirst(first)
            first = 0
        }
    }

    /// Up to `most` bytes of all frames one behind the other, as a trace file has them.
    func bytes(from offset: UInt64, most: Int) -> [UInt8] {
        guard count > 0, let last = entries.last else { return [] }
        let end = last.position + last.frame.byteCount
        guard offset < UInt64(end - entries[first].position) else { return [] }
        var position = entries[first].position + Int(offset)
        var (low, high) = (first, entries.count)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if entries[middle].position <= position { low = middle } else { high = middle }
        }
        var bytes: [UInt8] = []
        while low < entries.count, bytes.count < most {
            let entry = entries[low]
            bytes += entry.frame.bytes[(position - entry.position)...].prefix(most - bytes.count)
            position = entry.position + entry.frame.byteCount
            low += 1
        }
        return bytes
    }
}
