extension CPUCluster {
    /// The whole state of the vCPUs between two runs, without that of memory and of the environment.
    ///
    /// Whether YIELD ends a run is the scheduler's to say before each.
    package struct SavedState: Equatable, Sendable {
        package var vcpus: [VCPU.SavedState]
        /// Virtual time, in instructions, at which the next run begins.
        package var timeBase: UInt64
        /// Whether a vCPU has read CurrentEL, and so may be parked because EL2 is missing.
        var hasReadCurrentEL = false
    }

    /// The whole state, to be read between two runs.
    package var savedState: SavedState {
        SavedState(vcpus: vcpus.map(\.savedState), timeBase: timeBase, hasReadCurrentEL: hasReadCurrentEL)
    }

    /// The state after a cold reset of all vCPUs now; virtual time continues.
    package var resetState: SavedState {
        SavedState(vcpus: vcpus.map(\.resetState), timeBase: timeBase)
    }

    /// Continues from a state that a cluster of as many vCPUs had.
    ///
    /// What was decoded is dropped, because memory may have changed as well, and so are the breakpoints that vCPUs passed
    /// before faults: they belong to executions that the restored state does not come from.
    package func restore(_ saved: SavedState) {
        precondition(saved.vcpus.count == vcpus.count, "a state of \(saved.vcpus.count) vCPUs, not \(vcpus.count)")
        timeBase = saved.timeBase
        hasReadCurrentEL = saved.hasReadCurrentEL
        passedBreakpoints.removeAll()
        dropAllBlocks()
        for (vcpu, state) in zip(vcpus, saved.vcpus) { vcpu.restore(state) }
    }
}
