/// One connection's packets in both directions, with their acknowledgements.
///
/// Starts out acknowledging, as every connection does (GDB manual, "Packet Acknowledgment"), so there is one link for
/// each connection.
public struct PacketLink: Sendable {
    /// Input from the client that a session must act on.
    public enum Input: Equatable, Sendable {
        /// A packet's data.
        case packet([UInt8])
        /// A packet that can't be taken but wants an answer.
        case refused(Refusal)
        /// Ctrl-C.
        case interrupt
        /// The client wants the oldest packet again that it has not acknowledged: ``PacketLink/resend()``.
        case resendRequest
    }

    /// Why a packet cannot be taken.
    public enum Refusal: Equatable, Sendable {
        /// The packet's data is larger than the link takes.
        case oversized
        /// The packet's escapes are malformed.
        case undecodable
        /// Only where there are no acknowledgements: elsewhere a damaged packet is asked for again.
        case damaged
    }

    /// Bytes for the client.
    public private(set) var output: [UInt8] = []
    /// Whether `+` and `-` are sent and expected.
    public private(set) var isAcknowledging = true

    private var decoder: PacketDecoder
    /// Packets the client has not acknowledged yet, as they were sent, oldest first.
    private var unacknowledged: [[UInt8]] = []
    /// More are not kept, for a client that never acknowledges anything.
    private static let maximumUnacknowledged = 16

    /// A new connection's link, which acknowledges.
    ///
    /// - Parameter maximumSize: the most bytes of data a packet may have.
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

    /// Sends a packet with that data, with bytes that repeat as runs where `encodesRuns` says so.
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

    /// From now on there are no acknowledgements (`QStartNoAckMode`, after its reply).
    public mutating func stopAcknowledging() {
        isAcknowledging = false
        unacknowledged = []
    }

    /// Takes the bytes for the client; `buffer` gives its room, if it has any, to what comes next.
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
    /// The search frames the bytes by the same rules and consumes nothing: ``next(in:from:)`` reports the Ctrl-C when
    /// it reaches it.
    public var scanner: Scanner { Scanner(framer: decoder.framer) }

    /// A search for Ctrl-C in bytes that arrive piece by piece.
    ///
    /// Only packet boundaries matter to it: it keeps no data and decodes nothing.
    public struct Scanner: Sendable {
        fileprivate var framer: PacketFramer

        /// Searches from `index`; whether Ctrl-C was found.
        ///
        /// `index` is then after it, and otherwise at the end of the bytes.
        public mutating func findInterrupt(in bytes: [UInt8], from index: inout Int) -> Bool {
            while let event = framer.next(in: bytes, from: &index) {
                if event == .interrupt { return true }
            }
            return false
        }
    }

    /// Sends the oldest unacknowledged packet again: acknowledgments come in the order of the packets.
    ///
    /// One `-` can ask for a packet of any size, so each counts as a request of its own.
    public mutating func resend() {
        guard !unacknowledged.isEmpty else { return }
        let packet = unacknowledged.removeFirst()
        output.append(contentsOf: packet)
        unacknowledged.append(packet)
    }
}
