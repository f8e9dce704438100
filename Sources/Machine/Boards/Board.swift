package import GuestAddresses
package import GuestMemory

/// A board: its memory map, devices, interrupt wiring and boot protocol, and its description for the guest.
///
/// `Machine` is built from a board. A new board is a new folder with a value of a type that conforms, and a line in
/// `Boards.all`.
package protocol Board: Sendable {
    /// The name that selects the board.
    var name: String { get }
    /// The architecture of the board's vCPUs.
    var architecture: Architecture { get }
    /// The kind of ELF files that the board's vCPUs run.
    var programs: ELFMachine { get }
    /// The least RAM that the board accepts, in bytes.
    var minimumMemorySize: UInt64 { get }
    /// The most RAM that fits into the memory map, in bytes.
    var maximumMemorySize: UInt64 { get }
    /// The most vCPUs that the board has.
    var maximumVCPUCount: Int { get }
    /// The banks of flash, by index.
    var flash: [FlashBank] { get }
    /// The devices apart from flash, virtio and the interrupt controller.
    ///
    /// The first UART is the console.
    var devices: [DevicePlacement] { get }
    /// The virtio-mmio transports.
    var virtio: VirtioSlots { get }
    /// The arguments that the board adds to a kernel's command line.
    var arguments: KernelArguments { get }

    /// Returns the address ranges of `size` bytes of RAM, in the order of their addresses.
    func ram(size: UInt64) -> [Range<PhysicalAddress>]

    /// Makes the board's own interrupt controller and adds its registers to the bus; returns nil if the board has none.
    ///
    /// Called only if the machine's interrupts are not delivered by an external controller, such as KVM's.
    func makeInterruptController(vcpuCount: Int, on bus: Bus) throws(MachineError) -> (any InterruptController)?

    /// Reads the images of a configuration and places them in memory, with the description of the machine for the
    /// guest.
    ///
    /// - Parameters:
    ///   - memory: The machine's memory, which has its regions already.
    ///   - virtioCount: The number of virtio slots in use.
    func plan(
        _ configuration: MachineConfiguration, memory: GuestMemory, virtioCount: Int, hasDisk: Bool
    ) throws(MachineError) -> BootPlan
}

/// A processor architecture, of a guest or of the host.
///
/// The raw value is the name for display.
package enum Architecture: String, CaseIterable, Sendable {
    /// Arm's 64-bit architecture.
    case aarch64 = "AArch64"
    /// The 64-bit x86 architecture.
    case x86_64 = "x86-64"
}

/// A bank of NOR flash.
package struct FlashBank: Sendable {
    /// The bank's first address.
    package var base: PhysicalAddress
    /// The bank's size in bytes: a power of two of sectors.
    package var size: UInt64
}

/// A device of a board, with its address and interrupt line.
package struct DevicePlacement: Sendable {
    /// The device to make.
    package var model: DeviceModel
    /// The address of the first register.
    package var place: Place
    /// The size of the range of registers, in bytes.
    package var size: UInt64
    /// The level-sensitive interrupt line, by the board's number: an SPI of a GIC, a GSI of a PC; nil if there is none.
    package var line: Int?

    package init(model: DeviceModel, at place: Place, size: UInt64, line: Int?) {
        self.model = model
        self.place = place
        self.size = size
        self.line = line
    }

    /// The address of the first register, in one of the guest's address spaces.
    package enum Place: Sendable {
        /// An address in memory.
        case memory(PhysicalAddress)
        /// The number of the first of x86's I/O ports.
        case ports(UInt16)
    }
}

/// The virtio-mmio transports of a board: adjacent, each with the next edge-triggered interrupt line.
package struct VirtioSlots: Sendable {
    /// The address of the first transport.
    package var base: PhysicalAddress
    /// The number of transports.
    package var count: Int
    /// The interrupt line of the first transport, by the board's number.
    package var firstLine: Int
    /// The value of the transports' VendorID register.
    package var vendor: UInt32

    /// The size of a transport's registers, in bytes.
    package static let size: UInt64 = 0x200

    /// Returns the address of a transport.
    package func base(of slot: Int) -> PhysicalAddress { base + UInt64(slot) * Self.size }
}
