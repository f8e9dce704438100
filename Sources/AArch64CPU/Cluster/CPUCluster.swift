package import AArch64

/// The vCPUs of one machine and what they share: physical memory, decoded blocks and virtual time.
///
/// Not thread-safe: one thread runs the vCPUs, one at a time, and makes all calls except ``requestExit()``.
package final class CPUCluster {
    /// The configuration the cluster was made with.
    package let configuration: CPUConfiguration
    /// Receives device accesses, accesses to the GIC's system registers, and reports.
    package let environment: any CPUEnvironment
    /// The optional features of the architecture that the vCPUs have.
    package let features: ArchitectureFeatures
    let registers: ImplementedRegisters
    /// The guest-physical memory that is RAM or flash.
    package let memory: PhysicalMemory
    /// The vCPUs, by index.
    package private(set) var vcpus: [VCPU] = []

    /// Virtual time, in instructions, at which the next run begins.
    ///
    /// The scheduler advances it.
    ///
    /// During a run, a vCPU's time is this plus the instructions it has executed in the run.
    package var timeBase: UInt64 = 0

    /// The vCPU that is executing; nil between runs.
    var running: Int?

    /// A handle that any thread may keep to interrupt a run.
    package let exitRequest = ExitRequest()

    /// The virtual addresses of the debugger's breakpoints.
    ///
    /// Set with ``setBreakpoints(_:)``.
    package internal(set) var breakpoints: Set<UInt64> = []
    /// The address spaces of breakpoints that stop in one address space only, by breakpoint address.
    ///
    /// In any other address space the instruction is executed as if it had no breakpoint.
    package var breakpointBindings: [UInt64: AddressSpaceBinding] = [:]
    /// Breakpoints passed at instructions whose fetch faulted; they are passed again when the guest returns to them.
    var passedBreakpoints = PassedBreakpoints()
    /// Decides at breakpoints of the vCPU's own address space whether the run ends.
    ///
    /// Without a filter, all of them end it.
    package var breakpointFilter: (any BreakpointFilter)?
    /// The debugger's watchpoints.
    ///
    /// Set with ``setWatchpoints(_:)``.
    package internal(set) var watchpoints: [Watchpoint] = []
    /// ``watchpoints``, arranged for look-up by address.
    var watchpointMap = WatchpointMap()
    /// The guest exceptions that end the run instead of being taken.
    package var catches = ExceptionCatches()
    /// Whether YIELD ends the run, because another vCPU can run now; otherwise YIELD is a NOP.
    ///
    /// The scheduler sets this before each run. An interrupt or an event for another vCPU sets it during a run.
    package var yieldEndsRun: Bool {
        get { yieldEndsRunWord.pointee != 0 }
        set { yieldEndsRunWord.pointee = newValue ? 1 : 0 }
    }
    /// The storage of ``yieldEndsRun``, at a fixed address that the run loop can keep.
    let yieldEndsRunWord = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
    /// Whether a run ends after the first write to a device, because the write may take long.
    package var endsAtDeviceWrites = false
    /// Whether pending interrupts are not taken, on any vCPU.
    package var holdsInterrupts = false

    /// Whether ``CPUEnvironment/guestWantsEL2(_:)`` has been called.
    var hasNotedEL2 = false
    /// Whether a vCPU has read CurrentEL.
    var hasReadCurrentEL = false

    let blocks: BlockCache

    /// Makes `vcpuCount` vCPUs over the given memory.
    package init(
        vcpuCount: Int, regions: [RAMRegion], environment: any CPUEnvironment, configuration: CPUConfiguration
    ) {
        self.configuration = configuration
        self.environment = environment
        features = configuration.model.features
        registers = ImplementedRegisters.of(configuration.model)
        memory = PhysicalMemory(regions: regions)
        blocks = BlockCache(capacity: configuration.blockCacheSize)
        yieldEndsRunWord.initialize(to: 1)
        vcpus = (0..<vcpuCount).map { VCPU(index: $0, cluster: self) }
    }

    deinit {
        yieldEndsRunWord.deallocate()
    }

    /// Makes the current or next run end soon with ``CPUExit/requested``.
    ///
    /// Other threads call ``ExitRequest/request()`` of ``exitRequest``.
    package func requestExit() {
        exitRequest.request()
    }
}
