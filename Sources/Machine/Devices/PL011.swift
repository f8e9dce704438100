/// Arm's PrimeCell UART, the console of the `virt` machine.
///
/// Revision r1p1, whose FIFOs hold 16 bytes. Transmission takes no time: a byte written to DR is sent at once, and a
/// receive timeout has always elapsed. As on other virtual machines, it sends and receives even before the guest has
/// enabled it. Arm, DDI 0183, "PrimeCell UART (PL011) Technical Reference Manual".
package final class PL011: Device, ConsoleDevice, Stateful {
    /// The device's name.
    package let name = "PL011 UART"

    /// The maximum number of input bytes that wait for the guest.
    package static let inputLimit = consoleInputLimit

    private let interrupt: InterruptLine
    /// Receives the bytes that the guest sends.
    private let output: (UInt8) -> Void

    /// The state that snapshots save.
    package var state: State { registers }
    // Private, because accesses to a stored property that other files can see are checked for exclusivity at run time.
    private var registers = State()

    /// The registers and the queued input.
    package struct State: Equatable, Sendable {
        var lowPower: UInt32 = 0
        var integerBaud: UInt32 = 0
        var fractionalBaud: UInt32 = 0
        var lineControl: UInt32 = 0
        var control: UInt32 = Control.transmitEnable | Control.receiveEnable
        var fifoLevels: UInt32 = 0x12
        var mask: UInt32 = 0
        var raw: UInt32 = 0
        var dmaControl: UInt32 = 0
        /// Input that the guest has not read.
        ///
        /// The receive FIFO is the head of this queue, so pasted text is not lost when the guest reads slowly.
        var input = ByteQueue()
    }

    /// Bits of UARTIMSC, UARTRIS, UARTMIS and UARTICR.
    private enum Interrupt {
        static let receive: UInt32 = 1 << 4
        static let transmit: UInt32 = 1 << 5
        static let receiveTimeout: UInt32 = 1 << 6
        static let all: UInt32 = 0x7FF
    }

    /// Bits of UARTCR.
    private enum Control {
        static let loopback: UInt32 = 1 << 7
        static let transmitEnable: UInt32 = 1 << 8
        static let receiveEnable: UInt32 = 1 << 9
    }

    /// Bits of UARTFR; the transmit FIFO is always empty.
    private enum Flag {
        static let receiveEmpty: UInt32 = 1 << 4
        static let receiveFull: UInt32 = 1 << 6
        static let transmitEmpty: UInt32 = 1 << 7
    }

    /// Makes a UART that passes the guest's bytes to `output`.
    package init(interrupt: @escaping InterruptLine, output: @escaping (UInt8) -> Void) {
        self.interrupt = interrupt
        self.output = output
    }

    /// Resets the registers; input stays.
    package func reset() {
        // Input that the guest has not read is still on the line.
        registers = State(input: registers.input)
        update()
        if !registers.input.isEmpty { arrived() }
    }

    /// Replaces the state and sets the interrupt line to match.
    package func restore(_ state: State) {
        registers = state
        update()
    }

    /// Appends bytes to the input; returns the number of bytes accepted.
    package func receive(_ bytes: [UInt8]) -> Int {
        let accepted = bytes.prefix(Self.inputLimit - registers.input.count)
        guard !accepted.isEmpty else { return 0 }
        for byte in accepted { registers.input.append(byte) }
        arrived()
        return accepted.count
    }

    /// The FIFO depth: 16 with UARTLCR_H.FEN set, otherwise one holding register.
    private var depth: Int { registers.lineControl & 1 << 4 != 0 ? 16 : 1 }

    /// The number of bytes in the FIFO at which the receive interrupt is raised: UARTIFLS.RXIFLSEL, in eighths.
    private var receiveTrigger: Int {
        guard depth > 1 else { return 1 }
        let levels = [2, 4, 8, 12, 14]
        let selected = Int(registers.fifoLevels >> 3 & 7)
        return levels[min(selected, levels.count - 1)]
    }

    private var fill: Int { min(registers.input.count, depth) }

    /// Sets the interrupt bits after bytes have entered the FIFO.
    private func arrived() {
        if fill >= receiveTrigger { registers.raw |= Interrupt.receive }
        if depth > 1 { registers.raw |= Interrupt.receiveTimeout }
        update()
    }

    private func update() {
        interrupt(registers.raw & registers.mask != 0)
    }

    /// Reads a 32-bit register.
    package func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        UInt64(read(offset))
    }

    private func read(_ offset: UInt64) -> UInt32 {
        switch offset {
        case 0x00: return readData()
        case 0x18: return flags
        case 0x20: return registers.lowPower
        case 0x24: return registers.integerBaud
        case 0x28: return registers.fractionalBaud
        case 0x2C: return registers.lineControl
        case 0x30: return registers.control
        case 0x34: return registers.fifoLevels
        case 0x38: return registers.mask
        case 0x3C: return registers.raw
        case 0x40: return registers.raw & registers.mask
        case 0x48: return registers.dmaControl
        default: return PrimeCell.identification(offset, part: 0x011, revision: 1)
        }
    }

    /// Writes a 32-bit register.
    package func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) {
        let value = UInt32(truncatingIfNeeded: value)
        switch offset {
        case 0x00: send(UInt8(truncatingIfNeeded: value))
        case 0x20: registers.lowPower = value & 0xFF
        case 0x24: registers.integerBaud = value & 0xFFFF
        case 0x28: registers.fractionalBaud = value & 0x3F
        case 0x2C: registers.lineControl = value & 0xFF
        case 0x30: registers.control = value & 0xFF87
        case 0x34: registers.fifoLevels = value & 0x3F
        case 0x38: registers.mask = value & Interrupt.all
        case 0x44: registers.raw &= ~(value & Interrupt.all)
        case 0x48: registers.dmaControl = value & 7
        default: return
        }
        update()
    }

    /// UARTFR.
    private var flags: UInt32 {
        Flag.transmitEmpty | (registers.input.isEmpty ? Flag.receiveEmpty : 0) | (fill == depth ? Flag.receiveFull : 0)
    }

    /// Reads UARTDR: removes the oldest byte, without error bits, and moves the next one on the line into the FIFO.
    private func readData() -> UInt32 {
        guard let byte = registers.input.popFirst() else { return 0 }
        if fill < receiveTrigger { registers.raw &= ~Interrupt.receive }
        if registers.input.isEmpty { registers.raw &= ~Interrupt.receiveTimeout }
        if registers.input.count >= depth { arrived() } else { update() }
        return UInt32(byte)
    }

    private func send(_ byte: UInt8) {
        output(byte)
        registers.raw |= Interrupt.transmit
        if registers.control & Control.loopback != 0 { _ = receive([byte]) }
    }
}
