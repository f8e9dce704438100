/// The state machine that separates packets, acknowledgments and interrupts in a stream of bytes that may be cut
/// anywhere.
///
/// GDB manual, "Overview" of the remote protocol: `$`, data, `#` and two hex digits of checksum. Other bytes between
/// packets are skipped. A `$` cannot be part of a packet's data, because it would be escaped, so it always begins a
/// packet: the framer finds the next packet after one that lost its end.
///
/// The framer keeps no data, only its place in a packet and the checksum so far. A copy costs a few bytes, and can look
/// ahead of the original by the same rules.
package struct PacketFramer: Sendable {
    /// The kind of the next bytes.
    package enum Event: Equatable, Sendable {
        /// A packet begins. An earlier packet that has not ended is void.
        case begin
        /// The next part of the packet's data, as sent: indices into the bytes at hand.
        case data(Range<Int>)
        /// The packet is complete, and its checksum is right.
        case end
        /// The packet is complete and its checksum is wrong, or is no checksum.
        case damaged
        /// `+`
        case acknowledgment
        /// `-`
        case negativeAcknowledgment
        /// 0x03 between packets: Ctrl-C. Within a packet it is data (GDB manual, "Interrupts").
        case interrupt
    }

    private enum State: Sendable {
        case betweenPackets
        case data
        case firstChecksumDigit
        case secondChecksumDigit(first: UInt8)
    }

    private var state = State.betweenPackets
    /// The sum of the packet's data, modulo 256.
    private var sum: UInt8 = 0

    /// A framer between packets.
    package init() {}

    /// Continues at `index` and returns the first event, with `index` after it; nil at the end of the bytes.
    @inline(__always)
    package mutating func next(in bytes: [UInt8], from index: inout Int) -> Event? {
        while index < bytes.count {
            switch state {
            case .betweenPackets:
                let byte = bytes[index]
                index += 1
                switch byte {
                case UInt8(ascii: "$"): return begin()
                case UInt8(ascii: "+"): return .acknowledgment
                case UInt8(ascii: "-"): return .negativeAcknowledgment
                case 0x03: return .interrupt
                default: break
                }
            case .data:
                let data = dataRange(in: bytes, from: index)
                index = data.upperBound
                if !data.isEmpty { return .data(data) }
                index += 1
                if bytes[data.upperBound] == UInt8(ascii: "$") { return begin() }
                state = .firstChecksumDigit
            case .firstChecksumDigit:
                guard let digit = Hex.value(ofDigit: bytes[index]) else { return abandon() }
                index += 1
                state = .secondChecksumDigit(first: digit)
            case .secondChecksumDigit(let first):
                guard let digit = Hex.value(ofDigit: bytes[index]) else { return abandon() }
                index += 1
                state = .betweenPackets
                return first << 4 | digit == sum ? .end : .damaged
            }
        }
        return nil
    }

    /// The data up to the byte that ends it, or to the end of the bytes; its bytes are added to the checksum.
    private mutating func dataRange(in bytes: [UInt8], from start: Int) -> Range<Int> {
        var end = start
        var sum = sum
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "#") || byte == UInt8(ascii: "$") { break }
            sum &+= byte
            end += 1
        }
        self.sum = sum
        return start..<end
    }

    private mutating func begin() -> Event {
        state = .data
        sum = 0
        return .begin
    }

    /// Ends the packet without a checksum.
    ///
    /// The byte at hand is not consumed, because it may begin something else.
    private mutating func abandon() -> Event {
        state = .betweenPackets
        return .damaged
    }
}
