extension VCPU {
    /// The state after a cold reset now.
    ///
    /// Virtual time continues. The interrupt controller's lines are driven from outside and stay; a pending SError is gone.
    package var resetState: SavedState {
        var fresh = SavedState(index: index)
        fresh.time = time
        fresh.system.pendingInterrupts = system.pendingInterrupts.subtracting(.sError)
        return fresh
    }

    /// Puts the vCPU into the state of a cold reset: EL1h with interrupts masked, MMU off, PC 0.
    package func reset() {
        restore(resetState)
    }

    /// Brings a vCPU that is not running up to the cluster's time: its timers' outputs are those of now.
    package func catchUp() {
        beginRun()
        updateTimers()
    }
}
