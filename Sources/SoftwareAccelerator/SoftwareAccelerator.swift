package import AArch64
package import AArch64CPU
import Acceleration
package import Execution
import GuestAddresses
import GuestMemory
import HostIO
package import Machine
import Synchronization

/// The software CPU as an accelerator.
///
/// Its vCPUs take turns on one thread, measured in instructions.
///
/// Every turn begins at the virtual time at which the previous one ended, so events keep their order on the counters of
/// all vCPUs. When all vCPUs are idle, virtual time advances to the next timer deadline.
///
/// The order of execution depends on guest time alone (``Schedule``). A stop, a breakpoint, a kick and a brief run
/// pause a turn, which later continues with the rest of it. Input from the host is limited to console input, network
/// frames and, with ``IdleTime/sleeps``, the duration of an idle guest's sleep.
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
    /// Whether input may have arrived from outside that has not been passed to the guest.
    private let hasInput = Atomic<Bool>(false)
    /// The host processor on which the thread that runs the vCPUs was last seen.
    let hostProcessor = HostProcessor()
    /// Performs deferred work of devices, and checks the real-time clock's alarm.
    ///
    /// Called at the virtual times of ``Schedule/nextPoll``.
    let poll: () -> Void
    /// Passes arrived input to the guest.
    ///
    /// Called as soon as a vCPU has exited because of a kick.
    private let takeInput: () -> Void
    /// The state of the scheduling.
    package var schedule: Schedule { turns }
    /// The storage of ``schedule``.
    ///
    /// A stored property of a class would cost several exclusivity checks in each turn.
    private let storage: UnsafeMutablePointer<Schedule>
    // SAFETY: `init` initializes the storage and `deinit` releases it; the pointer does not leave this object.
    var turns: Schedule {
        @inline(__always) _read { yield unsafe storage.pointee }
        @inline(__always) _modify { yield unsafe &storage.pointee }
    }
    /// The virtual time in instructions at which ``run(_:reportedStops:)`` returns `.requested` with the turn paused.
    package var pauseTime = UInt64.max
    /// The debugger's current breakpoints and other settings.
    package internal(set) var debug = GuestDebug()
    /// Whether each vCPU has executed an instruction in the current run.
    var hasMoved: [Bool]
    /// The number of exits of each vCPU, by cause.
    var exits: ExitCounter
    /// Whether the current run is a brief one.
    var isBrief = false
    /// The filter for breakpoints within a turn; nil if every breakpoint stops.
    var breakpoints: TurnBreakpoints?

    struct Sleep {
        var isKicked = false
    }

    /// The ways in which virtual time passes while all vCPUs are idle.
    package enum IdleTime: Sendable {
        /// Virtual time follows the host's clock, and the guest sleeps. The duration is input to the guest, like typed
        /// text.
        case sleeps
        /// Virtual time jumps to the next deadline. The host's clock has no effect on the run.
        case isSkipped
    }

    /// A software CPU for the machine, with all vCPUs off.
    ///
    /// - Parameters:
    ///   - poll: performs deferred work of devices, at virtual times that the schedule determines.
    ///   - takeInput: passes arrived input to the guest, after a kick; has no effect if there is none.
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
        // SAFETY: the machine owns its regions, and this object owns the machine, for as long as the CPUs exist.
        let regions = machine.memory.regions.map {
            unsafe RAMRegion(
                base: $0.base.rawValue, size: $0.size, host: $0.unsafeHostAddress, isReadOnly: $0.isReadOnly)
        }
        cluster = CPUCluster(
            vcpuCount: vcpuCount, regions: regions, environment: environment, configuration: configuration)
        exits = ExitCounter(vcpuCount: vcpuCount)
        // SAFETY: the storage has room for exactly the value that initializes it.
        unsafe storage = .allocate(capacity: 1)
        unsafe storage.initialize(to: Schedule(vcpuCount: vcpuCount))
        hasMoved = Array(repeating: false, count: vcpuCount)
        environment.attach(cluster)
        machine.memory.onChange = { [unowned self] in self.mapMemory() }
        machine.memory.observeWrites { [unowned cluster] range, _ in cluster.invalidateCode(range.rawValues) }
    }

    deinit {
        // SAFETY: the storage is initialized, and no other object has its address.
        unsafe storage.deinitialize(count: 1)
        unsafe storage.deallocate()
    }

    /// Sets the function that shows lines to the user while the machine runs.
    package func setNotice(_ notice: @escaping (String) -> Void) { environment.notice = notice }

    package var vcpuCount: Int { cluster.vcpus.count }
    package var features: ArchitectureFeatures { cluster.features }
    package var physicalAddressBits: Int { IdentificationRegisters.physicalAddressBits }

    /// Updates the mapping of flash chips, which handle reads themselves unless they are in read-array mode.
    private func mapMemory() {
        for region in machine.memory.regions where region.kind == .flash {
            cluster.setRegion(at: region.base.rawValue, isDirect: region.isDirect)
        }
    }

    /// Sets the filter that decides about breakpoints within a turn.
    ///
    /// A breakpoint that does not stop is invisible to the guest.
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

    /// Makes the thread that runs the vCPUs check for requests.
    private func bringBack() {
        cluster.requestExit()
        sleep.withLock { $0.isKicked = true }
    }

    // MARK: Answers to other threads

    /// Checks for requests of other threads: a stop, or arrived input.
    ///
    /// Returns an outcome if there is a stop request.
    func answerRequests() -> RunOutcome? {
        if isStopRequested { return .requested }
        takeInputIfAny()
        return nil
    }

    func takeInputIfAny() {
        if hasInput.load(ordering: .relaxed), hasInput.exchange(false, ordering: .acquiring) { takeInput() }
    }

    // MARK: The debugger's part

    /// Sets the debugger's breakpoints and other settings.
    ///
    /// Never throws.
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
