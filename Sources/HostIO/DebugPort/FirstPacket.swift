/// Decides from a connection's first bytes whether the client is a debugger.
///
/// Debuggers begin with acknowledgements, Ctrl-C or a packet (GDB manual, "Overview" of the remote protocol). A web page's
/// request, a TLS hello or a port scanner's probe has something else before anything that looks like a packet, and
/// nothing of it is executed.
package struct FirstPacket {
    package enum Verdict: Equatable, Sendable {
        /// Nothing is decided yet.
        case undecided
        /// A packet with the right checksum has come; everything received belongs to the session.
        case debugger
        /// No debugger sends this.
        case stranger
    }

    private enum Place {
        case between
        case inPacket(sum: UInt8)
        case inChecksum(sum: UInt8, high: UInt8?)
    }

    /// The session's input: everything received, except for packets with a wrong checksum.
    package private(set) var bytes: [UInt8] = []
    private var place = Place.between
    private var count = 0
    /// The number of packets with a wrong checksum: the sender waits for a `-` for each, and repeats it.
    package private(set) var refusals = 0

    /// Upper bound on the first packet, more than any debugger sends.
    private static let limit = 1 << 16

    package init() {}

    package mutating func receive(_ received: [UInt8]) -> Verdict {
        count += received.count
        for (index, byte) in received.enumerated() {
            bytes.append(byte)
            switch place {
            case .between:
                switch byte {
                case UInt8(ascii: "+"), UInt8(ascii: "-"), 0x03: break
                case UInt8(ascii: "$"): place = .inPacket(sum: 0)
                default: return .stranger
                }
            case .inPacket(let sum):
                switch byte {
                case UInt8(ascii: "#"): place = .inChecksum(sum: sum, high: nil)
                // A packet that begins within another replaces it.
                case UInt8(ascii: "$"): place = .inPacket(sum: 0)
                default: place = .inPacket(sum: sum &+ byte)
                }
            case .inChecksum(let sum, nil):
                guard let digit = Self.digit(byte) else { return .stranger }
                place = .inChecksum(sum: sum, high: digit)
            case .inChecksum(let sum, let high?):
                guard let digit = Self.digit(byte) else { return .stranger }
                if high << 4 | digit == sum {
                    bytes += received[(index + 1)...]
                    return .debugger
                }
                refusals += 1
                bytes = []
                place = .between
            }
        }
        return count <= Self.limit ? .undecided : .stranger
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
