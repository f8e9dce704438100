/// The EL1 physical and EL1 virtual timer of one vCPU, as functions of a count.
///
/// No clock is read: callers pass the count, which is a function of executed instructions, so the same input gives the
/// same interrupts. Arm ARM, DDI 0487, "The Generic Timer in AArch64 state".
package struct GenericTimers: Equatable, Sendable {
    /// The value of CNTFRQ_EL0, in Hz: the frequency that most virtual machines have.
    package static let frequency: UInt64 = 62_500_000

    /// One timer's comparator: CNTx_CVAL_EL0 and the two writable bits of CNTx_CTL_EL0.
    package struct Comparator: Equatable, Sendable {
        /// CNTx_CVAL_EL0.
        package var compareValue: UInt64 = 0
        /// CNTx_CTL_EL0.ENABLE.
        package var isEnabled = false
        /// CNTx_CTL_EL0.IMASK.
        package var isMasked = false

        /// The reset state: disabled.
        package init() {}

        /// Whether the timer condition is met: the count has reached the compare value, both unsigned and without wrap.
        package func isConditionMet(at count: UInt64) -> Bool {
            count >= compareValue
        }

        /// The level of the timer's output to the interrupt controller.
        package func output(at count: UInt64) -> Bool {
            isEnabled && !isMasked && isConditionMet(at: count)
        }

        /// CNTx_CTL_EL0.
        ///
        /// ISTATUS reads as zero while the timer is disabled, when the architecture makes it UNKNOWN.
        package func control(at count: UInt64) -> UInt64 {
            (isEnabled ? 1 : 0) | (isMasked ? 2 : 0) | (isEnabled && isConditionMet(at: count) ? 4 : 0)
        }

        /// Writes CNTx_CTL_EL0.
        package mutating func setControl(_ value: UInt64) {
            isEnabled = value & 1 != 0
            isMasked = value & 2 != 0
        }

        /// CNTx_TVAL_EL0: the low 32 bits of the compare value minus the count.
        package func timerValue(at count: UInt64) -> UInt64 {
            (compareValue &- count) & 0xFFFF_FFFF
        }

        /// Writes CNTx_TVAL_EL0, which sets the compare value to the count plus a signed 32-bit value.
        package mutating func setTimerValue(_ value: UInt64, at count: UInt64) {
            compareValue = count &+ UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
        }

        /// The count at which the output will rise; nil when it is high already or no count raises it.
        package func risesAt(after count: UInt64) -> UInt64? {
            isEnabled && !isMasked && !isConditionMet(at: count) ? compareValue : nil
        }
    }

    /// The EL1 physical timer, CNTP_*.
    package var physical = Comparator()
    /// The EL1 virtual timer, CNTV_*.
    package var virtual = Comparator()
    /// The levels last reported to the environment.
    package private(set) var reportedLevels: (physical: Bool, virtual: Bool) {
        get { (levels & 1 != 0, levels & 2 != 0) }
        set { levels = (newValue.physical ? 1 : 0) | (newValue.virtual ? 2 : 0) }
    }
    private var levels: UInt8 = 0

    /// The reset state: both timers disabled.
    package init() {}

    /// The count at which an output will next differ from the level last reported: `count` if one differs already, nil
    /// if none will without a register write.
    ///
    /// An output falls only when a register is written, so time alone can only raise one.
    package func nextChange(at count: UInt64) -> UInt64? {
        if reportedLevels != (physical.output(at: count), virtual.output(at: count)) { return count }
        return switch (physical.risesAt(after: count), virtual.risesAt(after: count)) {
        case (let one?, let other?): min(one, other)
        case (let one, let other): one ?? other
        }
    }

    /// Records the outputs at `count` as reported, and returns the levels that changed since the last call.
    package mutating func updateOutputs(at count: UInt64) -> (physical: Bool?, virtual: Bool?) {
        let old = reportedLevels
        let new = (physical: physical.output(at: count), virtual: virtual.output(at: count))
        guard old != new else { return (nil, nil) }
        reportedLevels = new
        return (
            old.physical == new.physical ? nil : new.physical, old.virtual == new.virtual ? nil : new.virtual
        )
    }
}

/// The conversion between executed instructions and ticks of the system counter.
///
/// The count at instruction `n` is `n / instructionsPerTick`: the ticks completed before the instruction began.
package struct VirtualCounter: Equatable, Sendable {
    /// The number of instructions in a tick, at least one.
    package let instructionsPerTick: UInt64

    /// Zero would stop time, so it is replaced with one.
    package init(instructionsPerTick: UInt64) {
        self.instructionsPerTick = max(1, instructionsPerTick)
    }

    /// The count at an instruction, numbered from zero.
    package func count(atInstruction instruction: UInt64) -> UInt64 {
        instruction / instructionsPerTick
    }

    /// The first instruction at which the count is `count`; nil when the number overflows 64 bits.
    package func instruction(atCount count: UInt64) -> UInt64? {
        let (product, overflow) = count.multipliedReportingOverflow(by: instructionsPerTick)
        return overflow ? nil : product
    }
}
