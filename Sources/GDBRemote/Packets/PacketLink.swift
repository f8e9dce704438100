/// One connection's packets in both directions, with their acknowledgments.
///
/// A connection starts in acknowledgment mode (GDB manual, "Packet Acknowledgment"), so each connection needs a link of
/// its own.
public struct PacketLink: Sendable {
    /// Input from the client that a session must act on.
    public enum Input: Equatable, Sendable {
        /// A packet's data.
        case packet([UInt8])
        /// A packet that cannot be decoded and needs an error reply.
        case refused(Refusal)
        /// Ctrl-C.
        case interrupt
        /// `-`: the client asks for the oldest packet that it has not acknowledged. Call ``PacketLink/resend()``.
        case resendRequest
    }

    /// The reasons why a packet cannot be decoded.
    public enum Refusal: Equatable, Sendable {
        /// The packet's data exceeds the link's maximum size.
        case oversized
        /// The packet's escapes are malformed.
        case undecodable
        /// The checksum is wrong. Occurs only without acknowledgments; with them, the link asks for the packet again.
        case damaged
    }

    /// The bytes to send to the client.
    public private(set) var output: [UInt8] = []
    /// Whether `+` and `-` are sent and expected.
    public private(set) var isAcknowledging = true

    private var decoder: PacketDecoder
    /// Sent packets that the client has not acknowledged, oldest first, with framing and checksum.
    private var unacknowledged: [[UInt8]] = []
    /// The most unacknowledged packets kept, which bounds memory if a client never acknowledges.
    private static let maximumUnacknowledged = 16

    /// A link in acknowledgment mode, for a new connection.
    ///
    /// - Parameter maximumSize: the most bytes of data that a packet may have.
    public init(maximumSize: Int = packetSize) {
        decoder = PacketDecoder(maximumSize: maximumSize)
    }

    /// Continues at `index` and returns the first input for the session, with `index` after it; nil at the end of the
    /// bytes.
    public mutating func next(in bytes: [UInt8], from index: inout Int) -> Input? {
        while let event = decoder.next(in: bytes, from: &index) {
            switch event {
            case .packet(let data):
                acknowledge("+")
                return .packet(data)
            case .oversized:
                acknowledge("+")
                return .refused(.oversized)
            case .undecodable:
                acknowledge("+")
                return .refused(.undecodable)
            case .damaged:
                guard isAcknowledging else { return .refused(.damaged) }
                acknowledge("-")
            case .interrupt:
                return .interrupt
            case .acknowledgement:
                if !unacknowledged.isEmpty { unacknowledged.removeFirst() }
            case .negativeAcknowledgement:
                if !unacknowledged.isEmpty { return .resendRequest }
            }
        }
        return nil
    }

    /// Sends a packet with this data.
    ///
    /// `encodesRuns` sends repeated bytes as runs.
    public mutating func send(_ data: [UInt8], encodesRuns: Bool = true) {
        let start = output.count
        append(data, marked: "$", encodesRuns: encodesRuns)
        guard isAcknowledging else { return }
        if unacknowledged.count == Self.maximumUnacknowledged { unacknowledged.removeFirst() }
        unacknowledged.append(Array(output[start...]))
    }

    /// Sends a notification, which the client does not acknowledge (GDB manual, "Notification Packets").
    public mutating func notify(_ data: [UInt8]) {
        append(data, marked: "%")
    }

    private mutating func append(_ data: [UInt8], marked mark: Unicode.Scalar, encodesRuns: Bool = true) {
        output.append(UInt8(ascii: mark))
        let sum = PacketData.append(encoded: data, to: &output, encodesRuns: encodesRuns)
        output.append(UInt8(ascii: "#"))
        output.append(Hex.digit(sum >> 4))
        output.append(Hex.digit(sum & 0xf))
    }

    /// Ends acknowledgment mode.
    ///
    /// Called after the reply to `QStartNoAckMode`.
    public mutating func stopAcknowledging() {
        isAcknowledging = false
        unacknowledged = []
    }

    /// Returns the bytes to send to the client and removes them.
    ///
    /// The capacity of `buffer` is reused for later output.
    public mutating func takeOutput(reusing buffer: consuming [UInt8] = []) -> [UInt8] {
        buffer.removeAll(keepingCapacity: true)
        swap(&buffer, &output)
        return buffer
    }

    private mutating func acknowledge(_ sign: Unicode.Scalar) {
        guard isAcknowledging else { return }
        output.append(UInt8(ascii: sign))
    }

    /// A search for Ctrl-C that begins where ``next(in:from:)`` will continue.
    ///
    /// The search frames the bytes by the same rules and consumes nothing. ``next(in:from:)`` later reports the same
    /// Ctrl-C.
    public var scanner: Scanner { Scanner(framer: decoder.framer) }

    /// A search for Ctrl-C in bytes that arrive piece by piece.
    ///
    /// The search needs only packet boundaries, so it keeps no data and decodes nothing.
    public struct Scanner: Sendable {
        fileprivate var framer: PacketFramer

        /// Searches from `index` and returns whether Ctrl-C was found.
        ///
        /// Afterwards `index` is just after the Ctrl-C, or at the end of the bytes.
        public mutating func findInterrupt(in bytes: [UInt8], from index: inout Int) -> Bool {
            while let event = framer.next(in: bytes, from: &index) {
                if event == .interrupt { return true }
            }
            return false
        }
    }

    /// Sends the oldest unacknowledged packet again.
    ///
    /// Acknowledgments come in the order of the packets, so `-` means the oldest. The packet may be large, so a caller
    /// must count each `-` as a request.
    public mutating func resend() {
        guard !unacknowledged.isEmpty else { return }
        let packet = unacknowledged.removeFirst()
        output.append(contentsOf: packet)
        unacknowledged.append(packet)
    }
}
