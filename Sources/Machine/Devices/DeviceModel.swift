/// A model of device that boards place: how one is made, and how a device tree describes it.
package struct DeviceModel: Sendable {
    /// Nil for a device that no device tree describes.
    let binding: DeviceTreeBinding?
    let make: @Sendable (DeviceConnections) -> any Device

    init(binding: DeviceTreeBinding? = nil, make: @escaping @Sendable (DeviceConnections) -> any Device) {
        self.binding = binding
        self.make = make
    }
}

/// What a device of a board may be connected to.
struct DeviceConnections {
    let interrupt: InterruptLine
    /// Takes what the guest sends to the console.
    let consoleOutput: (UInt8) -> Void
    /// Seconds since 1970.
    let realTime: () -> UInt64
    let requestPower: (PowerRequest) -> Void
}

/// A request of the guest to the machine's power control.
package enum PowerRequest: Equatable, Sendable {
    case off
    case reset
}

/// The description of a device model in a device tree.
///
/// Linux, Documentation/devicetree/bindings, by `compatible`.
struct DeviceTreeBinding: Sendable {
    /// The node's name, without its unit address.
    var name: String
    var compatible: [String]
    /// The names of its clocks, which are all the board's fixed clock.
    var clockNames: [String] = []
    /// `clock-frequency`, in Hz.
    var clockFrequency: UInt32?
    /// Whether the device can be the console.
    var isConsole = false
}

extension DeviceModel {
    package static let pl011 = DeviceModel(
        binding: DeviceTreeBinding(
            name: "pl011", compatible: ["arm,pl011", "arm,primecell"], clockNames: ["uartclk", "apb_pclk"],
            isConsole: true)
    ) { PL011(interrupt: $0.interrupt, output: $0.consoleOutput) }

    package static let pl031 = DeviceModel(
        binding: DeviceTreeBinding(
            name: "pl031", compatible: ["arm,pl031", "arm,primecell"], clockNames: ["apb_pclk"])
    ) { PL031(interrupt: $0.interrupt, time: $0.realTime) }

    package static let ns16550a = DeviceModel(
        binding: DeviceTreeBinding(
            name: "U6_16550A", compatible: ["ns16550a"], clockFrequency: 1_843_200, isConsole: true)
    ) { NS16550A(interrupt: $0.interrupt, output: $0.consoleOutput) }

    package static let mc146818 = DeviceModel(
        binding: DeviceTreeBinding(name: "rtc", compatible: ["motorola,mc146818"])
    ) { MC146818(time: $0.realTime) }
}
