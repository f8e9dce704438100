import AArch64

/// The condition that ends a vCPU's WFI or WFE.
package struct Wait: Equatable, Sendable {
    /// True for WFE, which waits for an event; false for WFI, which waits for an interrupt.
    package var isForEvent = false
    /// The virtual time at which a timer's output or the event stream may end the wait; `.max` if neither will.
    package var deadline: UInt64 = .max
    /// The virtual time at which WFE ends without an event.
    package var backstop: UInt64 = .max
}

// Arm ARM, DDI 0487, D1.6, "Mechanisms for entering a low-power state".
extension VCPU {
    /// Executes WFI, which completes at once when an interrupt is pending, masked or not.
    func waitForInterrupt() -> SystemOutcome {
        if !pendingInterruptsNow.isEmpty { return .next }
        if exceptionLevel == 0 && !control.nTWI { return trapWait(.wfi) }
        pc &+= 4
        beginWaitForInterrupt()
        return .exit(.waitForInterrupt)
    }

    /// Executes WFE, which clears the event register if it is set, or waits for an event.
    func waitForEvent() -> SystemOutcome {
        recordEventStream()
        if system.eventRegister {
            system.eventRegister = false
            return .next
        }
        if exceptionLevel == 0 && !control.nTWE { return trapWait(.wfe) }
        recordParking()
        pc &+= 4
        let limit = Self.longestWaitForEvent &* cluster.configuration.instructionsPerTick
        wait = Wait(isForEvent: true, deadline: min(timerDeadline(), nextStreamEvent), backstop: time &+ limit)
        return .exit(.waitForEvent)
    }

    /// The maximum duration of WFE, in ticks of the counter: one millisecond.
    ///
    /// WFE may end for any reason. Two wake-up events are not detected: a store that leaves the marked bytes unchanged,
    /// and an event from outside the processor. Code that relies on them becomes slower, but stays correct.
    private static let longestWaitForEvent = GenericTimers.frequency / 1000

    /// Makes the vCPU wait as in WFI, starting at the cluster's time.
    package func beginWaitForInterrupt() {
        wait = Wait(deadline: timerDeadline())
    }

    /// The virtual time at which a timer or the event stream may end the wait, computed from the current registers.
    package var waitDeadline: UInt64 { wait.deadline }

    /// The virtual time at which a wait for an event ends by itself, `.max` for WFI.
    package var waitBackstop: UInt64 { wait.backstop }

    /// Whether the vCPU waits in WFE with its exclusive monitor set, so that a store by another vCPU may end the wait.
    package var waitsForStore: Bool { wait.isForEvent && state[VCPUState.exclusiveSize] != 0 }

    /// Ends the wait if its condition is met at the cluster's time; false if the vCPU still waits.
    package func endWait() -> Bool {
        let now = cluster.timeBase
        if now >= wait.deadline {
            catchUp()
            if wait.isForEvent { recordEventStream() }
            wait.deadline = wait.isForEvent ? min(timerDeadline(), nextStreamEvent) : timerDeadline()
        }
        guard wait.isForEvent else { return hasPendingInterrupt }
        guard system.eventRegister || hasDeliverableInterrupt || isExclusiveLost || now >= wait.backstop else {
            return false
        }
        system.eventRegister = false
        return true
    }

    /// Makes the next ``endWait()`` compute the deadline again, after a timer register has changed.
    func waitMayHaveChanged() { wait.deadline = 0 }

    /// Whether the bytes marked by LDXR or LDAXR have changed, which is a wake-up event from the global monitor.
    ///
    /// As for STXR, values are compared. The waiting code reads the bytes again, so it cannot detect a store that
    /// changed nothing.
    private var isExclusiveLost: Bool {
        let size = state[VCPUState.exclusiveSize]
        guard size != 0, let place = cluster.memory.place(of: state[VCPUState.exclusiveAddress]) else { return false }
        guard VCPU.load(place.host, size: min(size, 8)) == state[VCPUState.exclusiveLow] else { return true }
        return size == 16 && VCPU.load(place.host + 8, size: 8) != state[VCPUState.exclusiveHigh]
    }

    // MARK: The event stream

    /// The counter bit whose transitions are events, and the offset to add to a count so that they are carries out of
    /// it.
    ///
    /// CNTKCTL_EL1: EVNTI is bits 7 to 4, EVNTDIR bit 3. With EVNTDIR 0 an event is a transition of the bit from 0 to
    /// 1.
    private var eventStream: (bit: UInt64, offset: UInt64)? {
        let control = system.cntkctl_el1
        guard control & CNTKCTL.evntEN != 0 else { return nil }
        let bit = control >> 4 & 0xF
        return (bit, control & CNTKCTL.evntDIR == 0 ? 1 << bit : 0)
    }

    /// Sets the event register if the event stream had an event since it was last evaluated.
    private func recordEventStream() {
        let count = counterValue
        defer { system.eventStreamSeen = count }
        guard let (bit, offset) = eventStream else { return }
        if (count &+ offset) >> (bit + 1) != (system.eventStreamSeen &+ offset) >> (bit + 1) {
            system.eventRegister = true
        }
    }

    /// The virtual time of the event stream's next event; `.max` if there is none.
    private var nextStreamEvent: UInt64 {
        guard let (bit, offset) = eventStream else { return .max }
        let carries = (counterValue &+ offset) >> (bit + 1) &+ 1
        return counter.instruction(atCount: carries << (bit + 1) &- offset) ?? .max
    }
}

extension CPUCluster {
    /// Executes SEV, which sets the event register of every vCPU.
    func sendEvent() {
        for vcpu in vcpus { vcpu.system.eventRegister = true }
        yieldEndsRun = true
    }
}
