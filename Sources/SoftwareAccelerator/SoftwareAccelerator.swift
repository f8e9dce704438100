package import AArch64
package import AArch64CPU
import Acceleration
package import Execution
import GuestAddresses
import GuestMemory
import HostIO
package import Machine
import Synchronization

/// The software CPU as an accelerator: the vCPUs take turns on one thread, by instruction count.
///
/// Every turn begins at the virtual time at which the one before it ended: what happens later is later on every vCPU's
/// counter. When all vCPUs are idle, time advances to the next timer deadline.
///
/// The order of the vCPUs depends on guest time alone (``Schedule``). A stop, a breakpoint, a kick and a brief run
/// pause a turn, which then continues with the rest of it. The only inputs from the host are console input, network
/// frames and, with ``IdleTime/sleeps``, the length of an idle guest's sleep.
@safe
package final class SoftwareAccelerator: AArch64Accelerator {
    package let name = "software"
    let cluster: CPUCluster
    let machine: Machine
    let environment: SoftwareEnvironment
    let semihosting: Semihosting
    let idleTime: IdleTime
    let sleep = LockedValue(Sleep())
    private let stopRequest = Atomic<Bool>(false)
    /// Whether something has arrived from outside that the guest does not have yet.
    private let hasInput = Atomic<Bool>(false)
    /// The host processor that the thread that runs the vCPUs was last seen on.
    let hostProcessor = HostProcessor()
    /// Does what devices have put off, and checks the real-time clock's alarm.
    ///
    /// Called at the virtual times of ``Schedule/nextPoll``.
    let poll: () -> Void
    /// Gives the guest what has arrived from outside.
    ///
    /// Called as soon as a vCPU has come back for a kick.
    private let takeInput: () -> Void
    /// Which vCPUs may run, and in which order they do.
    package var schedule: Schedule { turns }
    /// Storage of ``schedule``.
    ///
    /// A stored property of a class would cost several exclusivity checks in each turn.
    private let storage: UnsafeMutablePointer<Schedule>
    // SAFETY: `init` initializes the storage and `deinit` releases it; the pointer is not handed out.
    var turns: Schedule {
        @inline(__always) _read { yield unsafe storage.pointee }
        @inline(__always) _modify { yield unsafe &storage.pointee }
    }
    /// The virtual time in instructions at which ``run(_:reportedStops:)`` returns `.requested`, the turn paused.
    package var pauseTime = UInt64.max
    package internal(set) var debug = GuestDebug()
    /// By vCPU: whether it has executed something in the current run.
    var hasMoved: [Bool]
    /// The number of exits of each vCPU, by cause.
    var exits: ExitCounter
    /// Whether the current run is a brief one.
    var isBrief = false
    /// The object that decides about breakpoints within a turn.
    var breakpoints: TurnBreakpoints?

    struct Sleep {
        var isKicked = false
    }

    /// How a guest waits when all its vCPUs are idle.
    package enum IdleTime: Sendable {
        /// As long as the host's clock says. How long that was is input to the guest, like what is typed.
        case sleeps
        /// Not at all: virtual time jumps to the next deadline. The host's clock has no part in the run.
        case isSkipped
    }

    /// - Parameters:
    ///   - poll: does what devices have put off, at virtual times that the schedule sets.
    ///   - takeInput: gives the guest what has arrived, after a kick; without that, it changes nothing.
    package init(
        machine: Machine, vcpuCount: Int, model: CPUModel, idleTime: IdleTime, semihosting: Semihosting?,
        poll: @escaping () -> Void, takeInput: @escaping () -> Void
    ) {
        self.machine = machine
        self.idleTime = idleTime
        self.poll = poll
        self.takeInput = takeInput
        self.semihosting = semihosting ?? Semihosting(put: { _ in }, get: { nil }, hasInput: { false })
        guard let gic = machine.gic else { preconditionFailure("the software CPU needs the machine's own GIC") }
        environment = SoftwareEnvironment(machine, gic: gic)
        var configuration = CPUConfiguration()
        configuration.model = model
        configuration.semihosting = semihosting != nil
        // SAFETY: the machine keeps its regions, and this object the machine, for as long as the CPUs exist.
        let regions = machine.memory.regions.map {
            unsafe RAMRegion(
                base: $0.base.rawValue, size: $0.size, host: $0.unsafeHostAddress, isReadOnly: $0.isReadOnly)
        }
        cluster = CPUCluster(
            vcpuCount: vcpuCount, regions: regions, environment: environment, configuration: configuration)
        exits = ExitCounter(vcpuCount: vcpuCount)
        // SAFETY: the storage has room for the one value it is initialized with.
        unsafe storage = .allocate(capacity: 1)
        unsafe storage.initialize(to: Schedule(vcpuCount: vcpuCount))
        hasMoved = Array(repeating: false, count: vcpuCount)
        environment.attach(cluster)
        machine.memory.onChange = { [unowned self] in self.mapMemory() }
        machine.memory.observeWrites { [unowned cluster] range, _ in cluster.invalidateCode(range.rawValues) }
    }

    deinit {
        // SAFETY: the storage is initialized, and nothing else has its address.
        unsafe storage.deinitialize(count: 1)
        unsafe storage.deallocate()
    }

    /// Sets the function that shows lines to the user while the machine runs.
    package func setNotice(_ notice: @escaping (String) -> Void) { environment.notice = notice }

    package var vcpuCount: Int { cluster.vcpus.count }
    package var features: ArchitectureFeatures { cluster.features }
    package var physicalAddressBits: Int { IdentificationRegisters.physicalAddressBits }

    /// Follows the flash chips, which answer reads themselves while they are not in read-array mode.
    private func mapMemory() {
        for region in machine.memory.regions where region.kind == .flash {
            cluster.setRegion(at: region.base.rawValue, isDirect: region.isDirect)
        }
    }

    /// Sets the filter that decides about breakpoints within the turn: the guest cannot notice one that does not stop
    /// it.
    package func setStopFilter(_ filter: any StopFilter) {
        let breakpoints = TurnBreakpoints(filter)
        self.breakpoints = breakpoints
        cluster.breakpointFilter = breakpoints
    }

    // MARK: From other threads

    package func requestStop() {
        stopRequest.store(true, ordering: .releasing)
        bringBack()
    }

    package var isHeldUpByCaller: Bool { hostProcessor.isThisOne }

    var isStopRequested: Bool { stopRequest.load(ordering: .acquiring) }

    package func clearStopRequest() {
        stopRequest.store(false, ordering: .releasing)
    }

    package func kick() {
        hasInput.store(true, ordering: .releasing)
        bringBack()
    }

    /// Makes the thread that runs the vCPUs look at the requests.
    private func bringBack() {
        cluster.requestExit()
        sleep.withLock { $0.isKicked = true }
    }

    // MARK: Answers to other threads

    /// Looks at what other threads have asked for: a stop, or that input be taken.
    func answerRequests() -> RunOutcome? {
        if isStopRequested { return .requested }
        takeInputIfAny()
        return nil
    }

    func takeInputIfAny() {
        if hasInput.load(ordering: .relaxed), hasInput.exchange(false, ordering: .acquiring) { takeInput() }
    }

    // MARK: The debugger's part

    package func setGuestDebug(_ debug: GuestDebug) throws(TargetError) {
        self.debug = debug
        cluster.setBreakpoints(debug.softwareBreakpoints.union(debug.hardwareBreakpoints))
        cluster.breakpointBindings = debug.bindings.mapValues { AddressSpaceBinding($0) }
        cluster.catches = debug.exceptionCatches
        cluster.holdsInterrupts = debug.interrupts == .always
        cluster.setWatchpoints(debug.watchpoints.map { Watchpoint($0) })
    }

    package var exitCounts: [ExitCount]? {
        exits.rows
            + [
                ExitCount(reason: "device read", counts: environment.deviceReads),
                ExitCount(reason: "device write", counts: environment.deviceWrites),
            ]
    }

    package func activity(vcpu: Int) -> VCPUActivity {
        if turns.power[vcpu] == .off { return .off }
        guard turns.isWaiting[vcpu] else { return .running }
        return cluster.vcpus[vcpu].waitBackstop == .max ? .waiting : .waitingForEvent
    }
}

extension Watchpoint {
    fileprivate init(_ point: StopPoint) {
        let kinds: Kinds =
            switch point.kind {
            case .readWatchpoint: .read
            case .accessWatchpoint: [.read, .write]
            default: .write
            }
        self.init(address: point.address, length: point.length, kinds: kinds)
    }
}
