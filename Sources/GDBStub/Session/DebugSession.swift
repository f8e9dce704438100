public import Execution
import GDBRemote
import TargetDescription

/// One client's debug session over a target: bytes in, bytes and actions out.
///
/// There is one session for each connection. It does no I/O, starts no thread and reads no clock: its driver passes on
/// what arrives (``receive(_:)``, ``stopped(_:)``, ``consoleOutput(_:)``, ``disconnected()``), and after each of these
/// sends ``takeOutput()`` and does ``takeActions()``, as long as there is work:
///
///     session.receive(bytes)
///     while true {
///         send(session.takeOutput())
///         for action in session.takeActions() { perform(action) }
///         guard session.hasWork else { break }
///         // Check here, without waiting, whether anything else has arrived.
///         session.continueWork()
///     }
///
/// Each call does one thing that takes a moment: it handles one packet, or does a piece of a request that takes longer,
/// such as a search. Pieces are measured in bytes and steps, so that a driver that polls after each of them
/// notices Ctrl-C, the connection's end and everything else within milliseconds, whatever the client asks for.
///
/// A driver whose `send` doesn't wait must take no more output and read no more bytes until the last output is sent.
/// Otherwise a client that sends requests and never reads replies makes the driver's buffer grow without limit.
///
/// In non-stop mode, too, the target is asked things only while nothing moves: a packet that needs that waits for a
/// standstill, a moment when no vCPU runs, which the session asks for with `interrupt` and ends with `resume`. Clients
/// don't see standstills.
///
/// The machine is stopped when the session begins, and the target is asked things only while it is stopped. Only `D`, `k`,
/// `vKill`, and the commands `monitor quit` and `monitor shutdown` end the session; in extended mode the three packets
/// leave it open with no process.
public struct DebugSession: ~Copyable {
    /// The session's hold on the machine.
    enum State {
        case attached(Mode)
        /// Connected, but with no process: extended mode after `D` or a kill. The next attach is in non-stop mode if
        /// that is set.
        case absent(Absence, isNonStop: Bool)
        /// Waiting for the machine to stop, to leave it without breakpoints. No packet is handled meanwhile.
        case ending(SessionAction, Reply?, from: Mode)
        case ended
    }

    let target: any DebugTarget
    let layout: RegisterLayout
    let name: String
    let version: String
    var state = State.attached(.allStop(.stopped(isReleased: false)))
    /// The stop that `?` reports.
    var lastStop: ReportedStop

    /// The vCPU that registers and memory are read from: `Hg`, and after a stop the vCPU that stopped.
    var accessVCPU: Int
    /// The vCPUs that move with `c` and `s`: `Hc`.
    var resumeThread = ThreadID(thread: .any)
    /// Whether the machine stays held when the connection ends without `D` or `k` (`monitor on-disconnect hold`).
    var holdsOnDisconnect = false
    /// Whether `!` has come: the connection outlives the process.
    var isExtended = false

    var client = ClientState()
    /// The text of the last error, for clients that don't show any.
    var lastError = ""
    /// Where `qsThreadInfo` goes on.
    var nextListedVCPU = 0

    /// target.xml, once it has been asked for.
    var targetXML: [UInt8]?
    /// The document of `qXfer:threads`, from its first window to the next resume.
    var threadsXML: [UInt8]?
    /// The document of `qXfer:osdata` that is being read, and its annex.
    var systemXML: (annex: [UInt8], bytes: [UInt8])?

    /// The trace frame that is looked at instead of the machine, by its place in the buffer.
    var selectedFrame: Int?
    /// What `qTsP` and `qTsV` have still to tell, last one first.
    var traceDefinitions: [Reply] = []

    var link = PacketLink()
    /// The request that is being answered piece by piece.
    var work: (any LongRequest)?
    /// Whether `work` must be abandoned, because Ctrl-C came after it.
    var isWorkUnwanted = false
    /// Whether the client has ended its half of the connection.
    var isInputEnded = false
    private var actions: [SessionAction] = []
    /// Console text that came while the machine was stopped, when clients don't listen.
    private var heldConsoleText: [UInt8] = []
    /// Received bytes; those before `inputIndex` have been decoded.
    var input: [UInt8] = []
    var inputIndex = 0
    /// The search for Ctrl-C in `input` during a long request.
    var interruptScan = InterruptScan()
    /// The next packet or Ctrl-C of `input`, decoded and parsed but not handled.
    var next: Arrival?

    /// Output of that size is sent before more input is dealt with, however many requests the input has.
    static let enoughOutput = 1 << 20
    /// The number of received bytes at which the driver stops reading.
    private static let enoughInput = 1 << 16
    /// The number of received bytes at which the driver stops reading during a long request.
    ///
    /// A Ctrl-C that a client sends after this many bytes of packets ends the request.
    private static let enoughInputDuringWork = 1 << 20
    private static let mostHeldConsoleText = 1 << 16
    private static let consoleBytesAtATime = 1 << 12

    /// A session over a stopped machine.
    ///
    /// - Parameters:
    ///   - initialStop: why the machine is stopped: `paused`, if only because somebody connects.
    ///   - name: what LLDB calls this server.
    ///   - version: what `monitor version` says.
    public init(target: any DebugTarget, initialStop: StopEvent, name: String = "gdbstub", version: String) {
        self.target = target
        self.name = name
        self.version = version
        layout = target.registerLayout
        lastStop = ReportedStop(initialStop, signal: StopReply.Signal.trap)
        lastStop.event.vcpu = min(max(initialStop.vcpu, 0), target.vcpuCount - 1)
        accessVCPU = lastStop.event.vcpu
        if let count = agent?.leftBreakpoints.count, count > 0 {
            heldConsoleText = Array(
                ("breakpoints of an earlier client run commands: \(count); "
                    + "\"monitor left-breakpoints\" lists them, \"monitor left-breakpoints clear\" removes them\n").utf8
            )
        }
    }

    /// Whether the session is over: its last action is, or was, `detach` or `kill`.
    public var isEnded: Bool {
        if case .ended = state { true } else { false }
    }

    /// Whether there is room for more bytes.
    ///
    /// During a long request there is more room, so that Ctrl-C reaches the session after other packets.
    public var takesInput: Bool {
        input.count - inputIndex < (work == nil || isWorkUnwanted ? Self.enoughInput : Self.enoughInputDuringWork)
    }

    /// Whether console text reaches the client: non-stop mode has no place for it.
    public var takesConsoleText: Bool { nonStop == nil && !isAbsent }

    /// Whether there are stops that the client has not acknowledged: in non-stop mode it asks for them one by one.
    public var hasUnreportedStops: Bool { nonStop.map { !$0.reports.isEmpty } ?? false }

    // MARK: What arrives

    /// Takes bytes from the client, cut anywhere.
    ///
    /// Handles the first packet in them, unless an earlier one is not answered yet; the rest is ``hasWork``.
    public mutating func receive(_ bytes: [UInt8]) {
        if inputIndex == input.count {
            input = bytes
            interruptScan = InterruptScan()
        } else {
            input.removeFirst(inputIndex)
            interruptScan.inputMoved(by: inputIndex)
            input += bytes
        }
        inputIndex = 0
        if work != nil, isInterruptAhead { isWorkUnwanted = true }
        decodeNext()
        if work == nil { continueWork() }
    }

    /// Takes the report that the client sends nothing more.
    ///
    /// The client may still read, but need not, so a long request is abandoned.
    public mutating func inputEnded() { isInputEnded = true }

    /// Takes the report that the machine has stopped: one for each resume.
    ///
    /// Reports in any other state are ignored. `others` are the stops of other vCPUs that came together with it, which
    /// only non-stop mode reports.
    public mutating func stopped(_ event: StopEvent, and others: [StopEvent] = []) {
        switch state {
        case .attached(.allStop(.running)):
            state = .attached(.allStop(.stopped(isReleased: false)))
            lastStop = ReportedStop(clamped(event))
            accessVCPU = lastStop.event.vcpu
            // An experiment may have ended by itself.
            try? agentChanged()
            if let text = stopReplies.description(of: lastStop) { sendConsole(Array((text + "\n").utf8)) }
            send(Reply(stopReplies.reply(to: lastStop)))
        case .attached(.allStop(.released(let waiting))):
            endRelease(event, waiting: waiting)
        case .attached(.nonStop):
            takeStops([event] + others)
        case .absent(.attaching(let resets, let isAnswered), let isNonStop):
            endAttach(resets: resets, isAnswered: isAnswered, isNonStop: isNonStop, event)
        case .absent(.detached, let isNonStop):
            // No client asked for that stop.
            returnToDetached(after: event, isNonStop: isNonStop)
        case .ending(let action, let reply, _):
            end(with: action, reply)
        case .attached(.allStop(.stopped)), .absent(.killed, _), .ended:
            break
        }
    }

    /// Takes text of the guest's console for the client's: shown at once while the machine runs, else when it does.
    ///
    /// What a client is too slow for is left out.
    public mutating func consoleOutput(_ text: [UInt8]) {
        switch state {
        case .attached(.allStop(.running)):
            guard link.output.count < Self.enoughOutput else { return }
            sendConsole(text)
        case .attached:
            heldConsoleText += text.prefix(Self.mostHeldConsoleText - heldConsoleText.count)
        case .absent, .ending, .ended:
            break
        }
    }

    /// Takes the report that the connection is gone: a detach.
    ///
    /// Packets that arrived before are carried out first, because some clients send `k` and leave. Queries are skipped,
    /// since their replies cannot be sent.
    public mutating func disconnected() {
        work = nil
        while let arrived = next, isTakingInput, !waitsForMachine {
            next = nil
            if !arrived.isOnlyQuestion { handle(arrived) }
            work = nil
            _ = link.takeOutput()
            decodeNext()
        }
        discardInput()
        switch state {
        case .attached: finish(with: holdsOnDisconnect ? .leave : .detach, nil)
        case .absent(.detached, _): end(with: .detach, nil)
        // The driver has been asked to stop the machine.
        case .absent(.attaching, _): state = .ending(.detach, nil, from: .allStop(.running(isInterrupted: true)))
        case .absent(.killed, _): end(with: .kill, nil)
        case .ending(let action, _, let mode):
            state = .ending(action == .release ? .detach : action == .hold ? .kill : action, nil, from: mode)
        case .ended: break
        }
    }

    // MARK: What comes out

    /// Takes the bytes for the client.
    public mutating func takeOutput(reusing buffer: consuming [UInt8] = []) -> [UInt8] {
        link.takeOutput(reusing: buffer)
    }

    /// Takes the actions that are due, oldest first.
    public mutating func takeActions() -> [SessionAction] {
        // Packets that come together need one standstill.
        if !hasWork {
            endStandstill()
            resumeReleased()
        }
        var taken: [SessionAction] = []
        swap(&taken, &actions)
        return taken
    }

    // MARK: Inside

    /// The state of non-stop mode; nil in any other state.
    ///
    /// Only that of an attached session can be changed.
    var nonStop: NonStop? {
        get {
            switch state {
            case .attached(.nonStop(let nonStop)), .ending(_, _, from: .nonStop(let nonStop)): nonStop
            case .attached, .absent, .ending, .ended: nil
            }
        }
        set {
            if case .attached(.nonStop) = state, let newValue { state = .attached(.nonStop(newValue)) }
        }
    }

    /// The replies that report stops to this client.
    var stopReplies: StopReplies { StopReplies(target: target, layout: layout, client: client) }

    /// An event with a vCPU that exists, whatever the driver reports.
    func clamped(_ event: StopEvent) -> StopEvent {
        StopEvent(event.reason, vcpu: min(max(event.vcpu, 0), target.vcpuCount - 1))
    }

    mutating func send(_ reply: Reply) {
        link.send(reply.data)
    }

    /// Shows text on the client's console, some lines at a time: clients print each packet as it comes.
    mutating func sendConsole(_ text: [UInt8]) {
        var start = 0
        while start < text.count {
            var end = min(text.count, start + Self.consoleBytesAtATime)
            if end < text.count, let line = text[start..<end].lastIndex(of: UInt8(ascii: "\n")) { end = line + 1 }
            send(.console(text[start..<end]))
            start = end
        }
    }

    /// Hands the plan to the driver; from now on a stop reply is due.
    mutating func resume(_ plan: ResumePlan) {
        state = .attached(.allStop(.running(isInterrupted: false)))
        client.hasResumed = true
        threadsXML = nil
        selectedFrame = nil
        systemXML = nil
        actions.append(.resume(plan))
        sendConsole(heldConsoleText)
        heldConsoleText = []
    }

    /// Leaves something for the driver to do.
    mutating func act(_ action: SessionAction) {
        actions.append(action)
    }

    /// Ends the session once the machine is stopped; the reply comes last.
    mutating func finish(with action: SessionAction, _ reply: Reply?) {
        guard case .attached(let mode) = state, !mode.isStopped else { return end(with: action, reply) }
        state = .ending(action, reply, from: mode)
        if !mode.isInterrupted { actions.append(.interrupt) }
    }

    private mutating func end(with action: SessionAction, _ reply: Reply?) {
        agent?.removeAllThatEnd()
        agent?.trace.clientLeft()
        target.removeAllStopPoints()
        if let reply { send(reply) }
        selectedFrame = nil
        let isNonStop = nonStop != nil
        state =
            switch action {
            case .release: .absent(.detached, isNonStop: isNonStop)
            case .hold: .absent(.killed, isNonStop: isNonStop)
            default: .ended
            }
        actions.append(action)
    }
}
