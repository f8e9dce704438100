import GuestMemory

/// The devices of a machine apart from its interrupt controller and its flash.
struct Peripherals {
    private(set) var transports: [VirtioMMIO] = []
    private(set) var clocks: [PL031] = []
    /// The device that receives console input.
    private(set) var console: (any ConsoleDevice)?
    private var devices: [any Device] = []

    /// Makes the devices of a board's table, and connects the first UART to the console.
    init(
        _ placements: [DevicePlacement], bus: Bus, ports: IOPorts, setLine: @escaping (Int, Bool) -> Void,
        realTime: @escaping () -> UInt64, consoleOutput: @escaping (UInt8) -> Void,
        requestPower: @escaping (PowerRequest) -> Void
    ) throws(MachineError) {
        for placement in placements {
            let connections = DeviceConnections(
                interrupt: Self.line(placement.line, setLine),
                consoleOutput: console == nil ? consoleOutput : { _ in },
                realTime: realTime, requestPower: requestPower)
            let device = placement.model.make(connections)
            switch placement.place {
            case .memory(let base): try bus.add(device, at: base, size: placement.size)
            case .ports(let port): try ports.add(device, at: port, size: placement.size)
            }
            devices.append(device)
            console = console ?? (device as? any ConsoleDevice)
            if let clock = device as? PL031 { clocks.append(clock) }
        }
    }

    private static func line(_ number: Int?, _ setLine: @escaping (Int, Bool) -> Void) -> InterruptLine {
        { level in
            if let number { setLine(number, level) }
        }
    }

    /// Makes the virtio devices in the order of their slots: disks, network, console, entropy.
    static func virtioDevices(
        disks: [any BlockStorage], network: (any NetworkLink)?, console: ConsoleKind,
        entropy: @escaping () -> UInt64, consoleOutput: @escaping (UInt8) -> Void
    ) -> [any VirtioDevice] {
        var devices: [any VirtioDevice] = disks.map { VirtioBlock($0) }
        if let network { devices.append(VirtioNetwork(network)) }
        if console == .virtio { devices.append(VirtioConsole(output: consoleOutput)) }
        devices.append(VirtioEntropy(source: entropy))
        return devices
    }

    /// Adds virtio devices to the board's slots.
    ///
    /// A virtio console replaces the UART as the receiver of console input.
    mutating func addVirtio(
        _ devices: [any VirtioDevice], _ board: any Board, bus: Bus, setLine: @escaping (Int, Bool) -> Void,
        dma: GuestDMA
    ) throws(MachineError) {
        let slots = board.virtio
        guard devices.count <= slots.count else {
            throw .virtioDeviceCount(devices.count, board: board.name, slots: slots.count)
        }
        for (slot, device) in devices.enumerated() {
            let transport = VirtioMMIO(
                device, vendor: slots.vendor, dma: dma, interrupt: Self.line(slots.firstLine + slot, setLine))
            try bus.add(transport, at: slots.base(of: slot), size: VirtioSlots.size)
            transports.append(transport)
            self.devices.append(transport)
            if let console = device as? any ConsoleDevice { self.console = console }
        }
    }

    var statefulParts: [any Stateful] {
        devices.compactMap { $0 as? any Stateful } + transports.map { $0.device as any Stateful }
    }

    func reset() {
        for device in devices { device.reset() }
    }
}
