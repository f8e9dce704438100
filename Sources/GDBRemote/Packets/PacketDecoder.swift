/// Decodes packets, acknowledgments and interrupts from a stream of bytes that may be cut anywhere.
///
/// ``PacketFramer`` finds where a packet begins and ends; the decoder keeps its data, and undoes escapes and runs.
public struct PacketDecoder: Sendable {
    /// A packet, or a sign between packets.
    public enum Event: Equatable, Sendable {
        /// A packet's data, with escapes undone, and runs where there are any.
        case packet([UInt8])
        /// A packet that arrived whole, but whose escapes or runs make no sense.
        case undecodable
        /// A packet that arrived whole, but is larger than the decoder takes. Nothing of it is kept.
        case oversized
        /// A packet that did not arrive as it was sent.
        case damaged
        /// `+`
        case acknowledgement
        /// `-`
        case negativeAcknowledgement
        /// 0x03 between packets: Ctrl-C. Within a packet it is data (GDB manual, "Interrupts").
        case interrupt
    }

    /// The most bytes of data a packet may have: what `PacketSize` announces.
    public let maximumSize: Int
    /// Whether packets are run-length decoded: those of a stub are, those of a client are not.
    public let undoesRuns: Bool

    /// The place in the stream: a copy of it can look ahead.
    private(set) var framer = PacketFramer()
    /// The data of the packet that is being received, as it was sent.
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

    /// Keeps data, or nothing of the packet once it is larger than the decoder takes.
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

/// The `PacketSize` that is announced: the most bytes of data in a packet, and about as many in a reply.
public let packetSize = 0x20000
