/// The frames that an experiment has collected, oldest first, within a given size.
///
/// Frames are stored one after another in chunks. In a circular buffer, new frames replace the oldest ones, and a chunk
/// without frames is freed. At most one chunk more than the buffer's size is in use, and nothing after `removeAll`.
struct TraceBuffer {
    private struct Entry {
        var tracepoint: UInt16
        /// The number of the chunk that contains the frame, counted from the first chunk ever used.
        var chunk: Int
        /// The offset of the frame's blocks in the chunk.
        var offset: Int
        var byteCount: Int
        var address: UInt64
        /// The offset of the frame in the sequence of all frames ever collected, in bytes.
        var position: Int
    }

    /// The default size of a buffer, in bytes.
    static let usualSize = 5 << 20
    static let maximumSize = 256 << 20

    /// Whether new frames replace the oldest ones in a full buffer.
    var isCircular = false
    private(set) var size = usualSize
    /// The bytes that the frames use.
    ///
    /// Each frame includes a fixed overhead, so that many small frames are bounded too.
    private(set) var used = 0
    /// The number of frames ever collected, including replaced ones.
    private(set) var created = 0

    private var entries: [Entry] = []
    /// The index of the oldest frame in `entries`.
    ///
    /// Entries before it have been dropped.
    private var first = 0
    /// The chunks with the frames' blocks.
    private var chunks: [[UInt8]] = []
    /// The number of the first chunk in `chunks`.
    private var firstChunk = 0

    /// The bytes that a frame uses in addition to its own: its entry, counted twice because arrays grow by doubling.
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

    /// Sets the size in bytes.
    ///
    /// Frames that no longer fit are dropped, oldest first.
    mutating func resize(_ newSize: Int) {
        size = newSize
        while used > size { dropFirst() }
    }

    /// Stores a frame; false if it does not fit.
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
        // There are at most about a thousand chunks, and each is removed once.
        if oldest > firstChunk {
            chunks.removeFirst(oldest - firstChunk)
            firstChunk = oldest
        }
        // Entries are removed in batches, so that each is moved only a few times.
        if first > 64 && first > entries.count / 2 {
            entries.removeFirst(first)
            first = 0
        }
    }

    /// Returns up to `most` bytes of all frames, one after another, in the form of a trace file.
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
