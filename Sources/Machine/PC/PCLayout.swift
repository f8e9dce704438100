extension MachineLayout {
    /// A PC without its past: what Linux needs of it, and KVM's interrupt controllers and timer.
    ///
    /// Memory is in `PCMemoryMap`. Ports:
    ///
    ///     0x060, 0x064  8042        reset
    ///     0x070         MC146818    index and data port
    ///     0x3F8         16550A      IRQ 4
    ///     0x600         ACPI        power off
    ///
    /// The 8259s (0x20, 0xA0) and the 8254 (0x40, 0x61) are inside KVM. There is no PCI, no VGA and no firmware.
    package static let pc = MachineLayout(
        name: "pc",
        architecture: .x86_64,
        ramBase: 0,
        minimumMemorySize: 64 << 20,
        maximumMemorySize: 1 << 40,
        maximumVCPUCount: 64,
        // KVM's, which is not this one.
        gic: InterruptController(distributor: 0, redistributors: .from(0), cpuInterface: 0, interruptCount: 32),
        flash: [],
        devices: [
            DevicePlacement(kind: .ns16550a, space: .ports, base: 0x3f8, size: 8, spi: 4),
            DevicePlacement(kind: .mc146818, space: .ports, base: 0x70, size: 2, spi: nil),
        ],
        virtio: VirtioSlots(base: 0xd000_0000, count: 8, firstSPI: 16, vendor: 0x4e4c_5254),
        firmware: .ram,
        images: .behindKernel,
        arguments: KernelArguments(serial: "console=ttyS0", virtio: "console=hvc0", disk: nil),
        timer: TimerInterrupts(securePhysical: 0, physical: 0, virtual: 0, hypervisor: 0),
        style: .qemu
    )
}
