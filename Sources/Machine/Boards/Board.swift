package import GuestAddresses
package import GuestMemory

/// A board: its memory map, devices, interrupt wiring and boot protocol, and how it is described to the guest.
///
/// `Machine` builds itself from one of these. A new board is a new folder with a value of a type that conforms, and a
/// line in `Boards.all`.
package protocol Board: Sendable {
    /// The name that users choose the board by.
    var name: String { get }
    var architecture: Architecture { get }
    /// The ELF files that the board's processor runs.
    var programs: ELFMachine { get }
    var minimumMemorySize: UInt64 { get }
    /// The most RAM that fits into the memory map.
    var maximumMemorySize: UInt64 { get }
    var maximumVCPUCount: Int { get }
    var flash: [FlashBank] { get }
    /// The devices apart from flash, virtio and the interrupt controller. The first UART is the console.
    var devices: [DevicePlacement] { get }
    var virtio: VirtioSlots { get }
    var arguments: KernelArguments { get }

    /// The address ranges of RAM when a machine has this much of it.
    func ram(size: UInt64) -> [Range<PhysicalAddress>]

    /// Makes the board's own interrupt controller and adds its registers to the bus; nil if the board has none.
    ///
    /// Called only if the interrupts are not delivered from outside.
    func makeInterruptController(vcpuCount: Int, on bus: Bus) throws(MachineError) -> (any InterruptController)?

    /// Reads the images of a configuration and finds a place for each, and for the guest's description of the machine.
    ///
    /// - Parameters:
    ///   - memory: has its regions already.
    ///   - virtioCount: the number of virtio slots in use.
    func plan(
        _ configuration: MachineConfiguration, memory: GuestMemory, virtioCount: Int, hasDisk: Bool
    ) throws(MachineError) -> BootPlan
}

/// A processor architecture, of a guest or of the host.
///
/// The raw value is its name for people.
package enum Architecture: String, CaseIterable, Sendable {
    case aarch64 = "AArch64"
    case x86_64 = "x86-64"
}

package struct FlashBank: Sendable {
    package var base: PhysicalAddress
    package var size: UInt64
}

package struct DevicePlacement: Sendable {
    package var model: DeviceModel
    package var place: Place
    package var size: UInt64
    /// The interrupt line, level-sensitive, by the board's number: an SPI of a GIC, a GSI of a PC.
    package var line: Int?

    package init(model: DeviceModel, at place: Place, size: UInt64, line: Int?) {
        self.model = model
        self.place = place
        self.size = size
        self.line = line
    }

    /// The address of the first register, in one of the guest's address spaces.
    package enum Place: Sendable {
        case memory(PhysicalAddress)
        /// x86's I/O ports.
        case ports(UInt16)
    }
}

/// Where the virtio devices are: adjacent transports, each with the next interrupt line, edge-triggered.
package struct VirtioSlots: Sendable {
    package var base: PhysicalAddress
    package var count: Int
    package var firstLine: Int
    /// The value of the transports' VendorID register.
    package var vendor: UInt32

    package static let size: UInt64 = 0x200

    package func base(of slot: Int) -> PhysicalAddress { base + UInt64(slot) * Self.size }
}
