/// Arm's PrimeCell real-time clock: a counter of seconds with a match interrupt.
///
/// Seconds come from a closure, because it has no clock of its own; its owner calls ``advance()`` after the time of
/// ``secondsUntilMatch``. Arm, DDI 0224, "PrimeCell Real Time Clock (PL031) Technical Reference Manual".
package final class PL031: Device, Stateful {
    /// The device's name.
    package let name = "PL031 real-time clock"

    private let interrupt: InterruptLine
    /// Returns the time in seconds since 1970.
    private let time: () -> UInt64

    /// The state that snapshots save.
    package private(set) var state = State()

    /// The registers, without the time that they are relative to.
    package struct State: Equatable, Sendable {
        /// RTCDR minus `time`.
        var adjustment: UInt32 = 0
        var match: UInt32 = 0
        var load: UInt32 = 0
        var mask = false
        var raw = false
        /// The value of RTCDR at the last ``advance()`` or write of RTCLR.
        var seen: UInt32 = 0
    }

    /// Makes a clock that shows `time`, in seconds since 1970.
    package init(interrupt: @escaping InterruptLine, time: @escaping () -> UInt64) {
        self.interrupt = interrupt
        self.time = time
        state.seen = now
    }

    /// Discards the guest's settings, so that the clock shows the host's time again.
    package func reset() {
        state = State()
        state.seen = now
        update()
    }

    /// Replaces the state and sets the interrupt line to match.
    package func restore(_ state: State) {
        self.state = state
        update()
    }

    /// The current value of RTCDR.
    private var now: UInt32 { UInt32(truncatingIfNeeded: time()) &+ state.adjustment }

    /// The number of seconds until RTCDR equals RTCMR; nil if the match would not change the interrupt output.
    package var secondsUntilMatch: UInt32? {
        guard state.mask, !state.raw else { return nil }
        return state.match &- now
    }

    /// Sets the raw interrupt if RTCDR has reached RTCMR since the last call, and updates the interrupt output.
    package func advance() {
        let now = now
        // Distances are relative to the last call, so that wrap-around needs no special case.
        let distance = state.match &- state.seen
        if distance != 0, distance <= now &- state.seen { state.raw = true }
        state.seen = now
        update()
    }

    private func update() {
        interrupt(state.raw && state.mask)
    }

    /// Reads a 32-bit register.
    package func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        advance()
        return UInt64(read(offset))
    }

    private func read(_ offset: UInt64) -> UInt32 {
        switch offset {
        case 0x00: return now
        case 0x04: return state.match
        case 0x08: return state.load
        case 0x0C: return 1  // RTCCR: the clock always runs.
        case 0x10: return state.mask ? 1 : 0
        case 0x14: return state.raw ? 1 : 0
        case 0x18: return state.raw && state.mask ? 1 : 0
        default: return PrimeCell.identification(offset, part: 0x031, revision: 1)
        }
    }

    /// Writes a 32-bit register.
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
