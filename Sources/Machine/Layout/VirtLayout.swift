extension MachineLayout {
    /// QEMU's `virt`, which U-Boot, UEFI and most bare-metal images for AArch64 know.
    ///
    ///     0x0000_0000  flash 0     64 MiB   firmware
    ///     0x0400_0000  flash 1     64 MiB   the firmware's variables
    ///     0x0800_0000  GICD        64 KiB
    ///     0x080A_0000  GICR       128 KiB for each vCPU, up to 123
    ///     0x0900_0000  PL011        4 KiB   SPI 1
    ///     0x0901_0000  PL031        4 KiB   SPI 2
    ///     0x0A00_0000  virtio     512 bytes for each, up to 32   SPI 16 to 47
    ///     0x4000_0000  RAM
    ///
    /// QEMU's other devices (fw_cfg, PCIe, GPIO) are found by the device tree, which has none of them.
    package static let virt = MachineLayout(
        name: "virt",
        ramBase: 0x4000_0000,
        minimumMemorySize: 1 << 20,
        maximumMemorySize: 255 << 30,
        maximumVCPUCount: 123,
        gic: InterruptController(
            distributor: 0x0800_0000, redistributors: .from(0x080A_0000), cpuInterface: 0x0801_0000,
            interruptCount: 288),
        flash: [
            FlashBank(base: 0x0000_0000, size: 64 << 20),
            FlashBank(base: 0x0400_0000, size: 64 << 20),
        ],
        devices: [
            DevicePlacement(kind: .pl011, base: 0x0900_0000, size: 0x1000, spi: 1),
            DevicePlacement(kind: .pl031, base: 0x0901_0000, size: 0x1000, spi: 2),
        ],
        virtio: VirtioSlots(base: 0x0A00_0000, count: 32, firstSPI: 16, vendor: 0x554D_4551),
        firmware: .flash(bank: 0),
        images: .behindKernel,
        // The UART is the console by `stdout-path`.
        arguments: KernelArguments(serial: nil, virtio: "console=hvc0", disk: nil),
        timer: TimerInterrupts(securePhysical: 13, physical: 14, virtual: 11, hypervisor: 10),
        style: .qemu
    )

    /// Every layout `--machine` can name.
    package static let all: [MachineLayout] = [.virt, .kvmtool, .pc]
}
