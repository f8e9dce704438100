public import Execution
import GDBRemote
import TargetDescription

/// One client's debug session with a target: bytes in, bytes and actions out.
///
/// Each connection has one session. The session does no I/O, starts no thread and reads no clock. Its driver reports
/// what arrives (``receive(_:)``, ``stopped(_:and:)``, ``consoleOutput(_:)``, ``disconnected()``). After each of these
/// calls it sends ``takeOutput(reusing:)`` and performs ``takeActions()``, for as long as there is work:
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
/// Each call is short: it handles one packet, or does one piece of a longer request, such as a search. Pieces are
/// bounded in bytes and steps. A driver that polls after each piece therefore notices Ctrl-C, the connection's end and
/// other events within milliseconds, whatever the client requests.
///
/// A driver whose `send` does not wait must take no more output and read no more bytes until the last output is sent.
/// Otherwise a client that sends requests and never reads replies makes the driver's buffer grow without limit.
///
/// The machine is stopped when the session begins, and the session accesses the target only while no vCPU runs. In
/// non-stop mode, a packet that needs the target waits for a standstill, a moment when no vCPU runs. The session
/// requests it with `interrupt` and ends it with `resume`. Standstills are invisible to clients.
///
/// The session ends after `D`, `k` or `vKill`, after `monitor quit` or `monitor shutdown`, and when the connection ends.
/// In extended mode the three packets leave the connection open without a process.
public struct DebugSession: ~Copyable {
    /// The states of the session's control over the machine.
    enum State {
        case attached(Mode)
        /// Connected without a process: in extended mode, after `D` or a kill. `isNonStop` selects the mode of the next
        /// attach.
        case absent(Absence, isNonStop: Bool)
        /// Ending: the machine must stop before the session removes its breakpoints. No packet is handled meanwhile.
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

    /// The vCPU whose registers and memory packets access: the one that `Hg` selected, or the one that stopped last.
    var accessVCPU: Int
    /// The thread-id that `Hc` selected: the vCPUs that `c` and `s` resume.
    var resumeThread = ThreadID(thread: .any)
    /// Whether the machine is held when the connection ends without `D` or `k` (`monitor on-disconnect hold`).
    var holdsOnDisconnect = false
    /// Whether the client has sent `!`: in extended mode the connection outlives the process.
    var isExtended = false

    var client = ClientState()
    /// The text of the last error, for `monitor last-error`.
    var lastError = ""
    var transfers = Transfers()
    /// The index of the selected trace frame in the buffer; nil if packets access the live machine.
    var selectedFrame: Int?

    var link = PacketLink()
    var input = InputQueue()
    /// The long request in progress.
    var work: (any LongRequest)?
    /// Whether the long request must be abandoned, because Ctrl-C arrived after it.
    var isWorkUnwanted = false
    /// Whether the client has closed its sending side.
    var isInputEnded = false
    /// The actions for the driver, oldest first.
    var actions: [SessionAction] = []
    var heldConsoleText = HeldConsoleText()

    /// The number of bytes of waiting output at which no more input is handled.
    static let enoughOutput = 1 << 20
    /// The number of received bytes at which the driver stops reading.
    private static let enoughInput = 1 << 16
    /// The number of received bytes at which the driver stops reading during a long request.
    ///
    /// A Ctrl-C within this many bytes of packets ends the request.
    private static let enoughInputDuringWork = 1 << 20

    /// A session with a stopped machine.
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

    /// Whether the session is over.
    ///
    /// Its last action is then `detach`, `leave` or `kill`.
    public var isEnded: Bool {
        if case .ended = state { true } else { false }
    }

    /// Whether the driver may read more bytes.
    ///
    /// The limit is higher during a long request, so that the session finds a Ctrl-C after other packets.
    public var takesInput: Bool {
        input.count < (work == nil || isWorkUnwanted ? Self.enoughInput : Self.enoughInputDuringWork)
    }

    /// Whether console text can be sent to the client.
    ///
    /// Non-stop mode cannot carry it.
    public var takesConsoleText: Bool { nonStop == nil && !isAbsent }

    /// Whether there are stops that the client has not acknowledged.
    ///
    /// Occurs only in non-stop mode.
    public var hasUnreportedStops: Bool { nonStop.map { !$0.reports.isEmpty } ?? false }

    /// The state of non-stop mode; nil in all-stop mode and without a process.
    ///
    /// Setting it has an effect only while the session is attached.
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

    /// Returns the event with a vCPU that exists, even if the driver's number is invalid.
    func clamped(_ event: StopEvent) -> StopEvent {
        StopEvent(event.reason, vcpu: min(max(event.vcpu, 0), target.vcpuCount - 1))
    }
}
