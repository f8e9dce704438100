/// Takes frames out of a stream that has each one's length, four bytes in network order, in front of it.
///
/// QEMU's framing (`-netdev stream`), which passt speaks (passt(1), "--socket").
package struct FrameDecoder: Sendable {
    /// The stream can't be followed any more: a length no frame has.
    package struct BadLength: Error, Equatable, Sendable {
        package var length: UInt32
    }

    private var bytes: [UInt8] = []
    /// Where the first byte is that no frame has been made of.
    private var start = 0

    package init() {}

    /// Takes more of the stream, in any chunking.
    package mutating func receive(_ chunk: some Collection<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(contentsOf: chunk)
    }

    /// The next whole frame; nil if the rest of it has not come yet.
    package mutating func next() throws(BadLength) -> [UInt8]? {
        while bytes.count - start >= 4 {
            let length = bytes[start..<start + 4].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
            guard length <= EthernetFrame.lengths.upperBound else { throw BadLength(length: length) }
            let frame = start + 4
            guard bytes.count - frame >= Int(length) else { return nil }
            start = frame + Int(length)
            // Bytes too short for a header are no frame, but the stream can continue.
            if EthernetFrame.lengths.contains(Int(length)) { return Array(bytes[frame..<start]) }
        }
        return nil
    }

    /// The length that goes in front of a frame.
    package static func header(of frame: [UInt8]) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: frame.count >> (24 - 8 * $0)) }
    }
}
