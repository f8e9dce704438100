/// The frames an experiment has collected, oldest first, in no more room than it was given.
///
/// Frames lie one after the other in chunks. In a circular buffer the oldest frames make room, and a chunk of which no
/// frame is left is given back: at most one chunk more than the buffer's size is in use, and nothing after `removeAll`.
struct TraceBuffer {
    private struct Entry {
        var tracepoint: UInt16
        /// The chunk it lies in, counted from the first one there ever was.
        var chunk: Int
        /// Where in the chunk its blocks begin.
        var offset: Int
        var byteCount: Int
        var address: UInt64
        /// Where the frame begins, counted from the first one there ever was.
        var position: Int
    }

    /// The size of a buffer in bytes unless the client sets one.
    static let usualSize = 5 << 20
    static let maximumSize = 256 << 20

    /// Whether the oldest frames make room for new ones.
    var isCircular = false
    private(set) var size = usualSize
    /// The bytes that the frames take, including a fixed cost of each, so that many small frames are bounded too.
    private(set) var used = 0
    /// How many frames there were, those included that had to make room.
    private(set) var created = 0

    private var entries: [Entry] = []
    /// Entries before it have made room.
    private var first = 0
    /// The frames' blocks; those of chunks that are given back are empty.
    private var chunks: [[UInt8]] = []
    /// The number of the first of `chunks`.
    private var firstChunk = 0

    /// The bytes a frame takes besides its own: its entry, counted twice because arrays grow by doubling.
    private static let overhead = 96
    private static let chunkBytes = 1 << 18

    var count: Int { entries.count - first }
    var free: Int { max(0, size - used) }

    subscript(index: Int) -> TraceFrame {
        let entry = entries[first + index]
        let chunk = chunks[entry.chunk - firstChunk]
        return TraceFrame(
            tracepoint: entry.tracepoint, address: entry.address,
            blocks: Array(chunk[entry.offset..<(entry.offset + entry.byteCount - TraceFrame.headerBytes)]))
    }

    mutating func removeAll() {
        entries = []
        first = 0
        chunks = []
        firstChunk = 0
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
        if chunks.isEmpty || chunks[chunks.count - 1].count + frame.blocks.count > Self.chunkBytes {
            var chunk: [UInt8] = []
            chunk.reserveCapacity(max(min(Self.chunkBytes, size), frame.blocks.count))
            chunks.append(chunk)
        }
        let position = entries.last.map { $0.position + $0.byteCount } ?? 0
        entries.append(
            Entry(
                tracepoint: frame.tracepoint, chunk: firstChunk + chunks.count - 1,
                offset: chunks[chunks.count - 1].count, byteCount: frame.byteCount, address: frame.address,
                position: position))
        chunks[chunks.count - 1].append(contentsOf: frame.blocks)
        used += cost
        created += 1
        return true
    }

    private mutating func dropFirst() {
        used -= entries[first].byteCount + Self.overhead
        first += 1
        let oldest = first < entries.count ? entries[first].chunk : firstChunk + chunks.count
        // There are at most some thousand chunks, and each goes once.
        if oldest > firstChunk {
            chunks.removeFirst(oldest - firstChunk)
            firstChunk = oldest
        }
        // Now and then, so that each entry is moved only a few times.
        if first > 64 && first > entries.count / 2 {
            entries.removeFirst(first)
            first = 0
        }
    }

    /// Up to `most` bytes of all frames one after another, as in a trace file.
    func bytes(from offset: UInt64, most: Int) -> [UInt8] {
        guard count > 0, let last = entries.last else { return [] }
        let end = last.position + last.byteCount
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
            bytes += self[low - first].bytes[(position - entry.position)...].prefix(most - bytes.count)
            position = entry.position + entry.byteCount
            low += 1
        }
        return bytes
    }
}
