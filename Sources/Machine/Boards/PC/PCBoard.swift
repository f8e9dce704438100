package import GuestAddresses
package import GuestMemory

/// A PC reduced to the hardware that Linux needs, with KVM's interrupt controllers and timer.
///
/// `PCMemoryMap` has the memory map. The I/O ports are:
///
///     0x060, 0x064  8042        reset
///     0x070         MC146818    index and data port
///     0x3F8         16550A      IRQ 4
///     0x600         ACPI        power off
///
/// The 8259s (0x20, 0xA0) and the 8254 (0x40, 0x61) are inside KVM. There is no PCI, no VGA and no firmware. ACPI
/// tables and `boot_params` describe the machine to the guest.
package struct PCBoard: Board {
    /// The only board of this type.
    package static let pc = PCBoard()

    /// The name that selects the board.
    package let name = "pc"
    /// The least RAM: 64 MiB.
    package let minimumMemorySize: UInt64 = 64 << 20
    /// The most RAM: 1 TiB.
    package let maximumMemorySize: UInt64 = 1 << 40
    /// The most vCPUs.
    package let maximumVCPUCount = 64
    /// No flash.
    package let flash: [FlashBank] = []
    /// The devices at I/O ports: UART, real-time clock, reset and power control.
    package let devices = [
        DevicePlacement(model: .ns16550a, at: .ports(0x3f8), size: 8, line: 4),
        DevicePlacement(model: .mc146818, at: .ports(0x70), size: 2, line: nil),
        DevicePlacement(model: .i8042, at: .ports(0x60), size: 5, line: nil),
        DevicePlacement(
            model: .acpiPowerManagement, at: .ports(ACPIPowerManagement.base), size: ACPIPowerManagement.size,
            line: nil),
    ]
    /// The virtio-mmio transports, from GSI 16.
    package let virtio = VirtioSlots(base: 0xd000_0000, count: 8, firstLine: 16, vendor: 0x4e4c_5254)
    /// The arguments that select the console.
    package let arguments = KernelArguments(serial: "console=ttyS0", virtio: "console=hvc0", disk: nil)

    /// Always x86-64.
    package var architecture: Architecture { .x86_64 }
    /// x86-64 ELF files.
    package var programs: ELFMachine { .x86_64 }

    /// Returns RAM below 3 GiB, and the rest from 4 GiB.
    package func ram(size: UInt64) -> [Range<PhysicalAddress>] { PCMemoryMap.ram(size: size) }

    /// Returns nil, because the local APICs and the I/O APIC are inside KVM.
    package func makeInterruptController(
        vcpuCount: Int, on bus: Bus
    ) throws(MachineError) -> (any InterruptController)? { nil }

    /// Reads the images and places them, with page tables, GDT, ACPI tables and `boot_params`.
    package func plan(
        _ configuration: MachineConfiguration, memory: GuestMemory, virtioCount: Int, hasDisk: Bool
    ) throws(MachineError) -> BootPlan {
        let planner = PCBootPlanner(
            board: self, configuration: configuration, memory: memory, virtioCount: virtioCount, hasDisk: hasDisk)
        return try planner.plan()
    }
}

extension BootState {
    /// The initial value of RSI: the address of `boot_params` (Linux, Documentation/arch/x86/boot.rst).
    package var rsi: PhysicalAddress { information }
}

extension ELFMachine {
    /// x86-64 programs: EM_X86_64, with instructions at any address.
    package static let x86_64 = ELFMachine(number: 62, name: "x86-64", linkName: "x86-64", instructionAlignment: 1)
}
