import Execution
import GDBRemote
import TargetDescription

extension DebugSession {
    /// Sends the reply to a command, unless the reply is the stop reply or the command has none.
    mutating func answer(_ command: Command) {
        switch state {
        case .attached(.nonStop) where command.needsStandstill:
            if waitsForStandstill(command) { return }
        case .attached(.allStop(.released)) where command.needsStoppedTarget:
            return haltForCommand(command)
        default: break
        }
        do {
            if isAbsent, let reply = try replyWithoutProcess(to: command) { return send(reply) }
            if let reply = try reply(to: command) { send(reply) }
        } catch {
            // Every client reads an empty reply as an unsupported packet and works without it.
            guard error.cause != .unsupported else { return send(.empty) }
            answer(with: error, style: errorStyle(command.errorForm))
        }
    }

    /// Returns a capability of the target for a packet that needs it.
    ///
    /// Throws `unsupported` if the target lacks the capability.
    func required<Capability>(_ capability: Capability?) throws(TargetError) -> Capability {
        guard let capability else { throw .unsupported }
        return capability
    }

    /// The target's agent, if it has one.
    var agent: Agent? { target.agentHost?.agent }

    /// Reports to the target that the agent may need breakpoints at other addresses.
    func agentChanged() throws(TargetError) { try target.agentHost?.agentChanged() }

    /// The forms in which a client reads an error.
    enum ErrorStyle {
        /// `Exx`
        case code
        /// `E.text`
        case text
        /// `Exx;text`, for LLDB
        case hexText
    }

    /// The style of errors of long requests.
    ///
    /// No packet that becomes a long request restricts the style.
    var longErrorStyle: ErrorStyle { errorStyle(.any) }

    /// Returns the style of an error to a packet after which clients read this form.
    ///
    /// The style includes the text if the client shows it.
    func errorStyle(_ form: ErrorForm) -> ErrorStyle {
        if form == .code { return .code }
        if client.hasErrorStrings { return .hexText }
        if client.features.contains(.errorText) { return .text }
        return form == .any && client.features.contains(.isGDB) ? .text : .code
    }

    /// Sends an error reply.
    mutating func answer(with error: TargetError, style: ErrorStyle) {
        lastError = error.text
        switch style {
        case .code: send(.error(error.cause.errorCode))
        case .text: send(.error(text: error.text))
        case .hexText: send(.error(error.cause.errorCode, hexText: error.text))
        }
    }

    private mutating func reply(to command: Command) throws(TargetError) -> Reply? {
        if case .trace = command { _ = try required(agent) }
        if case .attached(.allStop(.running)) = state, command.needsStoppedTarget {
            throw TargetError(.running, text: "the machine is running")
        }
        switch command {
        case .register(let command):
            client.hasReadTarget = true
            return try reply(to: command)
        case .memory(let command):
            client.hasReadTarget = true
            return try reply(to: command)
        case .stopPoint(let command): return try reply(to: command)
        case .resume(let command): return try reply(to: command)
        case .thread(let command): return try reply(to: command)
        case .query(let query): return try reply(to: query)
        case .lifecycle(let command): return try reply(to: command)
        case .trace(let command): return try reply(to: command)
        case .scan(let command): return try reply(to: command)
        case .lldb(let command): return try reply(to: command)
        case .qemu(let command): return try reply(to: command)
        case .nonStop(let command): return try reply(to: command)
        case .malformed(let text, _): throw .invalid(text)
        case .unknown: return .empty
        }
    }
}

extension Command {
    /// Whether the reply depends on the target's state, or the command changes it.
    ///
    /// Clients do not send such a command in all-stop mode while the machine runs. If one does, the reply is an error.
    var needsStoppedTarget: Bool {
        switch self {
        case .register, .memory, .stopPoint, .trace, .scan: true
        case .resume(.listActions): false
        case .resume: true
        case .thread(.extraInfo), .thread(.reportEvents): true
        case .thread: false
        case .query(.stopReason), .query(.monitor): true
        case .query(.transfer(let transfer)): transfer.object != .features
        case .query(.offsets): true
        case .query: false
        case .lldb(let command): command.needsStoppedTarget
        case .qemu(let command): command != .supported && command != .stepModeBits
        case .lifecycle(.restart), .lifecycle(.run), .lifecycle(.attach): true
        case .nonStop(.setMode): true
        case .nonStop, .lifecycle, .malformed, .unknown: false
        }
    }

    /// Whether the command needs a standstill in non-stop mode.
    fileprivate var needsStandstill: Bool {
        needsStoppedTarget || self == .nonStop(.interrupt)
    }
}

extension PacketLink.Refusal {
    var error: TargetError {
        switch self {
        case .oversized: TargetError(.tooLarge, text: "the packet is larger than PacketSize")
        case .undecodable: .invalid("the packet ends within an escape")
        case .damaged: .invalid("the packet's checksum is wrong")
        }
    }
}
