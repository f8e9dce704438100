package import AArch64

/// The vCPUs of one machine and what they share: physical memory, decoded blocks and virtual time.
///
/// Not thread-safe: one thread runs the vCPUs, one at a time, and everything but ``requestExit()`` is called from it.
package final class CPUCluster {
    package let configuration: CPUConfiguration
    package let environment: any CPUEnvironment
    /// The optional features of the architecture that the vCPUs have.
    package let features: ArchitectureFeatures
    let registers: ImplementedRegisters
    package let memory: PhysicalMemory
    package private(set) var vcpus: [VCPU] = []

    /// Virtual time, in instructions, at which the next run begins; who schedules the vCPUs moves it on.
    ///
    /// A vCPU's own time is this plus what it has executed in the current run.
    package var timeBase: UInt64 = 0

    /// The vCPU that is executing; nil between runs.
    var running: Int?

    /// What any thread may hold on to in order to interrupt a run.
    package let exitRequest = ExitRequest()

    /// Set with ``setBreakpoints(_:)``.
    package internal(set) var breakpoints: Set<UInt64> = []
    /// Breakpoints by address that stop only in one address space; anywhere else their instruction is executed as if
    /// they weren't there.
    package var breakpointBindings: [UInt64: AddressSpaceBinding] = [:]
    /// Breakpoints that a vCPU returns to after a fault, and does not stop at again.
    var passedBreakpoints = PassedBreakpoints()
    /// Asked about breakpoints of the vCPU's own address space; without it all of them end the run.
    package var breakpointFilter: (any BreakpointFilter)?
    /// Set with ``setWatchpoints(_:)``.
    package internal(set) var watchpoints: [Watchpoint] = []
    /// ``watchpoints``, arranged for the look-up by address.
    var watchpointMap = WatchpointMap()
    /// Which exceptions of the guest's own come back instead of being taken.
    package var catches = ExceptionCatches()
    /// Whether a YIELD ends the run, because another vCPU may run now.
    ///
    /// The scheduler sets it before each run; an interrupt for another vCPU, or an event, sets it during one. Otherwise
    /// YIELD is a NOP.
    package var handsOver: Bool {
        get { handsOverWord.pointee != 0 }
        set { handsOverWord.pointee = newValue ? 1 : 0 }
    }
    /// Storage of ``handsOver``, at an address that the run loop can keep.
    let handsOverWord = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
    /// Whether a run returns after the first write to a device, which may take long.
    package var endsAtDeviceWrites = false
    /// Whether no vCPU takes an interrupt, however long it is pending.
    package var holdsInterrupts = false

    /// Whether ``CPUEnvironment/guestWantsEL2(_:)`` has been called.
    var hasNotedEL2 = false
    /// Whether a vCPU has read CurrentEL.
    var hasReadCurrentEL = false

    let blocks: BlockCache

    package init(
        vcpuCount: Int, regions: [RAMRegion], environment: any CPUEnvironment, configuration: CPUConfiguration
    ) {
        self.configuration = configuration
        self.environment = environment
        features = configuration.model.features
        registers = ImplementedRegisters.of(configuration.model)
        memory = PhysicalMemory(regions: regions)
        blocks = BlockCache(capacity: configuration.blockCacheSize)
        handsOverWord.initialize(to: 1)
        vcpus = (0..<vcpuCount).map { VCPU(index: $0, cluster: self) }
    }

    deinit {
        handsOverWord.deallocate()
    }

    /// Makes the current or next run return ``CPUExit/requested`` soon.
    ///
    /// Any thread may call it on ``exitRequest``.
    package func requestExit() {
        exitRequest.request()
    }
}
