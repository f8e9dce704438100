/// A model of device that boards contain: how to make one, and how a device tree describes it.
package struct DeviceModel: Sendable {
    /// The description in a device tree; nil for a device that is in none.
    let binding: DeviceTreeBinding?
    let make: @Sendable (DeviceConnections) -> any Device

    init(binding: DeviceTreeBinding? = nil, make: @escaping @Sendable (DeviceConnections) -> any Device) {
        self.binding = binding
        self.make = make
    }
}

/// The connections of a board's device to the rest of the machine.
struct DeviceConnections {
    let interrupt: InterruptLine
    /// Receives the console output of the guest.
    let consoleOutput: (UInt8) -> Void
    /// Returns the time in seconds since 1970.
    let realTime: () -> UInt64
    let requestPower: (PowerRequest) -> Void
}

/// A request of the guest to the machine's power control.
package enum PowerRequest: Equatable, Sendable {
    /// Powers the machine off.
    case off
    /// Resets the machine.
    case reset
}

/// The description of a device model in a device tree.
///
/// Linux, Documentation/devicetree/bindings, by `compatible`.
struct DeviceTreeBinding: Sendable {
    /// The node's name, without its unit address.
    var name: String
    var compatible: [String]
    /// The names of its clock inputs, which are all connected to the board's fixed clock.
    var clockNames: [String] = []
    /// `clock-frequency`, in Hz.
    var clockFrequency: UInt32?
    /// Whether the device can be the console.
    var isConsole = false
}

extension DeviceModel {
    /// Arm's PrimeCell UART.
    package static let pl011 = DeviceModel(
        binding: DeviceTreeBinding(
            name: "pl011", compatible: ["arm,pl011", "arm,primecell"], clockNames: ["uartclk", "apb_pclk"],
            isConsole: true)
    ) { PL011(interrupt: $0.interrupt, output: $0.consoleOutput) }

    /// Arm's PrimeCell real-time clock.
    package static let pl031 = DeviceModel(
        binding: DeviceTreeBinding(
            name: "pl031", compatible: ["arm,pl031", "arm,primecell"], clockNames: ["apb_pclk"])
    ) { PL031(interrupt: $0.interrupt, time: $0.realTime) }

    /// National's UART with FIFOs.
    package static let ns16550a = DeviceModel(
        binding: DeviceTreeBinding(
            name: "U6_16550A", compatible: ["ns16550a"], clockFrequency: 1_843_200, isConsole: true)
    ) { NS16550A(interrupt: $0.interrupt, output: $0.consoleOutput) }

    /// Motorola's real-time clock of the PC.
    package static let mc146818 = DeviceModel(
        binding: DeviceTreeBinding(name: "rtc", compatible: ["motorola,mc146818"])
    ) { MC146818(time: $0.realTime) }
}
