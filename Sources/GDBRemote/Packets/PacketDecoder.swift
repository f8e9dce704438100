/// A decoder of packets, acknowledgments and interrupts from a stream of bytes that may be cut anywhere.
///
/// ``PacketFramer`` finds where a packet begins and ends. The decoder collects the packet's data and decodes escapes
/// and runs.
public struct PacketDecoder: Sendable {
    /// A packet, or a single-byte signal between packets.
    public enum Event: Equatable, Sendable {
        /// A packet's data after escapes, and runs if enabled, are decoded.
        case packet([UInt8])
        /// A complete packet with malformed escapes or runs.
        case undecodable
        /// A complete packet that is larger than the maximum size. Its data is dropped.
        case oversized
        /// A packet with a wrong or missing checksum.
        case damaged
        /// `+`: the other side has received a packet.
        case acknowledgement
        /// `-`: the other side requests the packet again.
        case negativeAcknowledgement
        /// 0x03 between packets: Ctrl-C. Within a packet it is data (GDB manual, "Interrupts").
        case interrupt
    }

    /// The most bytes of data that a packet may have, as announced in `PacketSize`.
    public let maximumSize: Int
    /// Whether runs are decoded.
    ///
    /// A stub's packets may have runs; a client's do not.
    public let undoesRuns: Bool

    /// The position in the stream.
    ///
    /// A copy can look ahead.
    private(set) var framer = PacketFramer()
    /// The data received so far of the current packet, as sent.
    private var data: [UInt8] = []
    private var isOversized = false

    /// A decoder between packets; by default it decodes the packets of a client.
    public init(maximumSize: Int = packetSize, undoesRuns: Bool = false) {
        self.maximumSize = maximumSize
        self.undoesRuns = undoesRuns
    }

    /// Continues at `index` and returns the first event, with `index` after it; nil at the end of the bytes.
    public mutating func next(in bytes: [UInt8], from index: inout Int) -> Event? {
        while let event = framer.next(in: bytes, from: &index) {
            switch event {
            case .begin:
                data.removeAll(keepingCapacity: true)
                isOversized = false
            case .data(let range): receive(bytes[range])
            case .end: return endPacket()
            case .damaged: return .damaged
            case .acknowledgment: return .acknowledgement
            case .negativeAcknowledgment: return .negativeAcknowledgement
            case .interrupt: return .interrupt
            }
        }
        return nil
    }

    /// Appends a part of the packet's data.
    ///
    /// Once the packet exceeds the maximum size, drops all of its data.
    private mutating func receive(_ part: ArraySlice<UInt8>) {
        if isOversized || part.count > maximumSize - data.count {
            isOversized = true
            data = []
        } else {
            data.append(contentsOf: part)
        }
    }

    private mutating func endPacket() -> Event {
        guard !isOversized else { return .oversized }
        var received: [UInt8] = []
        swap(&received, &data)
        switch PacketData.decoded(received, maximumSize: maximumSize, undoesRuns: undoesRuns) {
        case .success(let decoded): return .packet(decoded)
        case .failure(.tooLong): return .oversized
        case .failure(.malformed): return .undecodable
        }
    }
}

/// The size in bytes announced as `PacketSize`: the limit for a packet's data, and the approximate limit for a reply's.
public let packetSize = 0x20000
