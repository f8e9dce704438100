import GuestMemory

/// The devices of a machine besides its interrupt controller and its flash.
struct Peripherals {
    private(set) var transports: [VirtioMMIO] = []
    private(set) var clocks: [PL031] = []
    /// Where input goes to.
    private(set) var console: (any ConsoleDevice)?
    private var resets: [() -> Void] = []

    /// Makes the devices of a layout's table; the first UART is connected to the console.
    init(
        _ placements: [MachineLayout.DevicePlacement], bus: Bus, ports: Bus, setSPI: @escaping (Int, Bool) -> Void,
        realTime: @escaping () -> UInt64, consoleOutput: @escaping (UInt8) -> Void
    ) throws(MachineError) {
        for placement in placements {
            let bus = placement.space == .ports ? ports : bus
            let interrupt = Self.line(placement.spi, setSPI)
            let output = console == nil ? consoleOutput : { _ in }
            switch placement.kind {
            case .pl011:
                let uart = PL011(interrupt: interrupt, output: output)
                try add(uart, at: placement, bus) { uart.reset() }
                console = console ?? uart
            case .ns16550a:
                let uart = NS16550A(interrupt: interrupt, output: output)
                try add(uart, at: placement, bus) { uart.reset() }
                console = console ?? uart
            case .pl031:
                let clock = PL031(interrupt: interrupt, time: realTime)
                try add(clock, at: placement, bus) { clock.reset() }
                clocks.append(clock)
            case .mc146818:
                let clock = MC146818(time: realTime)
                try add(clock, at: placement, bus) { clock.reset() }
            }
        }
    }

    private static func line(_ spi: Int?, _ setSPI: @escaping (Int, Bool) -> Void) -> InterruptLine {
        { level in
            if let spi { setSPI(spi, level) }
        }
    }

    private mutating func add(
        _ device: any Device, at placement: MachineLayout.DevicePlacement, _ bus: Bus, reset: @escaping () -> Void
    ) throws(MachineError) {
        try bus.add(device, at: placement.base, size: placement.size)
        resets.append(reset)
    }

    /// What there is behind the slots, in their order: disks, network, console, entropy.
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

    /// Puts devices into the layout's slots; a virtio console takes the input from the UART.
    mutating func addVirtio(
        _ devices: [any VirtioDevice], _ layout: MachineLayout, bus: Bus, setSPI: @escaping (Int, Bool) -> Void,
        dma: GuestDMA
    ) throws(MachineError) {
        let slots = layout.virtio
        guard devices.count <= slots.count else {
            throw MachineError(
                .configuration,
                "\(devices.count) virtio devices: machine \(layout.name) has room for \(slots.count); give fewer disks")
        }
        for (slot, device) in devices.enumerated() {
            let transport = VirtioMMIO(
                device, vendor: slots.vendor, dma: dma, interrupt: Self.line(slots.firstSPI + slot, setSPI))
            try bus.add(transport, at: slots.base(of: slot), size: MachineLayout.VirtioSlots.size)
            transports.append(transport)
            resets.append { transport.reset() }
            if let console = device as? any ConsoleDevice { self.console = console }
        }
    }

    /// Adds a PC's power control.
    mutating func addPower(ports: Bus, request: @escaping (PowerRequest) -> Void) throws(MachineError) {
        let keyboard = I8042 { request(.reset) }
        try ports.add(keyboard, at: 0x60, size: 5)
        let power = ACPIPowerManagement { request(.off) }
        try ports.add(power, at: ACPIPowerManagement.base, size: ACPIPowerManagement.size)
        resets.append { power.reset() }
    }

    func reset() {
        for reset in resets { reset() }
    }
}
