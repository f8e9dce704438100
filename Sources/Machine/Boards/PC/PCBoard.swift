package import GuestAddresses
package import GuestMemory

/// A PC reduced to what Linux needs, with KVM's interrupt controllers and timer.
///
/// Memory is in `PCMemoryMap`. Ports:
///
///     0x060, 0x064  8042        reset
///     0x070         MC146818    index and data port
///     0x3F8         16550A      IRQ 4
///     0x600         ACPI        power off
///
/// The 8259s (0x20, 0xA0) and the 8254 (0x40, 0x61) are inside KVM. There is no PCI, no VGA and no firmware. ACPI tables
/// and `boot_params` describe the machine to the guest.
package struct PCBoard: Board {
    package static let pc = PCBoard()

    package let name = "pc"
    package let minimumMemorySize: UInt64 = 64 << 20
    package let maximumMemorySize: UInt64 = 1 << 40
    package let maximumVCPUCount = 64
    package let flash: [FlashBank] = []
    package let devices = [
        DevicePlacement(model: .ns16550a, at: .ports(0x3f8), size: 8, line: 4),
        DevicePlacement(model: .mc146818, at: .ports(0x70), size: 2, line: nil),
        DevicePlacement(model: .i8042, at: .ports(0x60), size: 5, line: nil),
        DevicePlacement(
            model: .acpiPowerManagement, at: .ports(ACPIPowerManagement.base), size: ACPIPowerManagement.size,
            line: nil),
    ]
    package let virtio = VirtioSlots(base: 0xd000_0000, count: 8, firstLine: 16, vendor: 0x4e4c_5254)
    package let arguments = KernelArguments(serial: "console=ttyS0", virtio: "console=hvc0", disk: nil)

    package var architecture: Architecture { .x86_64 }
    package var programs: ELFMachine { .x86_64 }

    package func ram(size: UInt64) -> [Range<PhysicalAddress>] { PCMemoryMap.ram(size: size) }

    /// Makes none: the local APICs and the I/O APIC are KVM's.
    package func makeInterruptController(
        vcpuCount: Int, on bus: Bus
    ) throws(MachineError) -> (any InterruptController)? { nil }

    package func plan(
        _ configuration: MachineConfiguration, memory: GuestMemory, virtioCount: Int, hasDisk: Bool
    ) throws(MachineError) -> BootPlan {
        let planner = PCBootPlanner(
            board: self, configuration: configuration, memory: memory, virtioCount: virtioCount, hasDisk: hasDisk)
        return try planner.plan()
    }
}

extension BootState {
    /// The register that has the address of `boot_params` (Linux, Documentation/arch/x86/boot.rst).
    package var rsi: PhysicalAddress { information }
}

extension ELFMachine {
    /// EM_X86_64.
    package static let x86_64 = ELFMachine(number: 62, name: "x86-64", linkName: "x86-64", instructionAlignment: 1)
}
