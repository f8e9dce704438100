/// The state machine that separates packets, acknowledgments and interrupts in a stream of bytes that may be cut
/// anywhere.
///
/// A packet is `$`, data, `#` and a checksum of two hex digits (GDB manual, "Overview" of the remote protocol). Other
/// bytes between packets are skipped. A `$` always begins a packet, because packet data contains it only in escaped
/// form. The framer therefore finds the next packet after one that lost its end.
///
/// The framer holds no data, only its position in a packet and the checksum so far. A copy costs a few bytes and can
/// look ahead by the same rules.
package struct PacketFramer: Sendable {
    /// The meaning of the next bytes.
    package enum Event: Equatable, Sendable {
        /// The beginning of a packet. A packet that has begun and not ended is dropped.
        case begin
        /// The next part of the packet's data, as sent: indices into the bytes passed to `next`.
        case data(Range<Int>)
        /// The end of a packet whose checksum is right.
        case end
        /// The end of a packet whose checksum is wrong, or does not consist of two hex digits.
        case damaged
        /// `+`: the other side has received a packet.
        case acknowledgment
        /// `-`: the other side requests the packet again.
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

    /// Returns the data up to the byte that ends it or to the end of the bytes, and adds it to the checksum.
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

    /// Drops a packet that has no valid checksum.
    ///
    /// The current byte is not consumed, because it may begin a packet.
    private mutating func abandon() -> Event {
        state = .betweenPackets
        return .damaged
    }
}
