/// Finds packets, acknowledgements and interrupts in a stream of bytes that may be cut anywhere.
///
/// GDB manual, "Overview" of the remote protocol: `$` data `#` and two hex digits of checksum. What is between packets
/// and means nothing is skipped. A `$` can't be in a packet's data (it would be escaped), so it begins the packet anew:
/// that is how the decoder finds its feet again after a packet lost its end.
public struct PacketDecoder: Sendable {
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

    private enum State: Sendable {
        case betweenPackets
        case data
        case firstChecksumDigit
        case secondChecksumDigit(first: UInt8)
    }

    /// The most bytes of data a packet may have: what `PacketSize` announces.
    public let maximumSize: Int
    /// Whether packets are run-length decoded: those of a stub are, those of a client are not.
    public let undoesRuns: Bool

    private var state = State.betweenPackets
    /// The data of the packet that is being received, as it was sent.
    private var data: [UInt8] = []
    private var isOversized = false
    private var sum: UInt8 = 0

    /// A decoder between packets; by default it decodes the packets of a client.
    public init(maximumSize: Int = packetSize, undoesRuns: Bool = false) {
        self.maximumSize = maximumSize
        self.undoesRuns = undoesRuns
    }

    /// Goes on from `index` and returns the first thing it finds, with `index` after it; nil at the end of the bytes.
    public mutating func next(in bytes: [UInt8], from index: inout Int) -> Event? {
        while index < bytes.count {
            switch state {
            case .betweenPackets:
                let byte = bytes[index]
                index += 1
                switch byte {
                case UInt8(ascii: "$"): beginPacket()
                case UInt8(ascii: "+"): return .acknowledgement
                case UInt8(ascii: "-"): return .negativeAcknowledgement
                case 0x03: return .interrupt
                default: break
                }
            case .data:
                receiveData(bytes, from: &index)
            case .firstChecksumDigit:
                guard let digit = Hex.value(ofDigit: bytes[index]) else { return giveUp() }
                index += 1
                state = .secondChecksumDigit(first: digit)
            case .secondChecksumDigit(let first):
                guard let digit = Hex.value(ofDigit: bytes[index]) else { return giveUp() }
                index += 1
                return endPacket(checksum: first << 4 | digit)
            }
        }
        return nil
    }

    /// Takes data up to the byte that ends it, or all there is.
    private mutating func receiveData(_ bytes: [UInt8], from index: inout Int) {
        var end = index
        var sum = sum
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "#") || byte == UInt8(ascii: "$") { break }
            sum &+= byte
            end += 1
        }
        self.sum = sum
        if isOversized || end - index > maximumSize - data.count {
            isOversized = true
            data = []
        } else {
            data.append(contentsOf: bytes[index..<end])
        }
        index = end
        guard end < bytes.count else { return }
        if bytes[end] == UInt8(ascii: "#") {
            state = .firstChecksumDigit
        } else {
            beginPacket()
        }
        index += 1
    }

    private mutating func beginPacket() {
        state = .data
        data.removeAll(keepingCapacity: true)
        isOversized = false
        sum = 0
    }

    /// The checksum is not one: the byte at hand is not taken, it may begin something else.
    private mutating func giveUp() -> Event {
        state = .betweenPackets
        return .damaged
    }

    private mutating func endPacket(checksum: UInt8) -> Event {
        state = .betweenPackets
        guard checksum == sum else { return .damaged }
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
