/// Arm's PrimeCell real-time clock: seconds, and an interrupt at one of them.
///
/// Arm, DDI 0224, "PrimeCell Real Time Clock (PL031) Technical Reference Manual". It has no clock of its own: seconds
/// come from a closure, and its owner calls ``advance()`` when the time of ``secondsUntilMatch`` has passed.
package final class PL031: Device {
    package let name = "PL031 real-time clock"

    private let interrupt: InterruptLine
    /// Seconds since 1970.
    private let time: () -> UInt64

    /// What is added to `time` to give RTCDR.
    private var adjustment: UInt32 = 0
    private var match: UInt32 = 0
    private var load: UInt32 = 0
    private var mask = false
    private var raw = false
    /// RTCDR when the match was last looked for.
    private var seen: UInt32 = 0

    package init(interrupt: @escaping InterruptLine, time: @escaping () -> UInt64) {
        self.interrupt = interrupt
        self.time = time
        seen = now
    }

    /// The clock goes on; what the guest has set is gone.
    package func reset() {
        (adjustment, match, load, mask, raw) = (0, 0, 0, false, false)
        seen = now
        update()
    }

    /// RTCDR.
    private var now: UInt32 { UInt32(truncatingIfNeeded: time()) &+ adjustment }

    /// How long until the clock reads RTCMR; nil if the guest would not notice.
    package var secondsUntilMatch: UInt32? {
        guard mask, !raw else { return nil }
        return match &- now
    }

    /// Looks at the time, and raises the interrupt if the match has been reached since the last look.
    package func advance() {
        let now = now
        // Counted from the last look, so that wrapping around is no special case.
        let distance = match &- seen
        if distance != 0, distance <= now &- seen { raw = true }
        seen = now
        update()
    }

    private func update() {
        interrupt(raw && mask)
    }

    package func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        advance()
        return UInt64(read(offset))
    }

    private func read(_ offset: UInt64) -> UInt32 {
        switch offset {
        case 0x00: return now
        case 0x04: return match
        case 0x08: return load
        case 0x0C: return 1  // RTCCR: the clock runs and can't be stopped.
        case 0x10: return mask ? 1 : 0
        case 0x14: return raw ? 1 : 0
        case 0x18: return raw && mask ? 1 : 0
        default: return PrimeCell.identification(offset, part: 0x031, revision: 1)
        }
    }

    package func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) {
        advance()
        let value = UInt32(truncatingIfNeeded: value)
        switch offset {
        case 0x04:
            match = value
            if match == now { raw = true }
        case 0x08:
            load = value
            adjustment = value &- UInt32(truncatingIfNeeded: time())
            seen = value
            if match == value { raw = true }
        case 0x10: mask = value & 1 != 0
        case 0x1C: if value & 1 != 0 { raw = false }
        default: return
        }
        update()
    }
}
