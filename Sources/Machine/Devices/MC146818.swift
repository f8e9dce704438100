/// Motorola's real-time clock of the PC, accessed through an index and a data port.
///
/// Its interrupt output is not connected, so alarm registers are only memory. Updates take no time, so A.UIP is always
/// clear. Seconds come from a closure, because it has no clock of its own. Motorola, ADI-856, "MC146818 Real-Time Clock
/// plus RAM".
package final class MC146818: Device, Stateful {
    /// The device's name.
    package let name = "MC146818 real-time clock"

    /// Returns the time in seconds since 1970.
    private let time: () -> UInt64
    /// The state that snapshots save.
    package private(set) var state = State()

    /// The registers, without the time that they are relative to.
    package struct State: Equatable, Sendable {
        /// The difference between the clock and `time`, in seconds, as set by the guest.
        var adjustment: Int64 = 0
        var index: UInt8 = 0
        var ram = MC146818.initialRAM
        /// The fields as set by the guest while B.SET stops the clock; nil while it runs.
        var stopped: CivilTime?
    }

    private enum Register {
        static let second: UInt8 = 0x00
        static let minute: UInt8 = 0x02
        static let hour: UInt8 = 0x04
        static let weekday: UInt8 = 0x06
        static let day: UInt8 = 0x07
        static let month: UInt8 = 0x08
        static let year: UInt8 = 0x09
        static let a: UInt8 = 0x0A
        static let b: UInt8 = 0x0B
        static let c: UInt8 = 0x0C
        static let d: UInt8 = 0x0D
        /// The century, which PC firmware and operating systems keep in this byte of the chip's RAM.
        static let century: UInt8 = 0x32
    }

    /// Bits of register B.
    private enum Mode {
        static let is24Hours: UInt8 = 1 << 1
        static let isBinary: UInt8 = 1 << 2
        static let isSet: UInt8 = 1 << 7
    }

    fileprivate static var initialRAM: [UInt8] {
        var ram = [UInt8](repeating: 0, count: 128)
        ram[Int(Register.a)] = 0x26  // The 32768 Hz time base and the 1024 Hz rate that PCs use.
        ram[Int(Register.b)] = Mode.is24Hours
        return ram
    }

    /// Makes a clock that shows `time`, in seconds since 1970.
    package init(time: @escaping () -> UInt64) {
        self.time = time
    }

    /// Discards the guest's settings, so that the clock shows the host's time again.
    package func reset() {
        state = State()
    }

    /// Replaces the state.
    package func restore(_ state: State) {
        self.state = state
    }

    /// The date and time of the clock, limited to the years 0 to 9999.
    private var now: CivilTime {
        state.stopped ?? CivilTime(seconds: hostSeconds &+ state.adjustment)
    }

    private var hostSeconds: Int64 { Int64(clamping: time()) }

    /// Reads the index port (offset 0) or the selected register (offset 1).
    package func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        switch offset {
        case 0: UInt64(state.index)
        case 1: UInt64(read(state.index))
        default: 0
        }
    }

    private func read(_ register: UInt8) -> UInt8 {
        let now = now
        switch register {
        case Register.second: return encoded(now.second)
        case Register.minute: return encoded(now.minute)
        case Register.hour: return encodedHour(now.hour)
        case Register.weekday: return encoded(now.weekday)
        case Register.day: return encoded(now.day)
        case Register.month: return encoded(now.month)
        case Register.year: return encoded(now.year % 100)
        case Register.century: return encoded(now.year / 100)
        case Register.c: return 0  // No interrupt is pending.
        case Register.d: return 0x80  // VRT: the RAM and time are valid.
        default: return state.ram[Int(register)]
        }
    }

    /// Writes the index port (offset 0) or the selected register (offset 1).
    package func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) {
        let value = UInt8(truncatingIfNeeded: value)
        switch offset {
        case 0: state.index = value & 0x7F  // Bit 7 masks NMIs on a PC.
        case 1: write(state.index, value)
        default: return
        }
    }

    private func write(_ register: UInt8, _ value: UInt8) {
        var time = now
        switch register {
        case Register.second: time.second = decoded(value)
        case Register.minute: time.minute = decoded(value)
        case Register.hour: time.hour = decodedHour(value)
        case Register.weekday: return  // Computed from the date.
        case Register.day: time.day = decoded(value)
        case Register.month: time.month = min(max(decoded(value), 1), 12)
        case Register.year: time.year = time.year / 100 * 100 + min(decoded(value), 99)
        case Register.century: time.year = min(decoded(value), 99) * 100 + time.year % 100
        case Register.a: state.ram[Int(register)] = value & 0x7F
        case Register.b:
            stop(value & Mode.isSet != 0)
            state.ram[Int(register)] = value
        case Register.c, Register.d: return
        default: state.ram[Int(register)] = value
        }
        if register < Register.a || register == Register.century { set(time) }
    }

    /// Stops or restarts the clock; while it is stopped, a date that is partly set is not normalized.
    private func stop(_ isStopped: Bool) {
        if isStopped {
            state.stopped = now
        } else if let time = state.stopped {
            state.stopped = nil
            set(time)
        }
    }

    private func set(_ time: CivilTime) {
        if state.stopped != nil { state.stopped = time } else { state.adjustment = time.seconds &- hostSeconds }
    }

    // MARK: Binary or BCD, 24 or 12 hours

    private var mode: UInt8 { state.ram[Int(Register.b)] }

    private func encoded(_ value: Int64) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value)
        return mode & Mode.isBinary != 0 ? value : (value / 10) << 4 | value % 10
    }

    private func decoded(_ value: UInt8) -> Int64 {
        mode & Mode.isBinary != 0 ? Int64(value) : Int64(value >> 4) * 10 + Int64(value & 0xF)
    }

    /// Encodes an hour; with 12 hours, bit 7 is set in the afternoon and midnight is 12.
    private func encodedHour(_ hour: Int64) -> UInt8 {
        if mode & Mode.is24Hours != 0 { return encoded(hour) }
        return encoded(hour % 12 == 0 ? 12 : hour % 12) | (hour >= 12 ? 0x80 : 0)
    }

    private func decodedHour(_ value: UInt8) -> Int64 {
        if mode & Mode.is24Hours != 0 { return decoded(value) }
        return decoded(value & 0x7F) % 12 + (value & 0x80 != 0 ? 12 : 0)
    }
}
