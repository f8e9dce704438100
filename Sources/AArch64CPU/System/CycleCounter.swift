/// PMCCNTR_EL0 and the bits of the performance monitors that control it: one cycle for each executed instruction.
///
/// Arm ARM, DDI 0487, "The Performance Monitors Extension". There are no event counters, and no overflow interrupt
/// reaches the interrupt controller.
package struct CycleCounter: Equatable, Sendable {
    /// The cycle counter's bit, C, of the set and clear registers: bit 31.
    static let bit: UInt64 = 1 << 31
    /// Bits of PMCR_EL0.
    private enum Control {
        static let enable: UInt64 = 1 << 0
        static let resetCycles: UInt64 = 1 << 2
        static let divide: UInt64 = 1 << 3
        static let long: UInt64 = 1 << 6
        /// The bits that hold what is written: E, D, X, DP and LC.
        static let stored: UInt64 = 0b111_1001
    }

    /// PMCR_EL0's stored bits.
    private var stored: UInt64 = 0
    /// PMCNTENSET_EL0.C.
    package private(set) var isEnabled = false
    /// PMINTENSET_EL1.C.
    package var hasInterrupt = false
    /// The count when it was last brought up to date, and the time of that, in instructions.
    private var count: UInt64 = 0
    private var since: UInt64 = 0
    private var hasOverflowed = false

    /// The reset state: disabled, at zero.
    package init() {}

    private var isRunning: Bool { isEnabled && stored & Control.enable != 0 }

    /// Brings the count up to `time`, in instructions.
    private mutating func update(at time: UInt64) {
        if isRunning {
            // With D set and LC clear, one count for every 64 cycles.
            let divides = stored & (Control.divide | Control.long) == Control.divide
            let step = (time &- since) / (divides ? 64 : 1)
            let limit: UInt64 = stored & Control.long != 0 ? .max : 0xFFFF_FFFF
            let (sum, carry) = count.addingReportingOverflow(step)
            if carry || (count & limit) > (sum & limit) { hasOverflowed = true }
            count = sum
        }
        since = time
    }

    /// PMCCNTR_EL0 at `time`, in instructions.
    package mutating func value(at time: UInt64) -> UInt64 {
        update(at: time)
        return count
    }

    /// Writes PMCCNTR_EL0.
    package mutating func setValue(_ value: UInt64, at time: UInt64) {
        update(at: time)
        count = value
    }

    /// PMCR_EL0.
    ///
    /// The implementer and the number of event counters read as zero.
    package var control: UInt64 { stored }

    /// Writes PMCR_EL0.
    package mutating func setControl(_ value: UInt64, at time: UInt64) {
        update(at: time)
        stored = value & Control.stored
        if value & Control.resetCycles != 0 { count = 0 }
    }

    /// Sets or clears PMCNTENSET_EL0.C.
    package mutating func setEnabled(_ enabled: Bool, at time: UInt64) {
        update(at: time)
        isEnabled = enabled
    }

    /// The cycle counter's overflow bit in PMOVSCLR_EL0 and PMOVSSET_EL0.
    package mutating func overflow(at time: UInt64) -> Bool {
        update(at: time)
        return hasOverflowed
    }

    /// Sets or clears the cycle counter's overflow bit.
    package mutating func setOverflow(_ value: Bool, at time: UInt64) {
        update(at: time)
        hasOverflowed = value
    }
}
