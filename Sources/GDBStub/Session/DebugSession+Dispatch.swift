import GDBRemote
import TargetDescription

extension DebugSession {
    /// Answers a packet, unless its answer is the stop reply or it has none.
    mutating func answer(_ packet: [UInt8]) {
        do {
            if let reply = try reply(to: Command(packet)) { send(reply) }
        } catch {
            // Never text for reads of memory: clients take its letters for data.
            let isMemoryRead = packet.first == UInt8(ascii: "m") || packet.first == UInt8(ascii: "x")
            answer(with: error, mayShowText: !isMemoryRead)
        }
    }

    /// Answers with an error, as text where the client shows it.
    mutating func answer(with error: TargetError, mayShowText: Bool) {
        lastError = error.text
        if mayShowText && clientFeatures.contains(.errorText) {
            send(.error(text: error.text))
        } else {
            send(.error(error.code))
        }
    }

    private mutating func reply(to command: Command) throws(TargetError) -> Reply? {
        if case .trace = command, target.agent == nil { return .empty }
        if case .running = state, command.needsStoppedTarget {
            throw TargetError(code: 0x10, text: "the machine is running")
        }
        switch command {
        case .register(let command): return try reply(to: command)
        case .memory(let command): return try reply(to: command)
        case .stopPoint(let command): return try reply(to: command)
        case .resume(let command): return try reply(to: command)
        case .thread(let command): return try reply(to: command)
        case .query(let query): return try reply(to: query)
        case .lifecycle(let command): return try reply(to: command)
        case .trace(let command): return try reply(to: command)
        case .malformed(let text): throw .invalid(text)
        case .unknown: return .empty
        }
    }
}

extension Command {
    /// Whether the answer depends on the target's state, or changes it.
    ///
    /// Clients ask nothing while the machine runs, but one that does gets what can be told, and an error for the rest.
    fileprivate var needsStoppedTarget: Bool {
        switch self {
        case .register, .memory, .stopPoint, .trace: true
        case .resume(.listActions): false
        case .resume: true
        case .thread(.extraInfo): true
        case .thread: false
        case .query(.stopReason), .query(.monitor): true
        case .query(.transfer(let transfer)): transfer.object != .features
        case .query: false
        case .lifecycle(.restart): true
        case .lifecycle, .malformed, .unknown: false
        }
    }
}

extension PacketLink.Refusal {
    var error: TargetError {
        switch self {
        case .oversized: TargetError(code: 0x07, text: "the packet is larger than PacketSize")
        case .undecodable: .invalid("the packet has an escape or a run that means nothing")
        case .damaged: .invalid("the packet's checksum is wrong")
        }
    }
}
