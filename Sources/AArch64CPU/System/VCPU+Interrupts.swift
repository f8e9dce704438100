import AArch64

extension VCPU {
    /// Sets the levels of the vCPU's interrupt inputs.
    ///
    /// Must be called on the thread that runs the vCPUs.
    package func setInterruptLines(irq: Bool, fiq: Bool) {
        var lines = system.pendingInterrupts.intersection(.sError)
        if irq { lines.insert(.irq) }
        if fiq { lines.insert(.fiq) }
        system.pendingInterrupts = lines
        if !lines.isEmpty { cluster.yieldEndsRun = true }
        if hasDeliverableInterrupt { requestAttention() }
    }

    /// Makes an SError interrupt pending, which is taken once, when PSTATE.A permits it.
    package func setSErrorPending() {
        system.pendingInterrupts.insert(.sError)
        if hasDeliverableInterrupt { requestAttention() }
    }

    /// Whether an interrupt is pending, masked or not, so that WFI completes.
    package var hasPendingInterrupt: Bool {
        !system.pendingInterrupts.isEmpty
    }

    /// Whether an interrupt is pending that PSTATE does not mask.
    ///
    /// ISR_EL1 and DAIF use the same bit positions.
    var hasDeliverableInterrupt: Bool {
        system.pendingInterrupts.rawValue & ~interruptMasks != 0
    }

    /// ISR_EL1, with the timers' outputs at the current instruction.
    var pendingInterruptsNow: PendingInterrupts {
        updateTimers()
        return system.pendingInterrupts
    }

    /// Takes the pending unmasked interrupt of the highest priority, if there is one: SError, then FIQ, then IRQ.
    ///
    /// An interrupt that the debugger catches or holds off stays pending. Returns whether one was taken.
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
