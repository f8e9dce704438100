import GuestAddresses

extension AArch64Board {
    /// kvmtool's machine for arm64.
    ///
    ///     0x0100_0000  16550A      4 of them, 4 KiB apart   SPI 0 to 3
    ///     0x0101_0000  MC146818    index and data port
    ///     0x0300_0000  virtio      512 bytes for each       SPI 4 and up
    ///     …0x3FFE_FFFF GICR        128 KiB for each vCPU, up to 123, ending here
    ///     0x3FFF_0000  GICD        64 KiB
    ///     0x8000_0000  RAM
    ///
    /// PCIe, the ITS, flash and the page for stolen time are not modeled: their addresses in kvmtool's map are empty,
    /// and the device tree describes none of them.
    package static let kvmtool = AArch64Board(
        name: "kvmtool",
        ramBase: 0x8000_0000,
        minimumMemorySize: 64 << 20,
        maximumMemorySize: 254 << 30,
        maximumVCPUCount: 123,
        gic: GICPlacement(
            distributor: 0x3FFF_0000, redistributors: .upTo(0x3FFF_0000), cpuInterface: 0x3FFD_0000,
            interruptCount: 256),
        flash: [],
        devices: (0..<4).map { (index: UInt64) in
            DevicePlacement(
                model: .ns16550a, at: .memory(PhysicalAddress(0x0100_0000) + index * 0x1000), size: 8, line: Int(index))
        }
            + [DevicePlacement(model: .mc146818, at: .memory(0x0101_0000), size: 2, line: nil)],
        virtio: VirtioSlots(base: 0x0300_0000, count: 64, firstLine: 4, vendor: 0x4D56_4B4C),
        firmware: .ram,
        images: .downFrom(size: 256 << 20),
        arguments: KernelArguments(serial: "console=ttyS0", virtio: "console=hvc0", disk: "root=/dev/vda rw"),
        timer: TimerInterrupts(securePhysical: 13, physical: 14, virtual: 11, hypervisor: 10),
        style: .kvmtool
    )
}

extension DeviceTreeStyle {
    /// The style of kvmtool's device trees.
    package static let kvmtool = DeviceTreeStyle(
        model: nil, hasUnitAddresses: false, namesConsoleByAlias: true, kaslrSeed: 0,
        cpuCompatible: "arm,arm-v8", omitsEnableMethodForOne: true,
        psciCompatible: ["arm,psci-0.2", "arm,psci"],
        psciFunctions: psciFunctions + [PSCIFunction(name: "migrate", number: 0xC400_0005)],
        timerTrigger: .levelLow, detailsInterruptController: false, virtioName: "virtio")
}
