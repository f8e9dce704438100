import GuestAddresses
package import GuestMemory

/// A machine without its CPUs: memory, bus, devices, device tree, and what it boots.
///
/// Nothing in it is thread-safe and nothing reads a clock: the owner calls from one thread at a time, and gives time
/// and console as closures, so that the same calls have the same effects.
package final class Machine {
    package let board: any Board
    package let vcpuCount: Int
    package let memory: GuestMemory
    package let bus: Bus
    /// x86's I/O ports.
    package let ports = IOPorts()
    private let progress = MachineProgress()
    /// Nil if the interrupt controller is outside of the machine.
    package let interruptController: (any InterruptController)?
    package let flash: [CFIFlash]
    /// Where vCPU 0 starts; the other vCPUs are off.
    package let bootState: BootState
    /// Whether what runs first is at the addresses it was linked for: an ELF, which until it moves itself is.
    package let isLinkedWhereItRuns: Bool
    /// The device tree as the guest gets it; empty on a board that is described to the guest in another way.
    package let deviceTree: [UInt8]

    /// The devices of the board's table, in its order.
    private var peripherals: Peripherals
    private let bootPieces: [BootPlan.Piece]
    private let dma: GuestDMA

    /// Builds the machine and puts the images into its memory.
    ///
    /// - Parameters:
    ///   - disks: one virtio block device for each, in this order.
    ///   - network: what the virtio network device is connected to; there is none without it.
    ///   - interrupts: what delivers the devices' interrupts.
    ///   - entropy: random bits for the virtio entropy device.
    ///   - realTime: seconds since 1970, for the real-time clock.
    ///   - consoleOutput: takes what the guest writes to its console.
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

    /// Restores the state at boot: RAM zeroed, images loaded again, devices reset.
    ///
    /// Flash keeps what the guest programmed, as in a real machine, except in the range of the firmware image. Pending
    /// console input stays as well.
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

    /// Looks whether something outside has changed: frames that have come in go to the guest.
    ///
    /// For the vCPU thread, between turns.
    package func poll() {
        // Deferred work takes long: each call does that of one device, in turns.
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

    /// A device has put something off until the next poll: don't sleep.
    package var hasWorkLeft: Bool { peripherals.transports.contains(where: \.hasWorkLeft) }

    /// Everything that has state besides memory and vCPUs, in an order that is the same for equal configurations.
    package var statefulParts: [any Stateful] {
        var parts: [any Stateful] = [progress]
        parts += flash.map { $0 as any Stateful }
        if let interruptController { parts.append(interruptController) }
        return parts + peripherals.statefulParts
    }

    /// The virtio devices, in the order of their slots.
    package var virtio: [VirtioMMIO] { peripherals.transports }

    /// Puts bytes into the console's input; returns how many it took, the rest may be offered again later.
    package func consoleInput(_ bytes: [UInt8]) -> Int {
        guard let console = peripherals.console else { return 0 }
        let count = console.receive(bytes)
        // A UART has it by now, a virtio console's driver gets it here.
        poll()
        return count
    }

    /// The real-time clock with an alarm, if the machine has one.
    package var rtc: PL031? { peripherals.clocks.first }

    /// The request of the guest to the power control, if any.
    ///
    /// Reading it clears it.
    package func takePowerRequest() -> PowerRequest? {
        defer { progress.state.powerRequest = nil }
        return progress.state.powerRequest
    }
}

/// The machine's own state, besides that of its devices and memory.
final class MachineProgress: Stateful {
    var state = State()

    struct State: Equatable, Sendable {
        /// The pending request to the power control's devices.
        var powerRequest: PowerRequest?
        /// The slot of the virtio device whose turn is next.
        var firstToPoll = 0
    }

    func restore(_ state: State) { self.state = state }
}
