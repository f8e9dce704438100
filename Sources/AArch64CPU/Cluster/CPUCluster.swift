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

    /// What any thread may hold on to in order to interrupt a run.
    package let exitRequest = ExitRequest()

    /// Set with ``setBreakpoints(_:)``.
    package internal(set) var breakpoints: Set<UInt64> = []
    /// Breakpoints by address that stop only in one address space; anywhere else their instruction is executed as if
    /// they weren't there.
    package var breakpointBindings: [UInt64: AddressSpaceBinding] = [:]
    /// Breakpoints that a vCPU will come back to after a fault, and not stop at again.
    var passedBreakpoints = PassedBreakpoints()
    /// Asked about breakpoints of the vCPU's own address space; without it all of them end the run.
    package var breakpointFilter: (any BreakpointFilter)?
    /// Set with ``setWatchpoints(_:)``.
    package internal(set) var watchpoints: [Watchpoint] = []
    /// ``watchpoints`` as accesses look them up.
    var watchpointMap = WatchpointMap()
    /// Which exceptions of the guest's own come back instead of being taken.
    package var catches = ExceptionCatches()
    /// Whether a YIELD comes back: another vCPU may run now, as far as whoever schedules them knows.
    ///
    /// Set before each run; an interrupt for another vCPU, or an event, sets it during one. Otherwise YIELD is a NOP.
    package var handsOver: Bool {
        get { handsOverWord.pointee != 0 }
        set { handsOverWord.pointee = newValue ? 1 : 0 }
    }
    /// Where the run loop finds it.
    let handsOverWord = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
    /// Whether a run returns after the first write to a device, which may take long.
    package var endsAtDeviceWrites = false
    /// Whether no vCPU takes an interrupt, however long it is pending.
    package var holdsInterrupts = false

    /// Whether the environment has heard that the guest wants EL2.
    var hasNotedEL2 = false
    /// Whether a vCPU has asked at which exception level it is.
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
