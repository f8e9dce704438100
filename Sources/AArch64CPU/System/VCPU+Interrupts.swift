import AArch64

extension VCPU {
    /// The vCPU's interrupt inputs, as the interrupt controller drives them; to be called on the vCPUs' own thread.
    package func setInterruptLines(irq: Bool, fiq: Bool) {
        var lines = system.pendingInterrupts.intersection(.sError)
        if irq { lines.insert(.irq) }
        if fiq { lines.insert(.fiq) }
        system.pendingInterrupts = lines
        if !lines.isEmpty { cluster.handsOver = true }
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
}
