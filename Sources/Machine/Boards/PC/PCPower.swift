extension DeviceModel {
    static let i8042 = DeviceModel { connections in I8042 { connections.requestPower(.reset) } }
    static let acpiPowerManagement = DeviceModel { connections in
        ACPIPowerManagement { connections.requestPower(.off) }
    }
}

/// The 8042 keyboard controller without a keyboard; command 0xFE pulses the processor's reset line.
///
/// Intel, "8042 Universal Peripheral Interface", at ports 0x60 and 0x64 as in IBM's PC AT.
final class I8042: Device, Stateful {
    typealias State = NoState

    let name = "8042 keyboard controller"
    private let reset: () -> Void

    init(reset: @escaping () -> Void) {
        self.reset = reset
    }

    /// Reads the status as idle and empty, and the data port as all ones, because there is no keyboard.
    func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 { offset == 0 ? 0xff : 0 }

    func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) {
        if offset == 4, value & 0xff == 0xfe { reset() }
    }
}

/// ACPI's fixed hardware: the PM1 event and control registers.
///
/// ACPI Specification 6.5, 4.8.3.1 and 4.8.3.2. There are no events. A write of SLP_EN with the sleep type of S5 powers
/// the machine off.
final class ACPIPowerManagement: Device, Stateful {
    let name = "ACPI power management"
    /// The sleep type (SLP_TYP) of S5, power off, which the DSDT's \_S5 reports.
    static let offType: UInt64 = 5
    /// The first port of PM1_STS, followed by PM1_EN and PM1_CNT; each has two bytes.
    static let base: UInt16 = 0x600
    static let size: UInt64 = 6
    /// The GSI of the SCI, which is never asserted because there are no events.
    static let interrupt = 9

    private let off: () -> Void
    /// The state that snapshots save.
    package private(set) var state = State()

    /// The registers.
    package struct State: Equatable, Sendable {
        /// PM1_EN.
        var enabled: UInt64 = 0
        /// PM1_CNT.
        var control = ACPIPowerManagement.initialControl
    }

    /// The value of PM1_CNT at reset: SCI_EN, so that ACPI mode is on from the start.
    fileprivate static let initialControl: UInt64 = 1

    init(off: @escaping () -> Void) {
        self.off = off
    }

    func reset() { state = State() }

    /// Replaces the state.
    package func restore(_ state: State) { self.state = state }

    func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        let registers = state.enabled << 16 | state.control << 32
        return registers >> (8 * offset)
    }

    func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) {
        switch offset {
        case 2: state.enabled = value & 0xffff
        case 4:
            // SLP_EN, bit 13, reads as 0; SLP_TYP is 12:10.
            state.control = value & 0xdfff | Self.initialControl
            if value >> 13 & 1 != 0, value >> 10 & 7 == Self.offType { off() }
        default: return
        }
    }
}
