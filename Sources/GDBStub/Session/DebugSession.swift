import GDBRemote
import TargetDescription

/// One client's debug session over a target: bytes in, bytes and actions out.
///
/// There is one session for each connection. It does no I/O, starts no thread and reads no clock: its driver passes on
/// what arrives (``receive(_:)``, ``stopped(_:)``, ``consoleOutput(_:)``, ``disconnected()``), and after each of these
/// sends ``takeOutput()`` and does ``takeActions()``, until there is no output left:
///
///     session.receive(bytes)
///     repeat {
///         output = session.takeOutput()
///         send(output)
///         for action in session.takeActions() { perform(action) }
///     } while !output.isEmpty
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
        /// Resumed, and its one stop reply is due. Interrupted if the driver has been asked to stop it.
        case running(isInterrupted: Bool)
        /// Waiting for the machine to stop, to leave it without breakpoints.
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
    /// What non-stop mode has instead of a state of the whole machine; nil in all-stop mode.
    var nonStop: NonStop?

    var clientFeatures: ClientFeatures = []
    /// `QEnableErrorStrings` has come.
    var hasErrorStrings = false
    /// `QListThreadsInStopReply` has come: the client is an LLDB.
    var listsThreadsInStopReply = false
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
    private var actions: [SessionAction] = []
    /// Console text that came while the machine was stopped, when clients don't listen.
    private var heldConsoleText: [UInt8] = []
    /// What was received, as far as it has been dealt with.
    private var input: [UInt8] = []
    private var inputIndex = 0

    /// Output of that size is sent before more input is dealt with, however many requests the input has.
    private static let enoughOutput = 1 << 20
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
        layout = RegisterLayout(target.description)
        lastStop = initialStop
        lastStop.vcpu = min(max(initialStop.vcpu, 0), target.vcpuCount - 1)
        accessVCPU = lastStop.vcpu
    }

    /// Whether the session is over: its last action is, or was, `detach` or `kill`.
    public var isEnded: Bool {
        if case .ended = state { true } else { false }
    }

    /// Whether bytes are dealt with now; they are kept while a packet waits for a standstill.
    public var takesInput: Bool { nonStop?.waitingPacket == nil }

    /// Whether console text reaches the client: non-stop mode has no place for it.
    public var takesConsoleText: Bool { nonStop == nil }

    /// Whether the client has not heard of all stops yet: in non-stop mode it asks for them one by one.
    public var hasUntoldStops: Bool { nonStop.map { !$0.untold.isEmpty } ?? false }

    // MARK: What arrives

    /// Takes bytes from the client, cut anywhere.
    ///
    /// Those that have to wait until output is taken are kept; who sends what comes out before reading on keeps no
    /// more than one read's.
    public mutating func receive(_ bytes: [UInt8]) {
        if inputIndex == input.count {
            input = bytes
        } else {
            input.removeFirst(inputIndex)
            input += bytes
        }
        inputIndex = 0
        process()
    }

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
            try? target.agentChanged()
            if let text = stopDescription { sendConsole(Array((text + "\n").utf8)) }
            send(Reply(stopReply()))
            process()
        case .ending(let action, let reply):
            end(with: action, reply)
        case .stopped:
            guard nonStop != nil else { return }
            takeStops([event] + others)
            process()
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
        case .stopped:
            heldConsoleText += text.prefix(Self.mostHeldConsoleText - heldConsoleText.count)
        case .ending, .ended:
            break
        }
    }

    /// Takes the report that the connection is gone: a detach.
    public mutating func disconnected() {
        discardInput()
        switch state {
        case .stopped, .running: finish(with: .detach, nil)
        case .ending(let action, _): state = .ending(action, nil)
        case .ended: break
        }
    }

    // MARK: What comes out

    /// Takes the bytes for the client.
    ///
    /// Goes on with received bytes that had to wait for that, so there may be more: call it until nothing comes.
    public mutating func takeOutput(reusing buffer: consuming [UInt8] = []) -> [UInt8] {
        let output = link.takeOutput(reusing: buffer)
        process()
        return output
    }

    /// Takes the actions that are due, oldest first.
    public mutating func takeActions() -> [SessionAction] {
        endStandstill()
        var taken: [SessionAction] = []
        swap(&taken, &actions)
        return taken
    }

    // MARK: Inside

    /// Deals with what was received, until it is used up or there is enough output to send first.
    private mutating func process() {
        while link.output.count < Self.enoughOutput {
            guard isTakingInput else { return discardInput() }
            guard takesInput else { return }
            guard let arrived = link.next(in: input, from: &inputIndex) else { return discardInput() }
            handle(arrived)
        }
    }

    /// Whether packets are still heeded.
    private var isTakingInput: Bool {
        switch state {
        case .stopped, .running: true
        case .ending, .ended: false
        }
    }

    private mutating func discardInput() {
        input = []
        inputIndex = 0
    }

    private mutating func handle(_ arrived: PacketLink.Input) {
        switch arrived {
        case .packet(let data):
            answer(data)
        case .refused(let refusal):
            answer(with: refusal.error, style: clientFeatures.contains(.errorText) ? .text : .code)
        case .interrupt:
            guard nonStop == nil else { return interruptOne() }
            guard case .running(isInterrupted: false) = state else { return }
            state = .running(isInterrupted: true)
            actions.append(.interrupt)
        }
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
        state = .running(isInterrupted: false)
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
        guard case .running(let isInterrupted) = state else { return end(with: action, reply) }
        state = .ending(action, reply)
        if !isInterrupted { actions.append(.interrupt) }
    }

    private mutating func end(with action: SessionAction, _ reply: Reply?) {
        target.agent?.removeAllThatEnd()
        target.agent?.trace.clientLeft()
        target.removeAllStopPoints()
        if let reply { send(reply) }
        state = .ended
        actions.append(action)
    }
}
