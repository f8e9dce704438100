/// Arm's PrimeCell real-time clock: seconds, and an interrupt at one of them.
///
/// Arm, DDI 0224, "PrimeCell Real Time Clock (PL031) Technical Reference Manual". It has no clock of its own: seconds
/// come from a closure, and its owner calls ``advance()`` when the time of ``secondsUntilMatch`` has passed.
package final class PL031: Device, Stateful {
    package let name = "PL031 real-time clock"

    private let interrupt: InterruptLine
    /// Seconds since 1970.
    private let time: () -> UInt64

    package private(set) var state = State()

    /// The registers.
    ///
    /// The time that they refer to comes from outside.
    package struct State: Equatable, Sendable {
        /// What is added to `time` to give RTCDR.
        var adjustment: UInt32 = 0
        var match: UInt32 = 0
        var load: UInt32 = 0
        var mask = false
        var raw = false
        /// RTCDR when the match was last looked for.
        var seen: UInt32 = 0
    }

    package init(interrupt: @escaping InterruptLine, time: @escaping () -> UInt64) {
        self.interrupt = interrupt
        self.time = time
        state.seen = now
    }

    /// The clock goes on; what the guest has set is gone.
    package func reset() {
        state = State()
        state.seen = now
        update()
    }

    package func restore(_ state: State) {
        self.state = state
        update()
    }

    /// RTCDR.
    private var now: UInt32 { UInt32(truncatingIfNeeded: time()) &+ state.adjustment }

    /// How long until the clock reads RTCMR; nil if the guest would not notice.
    package var secondsUntilMatch: UInt32? {
        guard state.mask, !state.raw else { return nil }
        return state.match &- now
    }

    /// Looks at the time, and raises the interrupt if the match has been reached since the last look.
    package func advance() {
        let now = now
        // Counted from the last look, so that wrapping around is no special case.
        let distance = state.match &- state.seen
        if distance != 0, distance <= now &- state.seen { state.raw = true }
        state.seen = now
        update()
    }

    private func update() {
        interrupt(state.raw && state.mask)
    }

    package func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        advance()
        return UInt64(read(offset))
    }

    private func read(_ offset: UInt64) -> UInt32 {
        switch offset {
        case 0x00: return now
        case 0x04: return state.match
        case 0x08: return state.load
        case 0x0C: return 1  // RTCCR: the clock runs and can't be stopped.
        case 0x10: return state.mask ? 1 : 0
        case 0x14: return state.raw ? 1 : 0
        case 0x18: return state.raw && state.mask ? 1 : 0
        default: return PrimeCell.identification(offset, part: 0x031, revision: 1)
        }
    }

    package func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) {
        advance()
        let value = UInt32(truncatingIfNeeded: value)
        switch offset {
        case 0x04:
            state.match = value
            if state.match == now { state.raw = true }
        case 0x08:
            state.load = value
            state.adjustment = value &- UInt32(truncatingIfNeeded: time())
            state.seen = value
            if state.match == value { state.raw = true }
        case 0x10: state.mask = value & 1 != 0
        case 0x1C: if value & 1 != 0 { state.raw = false }
        default: return
        }
        update()
    }
}
