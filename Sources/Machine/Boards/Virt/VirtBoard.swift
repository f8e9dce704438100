import GuestAddresses

extension AArch64Board {
    /// QEMU's `virt` machine, which U-Boot, UEFI and most bare-metal images for AArch64 support.
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
    /// QEMU's other devices (fw_cfg, PCIe, GPIO) are not modeled. Guests find devices through the device tree, which
    /// does not list them.
    package static let virt = AArch64Board(
        name: "virt",
        ramBase: 0x4000_0000,
        minimumMemorySize: 1 << 20,
        maximumMemorySize: 255 << 30,
        maximumVCPUCount: 123,
        gic: GICPlacement(
            distributor: 0x0800_0000, redistributors: .from(0x080A_0000), cpuInterface: 0x0801_0000,
            interruptCount: 288),
        flash: [
            FlashBank(base: 0x0000_0000, size: 64 << 20),
            FlashBank(base: 0x0400_0000, size: 64 << 20),
        ],
        devices: [
            DevicePlacement(model: .pl011, at: .memory(0x0900_0000), size: 0x1000, line: 1),
            DevicePlacement(model: .pl031, at: .memory(0x0901_0000), size: 0x1000, line: 2),
        ],
        virtio: VirtioSlots(base: 0x0A00_0000, count: 32, firstLine: 16, vendor: 0x554D_4551),
        firmware: .flash(bank: 0),
        images: .behindKernel,
        // `stdout-path` makes the UART the console, so it needs no argument.
        arguments: KernelArguments(serial: nil, virtio: "console=hvc0", disk: nil),
        timer: TimerInterrupts(securePhysical: 13, physical: 14, virtual: 11, hypervisor: 10),
        style: .qemu
    )
}

extension DeviceTreeStyle {
    /// The style of QEMU's `virt`.
    package static let qemu = DeviceTreeStyle(
        model: "linux,dummy-virt", hasUnitAddresses: true, namesConsoleByAlias: false, kaslrSeed: nil,
        cpuCompatible: "arm,armv8", omitsEnableMethodForOne: false,
        psciCompatible: ["arm,psci-1.0", "arm,psci-0.2", "arm,psci"], psciFunctions: psciFunctions,
        timerTrigger: .levelHigh, detailsInterruptController: true, virtioName: "virtio_mmio")
}
