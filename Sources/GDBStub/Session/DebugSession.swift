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
/// The machine is stopped when the session begins, and the target is asked things only while it is stopped. Only `D`,
/// `k`, `vKill`, and the commands `monitor quit` and `monitor shutdown` end the session; in extended mode the three
/// packets leave it open with no process.
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
    var lastStop: StopWithSignal

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
    var transfers = Transfers()
    /// The trace frame that is looked at instead of the machine, by its place in the buffer.
    var selectedFrame: Int?

    var link = PacketLink()
    var input = InputQueue()
    /// The request that is being answered piece by piece.
    var work: (any LongRequest)?
    /// Whether `work` must be abandoned, because Ctrl-C came after it.
    var isWorkUnwanted = false
    /// Whether the client has ended its half of the connection.
    var isInputEnded = false
    /// The actions for the driver, oldest first.
    var actions: [SessionAction] = []
    var heldConsoleText = HeldConsoleText()

    /// The number of bytes of output at which no more input is handled until the driver has taken it.
    static let enoughOutput = 1 << 20
    /// The number of received bytes at which the driver stops reading.
    private static let enoughInput = 1 << 16
    /// The number of received bytes at which the driver stops reading during a long request.
    ///
    /// A Ctrl-C that a client sends after this many bytes of packets ends the request.
    private static let enoughInputDuringWork = 1 << 20

    /// A session over a stopped machine.
    ///
    /// - Parameters:
    ///   - initialStop: why the machine is stopped: `paused` if only because a client connects.
    ///   - name: the name of this server, which LLDB shows.
    ///   - version: the version of this server, which `monitor version` shows.
    public init(target: any DebugTarget, initialStop: StopEvent, name: String = "gdbstub", version: String) {
        self.target = target
        self.name = name
        self.version = version
        layout = target.registerLayout
        lastStop = StopWithSignal(initialStop, signal: StopReply.Signal.trap)
        lastStop.event.vcpu = min(max(initialStop.vcpu, 0), target.vcpuCount - 1)
        accessVCPU = lastStop.event.vcpu
        if let count = agent?.leftBreakpoints.count, count > 0 {
            heldConsoleText.append(
                Array(
                    ("breakpoints of an earlier client run commands: \(count); "
                        + "\"monitor left-breakpoints\" lists them, \"monitor left-breakpoints clear\" removes them\n")
                        .utf8
                ))
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
        input.count < (work == nil || isWorkUnwanted ? Self.enoughInput : Self.enoughInputDuringWork)
    }

    /// Whether console text reaches the client: non-stop mode has no place for it.
    public var takesConsoleText: Bool { nonStop == nil && !isAbsent }

    /// Whether there are stops that the client has not acknowledged: in non-stop mode it asks for them one by one.
    public var hasUnreportedStops: Bool { nonStop.map { !$0.reports.isEmpty } ?? false }

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
}
