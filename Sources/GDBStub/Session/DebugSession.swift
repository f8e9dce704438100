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
/// A driver whose `send` can't wait takes no more output, and reads no more bytes, before the last is sent: that keeps
/// a client that asks and doesn't read from making it grow.
///
/// In non-stop mode, too, the target is asked things only while nothing moves: a packet that needs that waits for a
/// standstill, which the session asks for with `interrupt` and ends with `resume`. Clients know nothing of standstills.
///
/// The machine is stopped when the session begins, and the target is asked things only while it is stopped. Nothing the
/// client sends ends the session but `D`, `k` and `vKill`.
public struct DebugSession: ~Copyable {
    enum State {
        case stopped
        /// Connected, but with no process: extended mode after `D` or a kill.
        case absent(Absence)
        /// Running for `monitor cont`: the client still shows the machine as stopped, and no stop reply is due.
        case released(isInterrupted: Bool)
        /// Resumed, and its one stop reply is due. Interrupted if the driver has been asked to stop it.
        case running(isInterrupted: Bool)
        /// Waiting for the machine to stop, to leave it without breakpoints. No packet is handled meanwhile.
        case ending(SessionAction, Reply?)
        case ended
    }

    let target: any DebugTarget
    let layout: RegisterLayout
    let name: String
    let version: String
    var state = State.stopped

    /// What `?` tells.
    var lastStop: StopEvent
    /// The signal that goes with it.
    var lastSignal = StopReply.Signal.trap

    /// Who answers for registers and memory: `Hg`, and after a stop the vCPU that stopped.
    var accessVCPU: Int
    /// Who moves with `c` and `s`: `Hc`.
    var resumeThread = ThreadID(thread: .any)
    /// Whether the machine runs on between packets (`monitor cont`): until something stops it, or the client resumes it.
    var isReleased = false
    /// The command that waits for the machine to stop.
    var waitingCommand: Command?
    /// Whether the machine stays held when the connection ends without `D` or `k` (`monitor on-disconnect hold`).
    var holdsOnDisconnect = false
    /// Whether `!` has come: the connection outlives the process.
    var isExtended = false
    /// Whether the next attach is one in non-stop mode.
    var wasNonStop = false
    /// What non-stop mode has instead of a state of the whole machine; nil in all-stop mode.
    var nonStop: NonStop?

    var clientFeatures: ClientFeatures = []
    /// `QEnableErrorStrings` has come.
    var hasErrorStrings = false
    /// `QListThreadsInStopReply` has come: the client is an LLDB.
    var listsThreadsInStopReply = false
    /// Whether this client has read registers or memory: it is past its connection's beginning.
    var hasReadTarget = false
    /// Whether this client has let the machine go.
    var hasResumed = false
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
        lastStop = initialStop
        lastStop.vcpu = min(max(initialStop.vcpu, 0), target.vcpuCount - 1)
        accessVCPU = lastStop.vcpu
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

    /// Whether the client has not heard of all stops yet: in non-stop mode it asks for them one by one.
    public var hasUntoldStops: Bool { nonStop.map { !$0.untold.isEmpty } ?? false }

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
    /// Others are not heeded. `others` are the stops of other vCPUs that came together with it, of which only non-stop
    /// mode tells.
    public mutating func stopped(_ event: StopEvent, and others: [StopEvent] = []) {
        switch state {
        case .running:
            state = .stopped
            lastStop = event
            lastStop.vcpu = min(max(event.vcpu, 0), target.vcpuCount - 1)
            lastSignal = event.signal
            accessVCPU = lastStop.vcpu
            // An experiment may have ended by itself.
            try? agentChanged()
            if let text = stopDescription { sendConsole(Array((text + "\n").utf8)) }
            send(Reply(stopReply()))
        case .released:
            endRelease(event)
        case .absent(.attaching(let resets, let isAnswered)):
            endAttach(resets: resets, isAnswered: isAnswered, event)
        case .absent(.detached):
            // No client asked for that stop.
            returnToDetached(after: event)
        case .absent(.killed):
            break
        case .ending(let action, let reply):
            end(with: action, reply)
        case .stopped:
            guard nonStop != nil else { return }
            takeStops([event] + others)
        case .ended:
            break
        }
    }

    /// Takes text of the guest's console for the client's: shown at once while the machine runs, else when it does.
    ///
    /// What a client is too slow for is left out.
    public mutating func consoleOutput(_ text: [UInt8]) {
        switch state {
        case .running:
            guard link.output.count < Self.enoughOutput else { return }
            sendConsole(text)
        case .stopped, .released:
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
        waitingCommand = nil
        switch state {
        case .stopped, .running, .released: finish(with: holdsOnDisconnect ? .leave : .detach, nil)
        case .absent(.detached): end(with: .detach, nil)
        case .absent(.attaching): state = .ending(.detach, nil)
        case .absent(.killed): end(with: .kill, nil)
        case .ending(let action, _):
            state = .ending(action == .release ? .detach : action == .hold ? .kill : action, nil)
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
        state = .running(isInterrupted: false)
        isReleased = false
        hasResumed = true
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
        if let nonStop, !nonStop.isStill {
            state = .ending(action, reply)
            if !nonStop.isStillnessDue { actions.append(.interrupt) }
            return
        }
        switch state {
        case .running(let isInterrupted):
            state = .ending(action, reply)
            if !isInterrupted { actions.append(.interrupt) }
        case .released(let isInterrupted):
            state = .ending(action, reply)
            if !isInterrupted { actions.append(.interrupt) }
        case .stopped, .absent, .ending, .ended:
            end(with: action, reply)
        }
    }

    private mutating func end(with action: SessionAction, _ reply: Reply?) {
        agent?.removeAllThatEnd()
        agent?.trace.clientLeft()
        target.removeAllStopPoints()
        if let reply { send(reply) }
        wasNonStop = nonStop != nil
        nonStop = nil
        isReleased = false
        selectedFrame = nil
        state =
            switch action {
            case .release: .absent(.detached)
            case .hold: .absent(.killed)
            default: .ended
            }
        actions.append(action)
    }
}
