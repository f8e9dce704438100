import AArch64

extension VCPU {
    /// The vCPU's interrupt inputs, as the interrupt controller drives them; to be called on the vCPUs' own thread.
    package func setInterruptLines(irq: Bool, fiq: Bool) {
        var lines = system.pendingInterrupts.intersection(.sError)
        if irq { lines.insert(.irq) }
        if fiq { lines.insert(.fiq) }
        system.pendingInterrupts = lines
        if hasDeliverableInterrupt { requestAttention() }
    }

    /// Makes an SError interrupt pending; it is taken once PSTATE.A allows it, and only once.
    package func setSErrorPending() {
        system.pendingInterrupts.insert(.sError)
        if hasDeliverableInterrupt { requestAttention() }
    }

    /// Whether an interrupt is pending, masked or not: what ends WFI.
    package var hasPendingInterrupt: Bool {
        !system.pendingInterrupts.isEmpty
    }

    /// Whether an interrupt is pending that PSTATE doesn't mask.
    ///
    /// ISR_EL1 and DAIF have the same bits for the same.
    var hasDeliverableInterrupt: Bool {
        system.pendingInterrupts.rawValue & ~interruptMasks != 0
    }

    /// ISR_EL1, with the timers' outputs of this very instruction.
    var pendingInterruptsNow: PendingInterrupts {
        updateTimers()
        return system.pendingInterrupts
    }

    /// Takes the pending unmasked interrupt of the highest priority, if there is one: SError, FIQ, IRQ.
    ///
    /// None is taken that the debugger catches or holds off; it stays pending.
    package func takeInterruptIfPending() -> Bool {
        if cluster.holdsInterrupts { return false }
        let deliverable = PendingInterrupts(rawValue: system.pendingInterrupts.rawValue & ~interruptMasks)
        if deliverable.isEmpty { return false }
        if deliverable.contains(.sError) {
            if isCaught(.sError, .sError(), nil) { return false }
            system.pendingInterrupts.remove(.sError)
            enterException(.sError, syndrome: .sError())
        } else {
            enterException(deliverable.contains(.fiq) ? .fiq : .irq)
        }
        return caught == nil
    }

    /// WFI: comes back at once when an interrupt is pending, masked or not.
    func waitForInterrupt() -> SystemOutcome {
        if !pendingInterruptsNow.isEmpty { return .next }
        if exceptionLevel == 0 && !control.nTWI { return trapWait(.wfi) }
        pc &+= 4
        return .exit(.waitForInterrupt)
    }

    /// WFE: consumes the event if there was one, or lets another vCPU run.
    ///
    /// It never sleeps, so everything that would wake it (an event, an interrupt, the event stream, the loss of an
    /// exclusive reservation) finds it awake.
    func waitForEvent() -> SystemOutcome {
        if system.eventRegister {
            system.eventRegister = false
            return .next
        }
        if exceptionLevel == 0 && !control.nTWE { return trapWait(.wfe) }
        pc &+= 4
        return .exit(.yield)
    }
}

extension CPUCluster {
    /// SEV: sets the event register of every vCPU.
    func sendEvent() {
        for vcpu in vcpus { vcpu.system.eventRegister = true }
    }
}
