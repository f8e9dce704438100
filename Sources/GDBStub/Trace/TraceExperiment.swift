import Execution
import GDBRemote
import TargetDescription

/// A trace experiment: the tracepoints, the state, and the collected frames (GDB manual, "Tracepoints").
///
/// The experiment belongs to the machine and outlives sessions. A client can disconnect while it runs, and the same or
/// another client can examine the frames later.
final class TraceExperiment {
    enum State: Equatable {
        case neverRun
        case running
        case stopped(StopReason)
    }

    enum StopReason: Equatable {
        /// `QTStop`
        case command
        case bufferFull
        case disconnected
        /// The tracepoint with this number has reached its pass count.
        case passCount(UInt64)
        case error(String, UInt64)
    }

    private(set) var state = State.neverRun
    var buffer = TraceBuffer()
    var tracepoints: [Tracepoint] = []
    /// Whether the experiment continues when the client disconnects.
    var continuesDisconnected = false
    /// The ranges that never change.
    ///
    /// While a frame is selected, they are read from live memory.
    var readOnlyRanges: [Range<UInt64>] = []
    /// The indices into `tracepoints` of the tracepoints at each address.
    private var places: [UInt64: [Int]] = [:]
    /// The bytes that the definitions and their source texts use.
    private var definitionBytes = 0
    /// The steps that remain to be collected: vCPU, index of the tracepoint, and count.
    var steps: [(vcpu: Int, place: Int, left: UInt64)] = []

    private static let maximumTracepoints = 4096
    private static let maximumDefinitionBytes = 4 << 20
    private static let maximumReadOnlyRanges = 4096
    /// The most steps after a hit, which bounds the time that nothing else runs.
    private static let maximumSteps: UInt64 = 10_000

    var isRunning: Bool { state == .running }

    /// The addresses that need breakpoints.
    var addresses: [UInt64] { isRunning ? tracepoints.filter { $0.isEnabled }.map { $0.id.address } : [] }

    func places(at address: UInt64) -> [Int] { isRunning ? places[address] ?? [] : [] }

    // MARK: Definitions

    /// Removes everything except the buffer's settings.
    func clear() {
        state = .neverRun
        tracepoints = []
        places = [:]
        steps = []
        definitionBytes = 0
        readOnlyRanges = []
        buffer.removeAll()
    }

    func define(_ definition: TraceCommand.Definition) throws(TargetError) {
        let id = definition.id
        guard definition.extra == nil else {
            throw .invalid("tracepoint \(id.number): only plain tracepoints are possible, neither fast nor static ones")
        }
        guard id.number > 0, id.number <= UInt64(UInt16.max) else {
            throw .invalid("tracepoint \(id.number): numbers are from 1 to 65535")
        }
        guard definition.stepCount <= Self.maximumSteps else {
            throw .invalid("tracepoint \(id.number): up to \(Self.maximumSteps) steps can be followed")
        }
        try checkNotRunning()
        guard place(of: id) == nil else { throw .invalid("tracepoint \(id.number) is there already") }
        guard tracepoints.count < Self.maximumTracepoints else {
            throw .noSpace("there can be \(Self.maximumTracepoints) tracepoints")
        }
        try keep(definition.condition?.count ?? 0)
        do throws(AgentError) {
            tracepoints.append(try Tracepoint(definition))
        } catch {
            throw .invalid("tracepoint \(id.number): \(error.text)")
        }
    }

    func add(_ actions: [TraceCommand.Action], whileStepping: Bool, to id: Tracepoint.ID) throws(TargetError) {
        let place = try existing(id)
        try checkNotRunning()
        var checked: [Tracepoint.Action] = []
        for action in actions {
            try keep(2 * action.text.count)
            do throws(AgentError) {
                checked.append(try Tracepoint.Action(action))
            } catch {
                throw .invalid("tracepoint \(id.number): \(error.text)")
            }
        }
        // Only the first action of the steps is marked; later ones belong to the steps too.
        if whileStepping { tracepoints[place].isDefiningSteps = true }
        if tracepoints[place].isDefiningSteps {
            tracepoints[place].stepActions += checked
        } else {
            tracepoints[place].actions += checked
        }
    }

    func add(_ source: TraceCommand.SourcePiece, to id: Tracepoint.ID) throws(TargetError) {
        let place = try existing(id)
        try keep(source.text.count + source.type.count)
        tracepoints[place].sources.append(source)
    }

    func enable(_ id: Tracepoint.ID, _ isEnabled: Bool) throws(TargetError) {
        tracepoints[try existing(id)].isEnabled = isEnabled
    }

    func setReadOnly(_ ranges: [Range<UInt64>]) throws(TargetError) {
        guard ranges.count <= Self.maximumReadOnlyRanges else {
            throw .noSpace("there can be \(Self.maximumReadOnlyRanges) read-only ranges")
        }
        readOnlyRanges = ranges
    }

    private func existing(_ id: Tracepoint.ID) throws(TargetError) -> Int {
        guard let place = place(of: id) else { throw .invalid("there is no tracepoint \(id.number) at that address") }
        return place
    }

    func place(of id: Tracepoint.ID) -> Int? { tracepoints.firstIndex { $0.id == id } }

    private func keep(_ bytes: Int) throws(TargetError) {
        guard definitionBytes + bytes <= Self.maximumDefinitionBytes else {
            throw .noSpace("the definitions of all tracepoints have more than \(Self.maximumDefinitionBytes) bytes")
        }
        definitionBytes += bytes
    }

    func checkNotRunning() throws(TargetError) {
        guard !isRunning else { throw .invalid("the trace experiment is running: stop it first") }
    }

    // MARK: Running

    func start() throws(TargetError) {
        try checkNotRunning()
        buffer.removeAll()
        places = [:]
        for place in tracepoints.indices {
            tracepoints[place].hits = 0
            tracepoints[place].usage = 0
            tracepoints[place].hasComplained = false
            places[tracepoints[place].id.address, default: []].append(place)
        }
        state = .running
    }

    /// Stops the experiment.
    ///
    /// Later hits are ignored.
    func stop(_ reason: StopReason) {
        guard isRunning else { return }
        state = .stopped(reason)
        steps = []
    }

    /// Stops the experiment after the client has disconnected, unless it must continue.
    func clientLeft() {
        if !continuesDisconnected { stop(.disconnected) }
    }
}
