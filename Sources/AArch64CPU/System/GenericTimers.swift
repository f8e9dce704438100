/// The EL1 physical and EL1 virtual timer of one vCPU, as functions of a count.
///
/// Nothing here reads a clock: the count is passed in, and is itself a function of executed instructions, so the same
/// input gives the same interrupts. Arm ARM, DDI 0487, "The Generic Timer in AArch64 state".
package struct GenericTimers: Equatable, Sendable {
    /// What CNTFRQ_EL0 reads as: the frequency most virtual machines show.
    package static let frequency: UInt64 = 62_500_000

    /// One timer's comparator: CNTx_CVAL_EL0 and the two writable bits of CNTx_CTL_EL0.
    package struct Comparator: Equatable, Sendable {
        package var compareValue: UInt64 = 0
        package var isEnabled = false
        package var isMasked = false

        package init() {}

        /// Whether the timer condition is met: both operands are unsigned, and there is no wrap.
        package func isConditionMet(at count: UInt64) -> Bool {
            count >= compareValue
        }

        /// The level of the timer's output to the interrupt controller.
        package func output(at count: UInt64) -> Bool {
            isEnabled && !isMasked && isConditionMet(at: count)
        }

        /// CNTx_CTL_EL0; ISTATUS reads as zero while the timer is disabled, where it is UNKNOWN.
        package func control(at count: UInt64) -> UInt64 {
            (isEnabled ? 1 : 0) | (isMasked ? 2 : 0) | (isEnabled && isConditionMet(at: count) ? 4 : 0)
        }

        package mutating func setControl(_ value: UInt64) {
            isEnabled = value & 1 != 0
            isMasked = value & 2 != 0
        }

        /// CNTx_TVAL_EL0: the low 32 bits of how far the count is from the compare value.
        package func timerValue(at count: UInt64) -> UInt64 {
            (compareValue &- count) & 0xFFFF_FFFF
        }

        /// A write of TVAL sets the compare value a signed 32-bit distance from the count.
        package mutating func setTimerValue(_ value: UInt64, at count: UInt64) {
            compareValue = count &+ UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
        }

        /// The count at which the output will rise, nil when it is up already or no count can raise it.
        package func risesAt(after count: UInt64) -> UInt64? {
            isEnabled && !isMasked && !isConditionMet(at: count) ? compareValue : nil
        }
    }

    package var physical = Comparator()
    package var virtual = Comparator()
    /// The levels last reported to the environment.
    package private(set) var reportedLevels: (physical: Bool, virtual: Bool) {
        get { (levels & 1 != 0, levels & 2 != 0) }
        set { levels = (newValue.physical ? 1 : 0) | (newValue.virtual ? 2 : 0) }
    }
    private var levels: UInt8 = 0

    package init() {}

    /// The count at which an output will next differ from what was last reported: `count` itself when one does already,
    /// nil when none will without a register write.
    ///
    /// Outputs fall only when a register is written, so a rise is the only thing time alone can bring.
    package func nextChange(at count: UInt64) -> UInt64? {
        if reportedLevels != (physical.output(at: count), virtual.output(at: count)) { return count }
        return switch (physical.risesAt(after: count), virtual.risesAt(after: count)) {
        case (let one?, let other?): min(one, other)
        case (let one, let other): one ?? other
        }
    }

    /// Notes the levels at `count` and gives those that changed since the last call.
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

/// Turns executed instructions into the counter's ticks and back.
///
/// The count at instruction `n` is `n / instructionsPerTick`: an instruction sees the ticks completed before it began.
package struct VirtualCounter: Equatable, Sendable {
    package let instructionsPerTick: UInt64

    /// Zero would stop time and is taken as one.
    package init(instructionsPerTick: UInt64) {
        self.instructionsPerTick = max(1, instructionsPerTick)
    }

    package func count(atInstruction instruction: UInt64) -> UInt64 {
        instruction / instructionsPerTick
    }

    /// The first instruction that sees `count`, nil when the instruction counter can't reach it.
    package func instruction(atCount count: UInt64) -> UInt64? {
        let (product, overflow) = count.multipliedReportingOverflow(by: instructionsPerTick)
        return overflow ? nil : product
    }
}
