/// National's UART with FIFOs, the console of the `kvmtool` machine.
///
/// Transmission takes no time: a byte written to THR is sent at once, and a character timeout has always elapsed.
/// Registers are consecutive bytes; a wider access uses the lowest byte. TI, SNLS378, "PC16550D Universal Asynchronous
/// Receiver/Transmitter with FIFOs".
package final class NS16550A: Device, ConsoleDevice, Stateful {
    /// The device's name.
    package let name = "16550A UART"

    /// The maximum number of input bytes that wait for the guest.
    package static let inputLimit = consoleInputLimit

    private let interrupt: InterruptLine
    /// Receives the bytes that the guest sends.
    private let output: (UInt8) -> Void

    /// The state that snapshots save.
    package private(set) var state = State()

    /// The registers and the queued input.
    package struct State: Equatable, Sendable {
        /// Input that the guest has not read.
        ///
        /// The receive FIFO is the head of this queue, so pasted text is not lost when the guest reads slowly or resets
        /// its FIFOs, as Linux's driver does several times during initialization.
        var line = ByteQueue()
        var interruptEnable: UInt8 = 0
        var fifoControl: UInt8 = 0
        var lineControl: UInt8 = 0
        var modemControl: UInt8 = 0
        /// The lower half of MSR: the changes since it was last read.
        var modemChanges: UInt8 = 0
        var scratch: UInt8 = 0
        var divisorLow: UInt8 = 0
        var divisorHigh: UInt8 = 0
        /// LSR.OE: a byte sent in loopback mode found the FIFO full.
        var hasOverrun = false
        /// Whether THR has become empty since IIR last reported it.
        var hasSent = false
        /// Bytes sent in loopback mode, which are received before those on the line.
        var looped = ByteQueue()
    }

    private enum Register {
        static let data: UInt64 = 0
        static let interruptEnable: UInt64 = 1
        static let identification: UInt64 = 2
        static let lineControl: UInt64 = 3
        static let modemControl: UInt64 = 4
        static let lineStatus: UInt64 = 5
        static let modemStatus: UInt64 = 6
        static let scratch: UInt64 = 7
    }

    /// Bits of IER.
    private enum Enable {
        static let received: UInt8 = 1
        static let transmitterEmpty: UInt8 = 2
        static let lineStatus: UInt8 = 4
        static let modemStatus: UInt8 = 8
    }

    /// The lower half of IIR, in order of priority.
    private enum Cause: UInt8 {
        case lineStatus = 0x6
        case received = 0x4
        case timeout = 0xC
        case transmitterEmpty = 0x2
        case modemStatus = 0x0
        case none = 0x1
    }

    private static let loopback: UInt8 = 1 << 4

    /// Makes a UART that passes the guest's bytes to `output`.
    package init(interrupt: @escaping InterruptLine, output: @escaping (UInt8) -> Void) {
        self.interrupt = interrupt
        self.output = output
    }

    /// Resets the registers; input stays.
    package func reset() {
        state = State(line: state.line)
        update()
    }

    /// Replaces the state and sets the interrupt line to match.
    package func restore(_ state: State) {
        self.state = state
        update()
    }

    /// Appends bytes to the input; returns the number of bytes accepted.
    package func receive(_ bytes: [UInt8]) -> Int {
        let accepted = bytes.prefix(Self.inputLimit - state.line.count)
        for byte in accepted { state.line.append(byte) }
        update()
        return accepted.count
    }

    private var hasFIFOs: Bool { state.fifoControl & 1 != 0 }
    private var isLooped: Bool { state.modemControl & Self.loopback != 0 }
    private var depth: Int { hasFIFOs ? 16 : 1 }
    /// The number of bytes in the receive FIFO; in loopback mode the receiver is disconnected from the line.
    private var fill: Int { min(state.looped.count + (isLooped ? 0 : state.line.count), depth) }

    /// FCR[7:6]: the number of bytes in the FIFO at which the received data interrupt is raised.
    private var trigger: Int { hasFIFOs ? [1, 4, 8, 14][Int(state.fifoControl >> 6)] : 1 }

    private var cause: Cause {
        let enabled = state.interruptEnable
        if enabled & Enable.lineStatus != 0, state.hasOverrun { return .lineStatus }
        if enabled & Enable.received != 0, fill > 0 { return fill >= trigger ? .received : .timeout }
        if enabled & Enable.transmitterEmpty != 0, state.hasSent { return .transmitterEmpty }
        if enabled & Enable.modemStatus != 0, state.modemChanges != 0 { return .modemStatus }
        return .none
    }

    private func update() {
        interrupt(cause != .none)
    }

    // MARK: Reading

    /// Reads a register; only the lowest byte is used.
    package func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        defer { update() }
        return UInt64(read(offset))
    }

    private func read(_ offset: UInt64) -> UInt8 {
        let latchesDivisor = state.lineControl & 0x80 != 0
        switch offset {
        case Register.data: return latchesDivisor ? state.divisorLow : readData()
        case Register.interruptEnable: return latchesDivisor ? state.divisorHigh : state.interruptEnable
        case Register.identification:
            let cause = cause
            if cause == .transmitterEmpty { state.hasSent = false }
            return cause.rawValue | (hasFIFOs ? 0xC0 : 0)
        case Register.lineControl: return state.lineControl
        case Register.modemControl: return state.modemControl
        case Register.lineStatus:
            defer { state.hasOverrun = false }
            // THRE and TEMT are always set.
            return 0x60 | (fill > 0 ? 1 : 0) | (state.hasOverrun ? 2 : 0)
        case Register.modemStatus:
            defer { state.modemChanges = 0 }
            return modemInputs | state.modemChanges
        case Register.scratch: return state.scratch
        default: return 0
        }
    }

    private func readData() -> UInt8 {
        if let byte = state.looped.popFirst() { return byte }
        return isLooped ? 0 : state.line.popFirst() ?? 0
    }

    /// The upper half of MSR: DCD, RI, DSR and CTS, which loopback mode connects to OUT2, OUT1, DTR and RTS.
    private var modemInputs: UInt8 {
        // DCD, DSR and CTS are always set outside loopback mode.
        guard isLooped else { return 0xB0 }
        let control = state.modemControl
        return (control & 0x0C) << 4 | (control & 1) << 5 | (control & 2) << 3
    }

    // MARK: Writing

    /// Writes a register; only the lowest byte is used.
    package func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) {
        write(offset, UInt8(truncatingIfNeeded: value))
        update()
    }

    private func write(_ offset: UInt64, _ value: UInt8) {
        let latchesDivisor = state.lineControl & 0x80 != 0
        switch offset {
        case Register.data:
            if latchesDivisor { state.divisorLow = value } else { send(value) }
        case Register.interruptEnable:
            if latchesDivisor {
                state.divisorHigh = value
            } else {
                // THR is empty when its interrupt is enabled, so the interrupt is raised at once.
                if value & ~state.interruptEnable & Enable.transmitterEmpty != 0 { state.hasSent = true }
                state.interruptEnable = value & 0x0F
            }
        case Register.identification: writeFIFOControl(value)
        case Register.lineControl: state.lineControl = value
        case Register.modemControl: writeModemControl(value & 0x1F)
        case Register.scratch: state.scratch = value
        default: return
        }
    }

    private func writeFIFOControl(_ value: UInt8) {
        // Enabling or disabling the FIFOs empties them; the other bits have an effect only while they are enabled.
        if (value ^ state.fifoControl) & 1 != 0 || value & 3 == 3 {
            state.looped.removeAll()
        }
        state.fifoControl = value & 1 != 0 ? value & 0xC9 : 0
    }

    private func writeModemControl(_ value: UInt8) {
        let before = modemInputs
        state.modemControl = value
        let changed = before ^ modemInputs
        // DCTS, DDSR and DDCD report any change, TERI only the trailing edge of RI.
        state.modemChanges |= (changed >> 4) & 0x0B | (before & changed) >> 4 & 0x04
    }

    private func send(_ byte: UInt8) {
        state.hasSent = true
        guard isLooped else { return output(byte) }
        if state.looped.count < depth {
            state.looped.append(byte)
        } else {
            state.hasOverrun = true
        }
    }
}
