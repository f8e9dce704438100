extension VCPU {
    /// Puts the vCPU into the state of a cold reset: EL1h with interrupts masked, MMU off, PC 0.
    ///
    /// The inputs from the interrupt controller are driven from outside and stay.
    package func reset() {
        for slot in 0..<VCPUState.programCounter { state[slot] = 0 }
        clearExclusive()
        endFollowing()
        for slot in VCPUState.vectors..<VCPUState.slotCount { state[slot] = 0 }
        state[VCPUState.flagsKind] = LazyFlags.Kind.packed
        state[VCPUState.flagsA] = 0
        state[VCPUState.pstateRest] = PSTATEBits.reset
        pc = 0
        resetSystemRegisters()
        flushTranslations()
        translationContextChanged()
    }

    /// Brings a vCPU that is not running up to the cluster's time: its timers' outputs are those of now.
    package func catchUp() {
        beginRun()
        updateTimers()
    }
}
