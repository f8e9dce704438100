import Execution
import GDBRemote
import GDBStub

/// A debugger's end of a session, and the driver's: sends packets, collects replies and plays the machine.
final class Client {
    let target: FakeTarget
    private var session: DebugSession
    private var decoder = PacketDecoder(maximumSize: 1 << 24, undoesRuns: true)
    /// The signs that came, in order, since the last time they were looked at.
    var signs = ""
    /// Actions not looked at yet.
    var actions: [SessionAction] = []
    /// Everything the session sent, as bytes.
    private(set) var received: [UInt8] = []

    init(_ target: FakeTarget = FakeTarget(), initialStop: StopEvent = StopEvent(.paused, vcpu: 0)) {
        self.target = target
        session = DebugSession(target: target, initialStop: initialStop, version: "fake 1.0")
    }

    var isEnded: Bool { session.isEnded }

    /// Sends a packet and returns the replies that come at once.
    func send(_ packet: String) -> [String] {
        sendRaw(Self.frame(Array(packet.utf8)))
    }

    /// Sends a packet of which only one reply is expected at once; without a reply that is nil.
    func ask(_ packet: String) -> String? {
        let replies = send(packet)
        return replies.count > 1 ? "\(replies.count) replies: \(replies)" : replies.first
    }

    /// Sends bytes as they are.
    func sendRaw(_ bytes: [UInt8]) -> [String] {
        session.receive(bytes)
        return drain()
    }

    func stop(_ reason: StopEvent.Reason, vcpu: Int = 0) -> [String] {
        stop([StopEvent(reason, vcpu: vcpu)])
    }

    /// Several stops at the same time.
    func stop(_ events: [StopEvent]) -> [String] {
        target.isRunning = false
        if let first = events.first { session.stopped(first, and: Array(events.dropFirst())) }
        return drain()
    }

    func console(_ text: String) -> [String] {
        session.consoleOutput(Array(text.utf8))
        return drain()
    }

    /// Sends packets in one piece and leaves before any is answered.
    func sendAndLeave(_ packets: [String]) {
        session.receive(packets.flatMap { Self.frame(Array($0.utf8)) })
        disconnect()
    }

    func disconnect() {
        session.disconnected()
        _ = drain()
    }

    /// Does the handshake of a GDB that can all there is, without acknowledgements.
    func connect() -> Client {
        _ = send("qSupported:swbreak+;hwbreak+;error-message+")
        _ = send("QStartNoAckMode")
        signs = ""
        return self
    }

    /// Takes the actions since the last time.
    func takeActions() -> [SessionAction] {
        defer { actions = [] }
        return actions
    }

    private func drain() -> [String] {
        var replies: [String] = []
        while true {
            let output = session.takeOutput()
            for action in session.takeActions() {
                switch action {
                case .resume, .release: target.isRunning = true
                default: break
                }
                actions.append(action)
            }
            received += output
            var rest = output[...]
            while !rest.isEmpty { replies += takePiece(&rest) }
            guard session.hasWork else { return replies }
            session.continueWork()
        }
    }

    /// Takes a packet, a notification or a sign; notifications keep their `%`.
    private func takePiece(_ rest: inout ArraySlice<UInt8>) -> [String] {
        var piece = Array(rest.prefix(1))
        let isNotification = piece == Array("%".utf8)
        if isNotification || piece == Array("$".utf8) {
            let end = rest.firstIndex(of: UInt8(ascii: "#")) ?? rest.endIndex
            piece = Array("$".utf8) + rest[..<end].dropFirst() + rest[end...].prefix(3)
        }
        rest = rest.dropFirst(piece.count)
        var index = 0
        var replies: [String] = []
        while let event = decoder.next(in: piece, from: &index) {
            switch event {
            case .packet(let data): replies.append((isNotification ? "%" : "") + Self.text(data))
            case .acknowledgement: signs += "+"
            case .negativeAcknowledgement: signs += "-"
            default: replies.append("<\(event)>")
            }
        }
        return replies
    }

    /// A packet without escapes or runs.
    static func frame(_ data: [UInt8]) -> [UInt8] {
        let sum = String(data.reduce(0, &+), radix: 16)
        return Array("$".utf8) + data + Array("#".utf8) + Array((sum.count < 2 ? "0" + sum : sum).utf8)
    }

    /// Bytes as Latin-1 text, so that binary data can be compared too.
    static func text(_ bytes: [UInt8]) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    static func hex(_ text: String) -> String {
        text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
