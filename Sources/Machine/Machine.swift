import GuestAddresses
package import GuestMemory

/// A machine without its vCPUs: memory, bus, devices, device tree, and the images to boot.
///
/// Nothing in it is thread-safe, and nothing reads a clock. The owner makes calls from one thread at a time and passes
/// time and console as closures, so that equal calls have equal effects.
package final class Machine {
    /// The board that the machine was built from.
    package let board: any Board
    /// The number of vCPUs, powered-off ones included.
    package let vcpuCount: Int
    /// RAM and flash.
    package let memory: GuestMemory
    /// The devices in memory.
    package let bus: Bus
    /// x86's I/O ports.
    package let ports = IOPorts()
    private let progress = MachineProgress()
    /// The board's own interrupt controller; nil if interrupts are delivered from outside the machine.
    package let interruptController: (any InterruptController)?
    /// The banks of flash, in the order of the board's table.
    package let flash: [CFIFlash]
    /// The initial registers of vCPU 0; the other vCPUs are off.
    package let bootState: BootState
    /// Whether the first program runs at the addresses it was linked for.
    ///
    /// True for an ELF file, until the program relocates itself.
    package let isLinkedWhereItRuns: Bool
    /// The device tree for the guest; empty on a board that is described to the guest in another way.
    package let deviceTree: [UInt8]

    /// The devices of the board's table and the virtio devices.
    private var peripherals: Peripherals
    private let bootPieces: [BootPlan.Piece]
    private let dma: GuestDMA

    /// Builds the machine and loads the images into its memory.
    ///
    /// - Parameters:
    ///   - disks: The storage of each virtio block device, in the order of their slots.
    ///   - network: The link of the virtio network device; without it there is no such device.
    ///   - interrupts: The controller that delivers the devices' interrupts.
    ///   - entropy: Returns random bits for the virtio entropy device.
    ///   - realTime: Returns seconds since 1970 for the real-time clock.
    ///   - consoleOutput: Receives each byte that the guest writes to its console.
    package init(
        _ configuration: MachineConfiguration, disks: [any BlockStorage] = [], network: (any NetworkLink)? = nil,
        interrupts: InterruptDelivery = .emulated, entropy: @escaping () -> UInt64 = { 0 },
        realTime: @escaping () -> UInt64 = { 0 },
        consoleOutput: @escaping (UInt8) -> Void = { _ in }
    ) throws(MachineError) {
        try configuration.validate()
        board = configuration.board
        vcpuCount = configuration.vcpuCount
        memory = GuestMemory()
        bus = Bus()
        for range in board.ram(size: configuration.memorySize) {
            try memory.add(
                name: "RAM", kind: .ram, base: range.lowerBound, size: range.upperBound - range.lowerBound)
        }
        dma = GuestDMA(memory)
        var flash: [CFIFlash] = []
        for (index, bank) in board.flash.enumerated() {
            let region = try memory.add(
                name: "flash \(index)", kind: .flash, base: bank.base, size: bank.size)
            let device = CFIFlash(region: region, in: memory)
            try bus.add(device, at: bank.base, size: bank.size)
            flash.append(device)
        }
        self.flash = flash
        let setLine: (Int, Bool) -> Void
        switch interrupts {
        case .external(let outside):
            interruptController = nil
            setLine = outside
        case .emulated:
            let controller = try board.makeInterruptController(vcpuCount: vcpuCount, on: bus)
            interruptController = controller
            setLine = { controller?.setLine($0, level: $1) }
        }
        peripherals = try Peripherals(
            board.devices, bus: bus, ports: ports, setLine: setLine, realTime: realTime, consoleOutput: consoleOutput,
            requestPower: { [progress] in progress.state.powerRequest = $0 })
        try peripherals.addVirtio(
            Peripherals.virtioDevices(
                disks: disks, network: network, console: configuration.console, entropy: entropy,
                consoleOutput: consoleOutput),
            board, bus: bus, setLine: setLine, dma: dma)
        let plan = try board.plan(
            configuration, memory: memory, virtioCount: peripherals.transports.count, hasDisk: !disks.isEmpty)
        bootState = plan.state
        isLinkedWhereItRuns = plan.isELF
        deviceTree = plan.deviceTree
        bootPieces = plan.allPieces
        for piece in bootPieces {
            do throws(MemoryError) {
                try load(piece)
            } catch {
                throw .notMemory(piece.name, error)
            }
        }
    }

    /// Resets the machine to its state at boot: RAM is zeroed, images are loaded again, and devices are reset.
    ///
    /// Flash keeps the content that the guest programmed, as on a real machine, except in the range of the firmware
    /// image. Pending console input also stays.
    package func reset() throws(MemoryError) {
        for region in memory.regions where region.kind == .ram { region.clear() }
        for bank in flash { bank.reset() }
        interruptController?.reset()
        progress.state = MachineProgress.State()
        peripherals.reset()
        for piece in bootPieces { try load(piece) }
    }

    private func load(_ piece: BootPlan.Piece) throws(MemoryError) {
        let address = piece.address
        try memory.write(address, piece.bytes)
        // The rest of the piece is zero in RAM already.
        let rest = piece.size - UInt64(piece.bytes.count)
        if rest > 0, !piece.bytes.isEmpty, memory.region(at: address)?.kind == .flash {
            try memory.write(address + UInt64(piece.bytes.count), [UInt8](repeating: 0, count: Int(rest)))
        }
    }

    /// Polls the virtio devices: passes arrived input to the guest, and does deferred work.
    ///
    /// Called on the vCPU thread between turns.
    package func poll() {
        // Deferred work takes long, so each call does that of only one device, in rotation.
        var isLate = false
        for offset in peripherals.transports.indices {
            let index = (progress.state.firstToPoll + offset) % peripherals.transports.count
            let transport = peripherals.transports[index]
            if transport.hasWorkLeft {
                if isLate { continue }
                isLate = true
                progress.state.firstToPoll = index + 1
            }
            transport.poll()
        }
    }

    /// Whether a device has deferred work to the next poll, so that the vCPU thread must not sleep.
    package var hasWorkLeft: Bool { peripherals.transports.contains(where: \.hasWorkLeft) }

    /// All parts with state besides memory and vCPUs, in an order that is the same for equal configurations.
    package var statefulParts: [any Stateful] {
        var parts: [any Stateful] = [progress]
        parts += flash.map { $0 as any Stateful }
        if let interruptController { parts.append(interruptController) }
        return parts + peripherals.statefulParts
    }

    /// The virtio devices, in the order of their slots.
    package var virtio: [VirtioMMIO] { peripherals.transports }

    /// Appends bytes to the console's input; returns the number of bytes accepted.
    ///
    /// The caller may offer the rest again later.
    package func consoleInput(_ bytes: [UInt8]) -> Int {
        guard let console = peripherals.console else { return 0 }
        let count = console.receive(bytes)
        // A UART has the input already; a virtio console passes it to the guest in a poll.
        poll()
        return count
    }

    /// The real-time clock with an alarm, if the machine has one.
    package var rtc: PL031? { peripherals.clocks.first }

    /// The pending request of the guest to the power control, if any.
    ///
    /// Reading it clears it.
    package func takePowerRequest() -> PowerRequest? {
        defer { progress.state.powerRequest = nil }
        return progress.state.powerRequest
    }
}

/// The machine's own state, without that of its devices and memory.
final class MachineProgress: Stateful {
    var state = State()

    struct State: Equatable, Sendable {
        /// The pending request of the guest to the power control.
        var powerRequest: PowerRequest?
        /// The slot of the virtio device whose deferred work is next.
        var firstToPoll = 0
    }

    func restore(_ state: State) { self.state = state }
}
