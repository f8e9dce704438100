package import AArch64

/// One virtual CPU: its registers, its system registers and its view of memory.
package final class VCPU {
    package let index: Int
    // SAFETY: the cluster owns its vCPUs, and every user of one retains the cluster. A checked reference would cost
    // each slow path a pair of reference counts.
    package unowned(unsafe) let cluster: CPUCluster
    package let state = VCPUState()

    private let systemStorage: UnsafeMutablePointer<SystemRegisters>
    private let regimeStorage: UnsafeMutablePointer<CachedRegime?>
    let banks: UnsafeMutablePointer<TranslationBank>
    /// The bank the state's table pointers belong to.
    var currentBank = 0
    var bankClock: UInt64 = 0

    /// Instructions executed in the current run, or in the last one if none is in progress.
    package var executedInRun: UInt64 { time &- runStart }
    /// Virtual time at which the current run began.
    var runStart: UInt64 = 0

    /// The exit that the inner loop leaves for the outer one when it returns ``LoopExit/exit``.
    var pendingExit = CPUExit.budget
    /// The exception that was caught and has not come back from the run yet.
    var caught: CaughtException?
    /// The exception that was caught last.
    package internal(set) var lastCaught: CaughtException?
    /// Whether the next instruction must be reported to the breakpoint filter.
    var isFollowed = false
    /// The wait that the last WFI or WFE began.
    var wait = Wait()
    /// Set while an instruction whose watchpoint has been reported is executed.
    var ignoresWatchpoints = false

    /// Virtual time at which the instruction after the last exception return begins.
    var lastReturn: UInt64 = 0

    /// A block of no permanence: of as many instructions as the budget allows, or of the one to be stepped.
    let scratch: BlockPointer

    init(index: Int, cluster: CPUCluster) {
        self.index = index
        self.cluster = cluster
        systemStorage = .allocate(capacity: 1)
        systemStorage.initialize(to: SystemRegisters(index: index))
        regimeStorage = .allocate(capacity: 1)
        regimeStorage.initialize(to: nil)
        scratch = BlockCache.allocateScratch()
        banks = .allocate(capacity: TranslationBank.bankCount)
        for bank in 0..<TranslationBank.bankCount { (banks + bank).initialize(to: TranslationBank()) }
        state[VCPUState.owner] = UInt64(UInt(bitPattern: Unmanaged.passUnretained(self).toOpaque()))
        state[VCPUState.yieldEndsRun] = UInt64(UInt(bitPattern: cluster.yieldEndsRunWord))
        restore(SavedState(index: index))
    }

    deinit {
        state.deallocate()
        systemStorage.deinitialize(count: 1)
        systemStorage.deallocate()
        regimeStorage.deinitialize(count: 1)
        regimeStorage.deallocate()
        for bank in 0..<TranslationBank.bankCount { banks[bank].deallocate() }
        banks.deallocate()
        scratch.deallocate()
    }

    /// The system registers that hold state.
    ///
    /// Reached through a pointer, because a stored property of a class would cost an exclusivity check on each access.
    package var system: SystemRegisters {
        @inline(__always) _read { yield systemStorage.pointee }
        @inline(__always) _modify { yield &systemStorage.pointee }
    }

    /// The translation regime as it was last worked out; apart from ``system``, because it is no state.
    var cachedRegime: CachedRegime? {
        @inline(__always) _read { yield regimeStorage.pointee }
        @inline(__always) _modify { yield &regimeStorage.pointee }
    }

    /// Virtual time in instructions: those completed before the current one.
    package var time: UInt64 {
        state[VCPUState.timeAtZero] &- state[VCPUState.budget] &- state[VCPUState.ahead]
    }

    /// Makes the run loop come back after the current instruction, to look at interrupts and deadlines again.
    package func requestAttention() {
        state[VCPUState.attention] = 1
    }

    /// Takes the last instruction of the run back, which has only come back from the run and must be executed again.
    package func retractInstruction() {
        pc &-= 4
        state[VCPUState.budget] &+= 1
    }

    /// Forgets what LDXR or LDAXR marked, as CLREX and an exception return do.
    package func clearExclusive() {
        state[VCPUState.exclusiveSize] = 0
    }
}
