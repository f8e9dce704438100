import GuestAddresses
import GuestMemory
import Machine

/// A board of one RAM range, with a UART and no interrupt controller.
struct ToyBoard: Board {
    static let ramBase: PhysicalAddress = 0x4000_0000

    let name = "toy"
    // The list of architectures is what a real one has a case in.
    let architecture = Architecture.aarch64
    let programs = ELFMachine.aarch64
    let minimumMemorySize: UInt64 = 2 << 20
    let maximumMemorySize: UInt64 = 64 << 20
    let maximumVCPUCount = 2
    let flash: [FlashBank] = []
    let devices = [DevicePlacement(model: .ns16550a, at: .memory(0x1000), size: 8, line: nil)]
    let virtio = AArch64Board.virt.virtio
    let arguments = AArch64Board.virt.arguments

    func ram(size: UInt64) -> [Range<PhysicalAddress>] { [Self.ramBase..<Self.ramBase + size] }

    func makeInterruptController(vcpuCount: Int, on bus: Bus) throws(MachineError) -> (any InterruptController)? { nil }

    /// The firmware goes to the start of RAM.
    func plan(
        _ configuration: MachineConfiguration, memory: GuestMemory, virtioCount: Int, hasDisk: Bool
    ) throws(MachineError) -> BootPlan {
        var board = AArch64Board.virt
        board.flash = []
        board.firmware = .ram
        return try board.plan(configuration, memory: memory, virtioCount: virtioCount, hasDisk: hasDisk)
    }
}
