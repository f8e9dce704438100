package import GuestAddresses
package import GuestMemory

/// A board with AArch64 vCPUs, a GIC, generic timers and PSCI, described by a table of values.
///
/// A device tree describes it to the guest. A new board of this kind is a new value; code is needed only for devices
/// that no other board has.
package struct AArch64Board: Board {
    /// The name that selects the board.
    package var name: String
    /// The first address of RAM, which is one range.
    package var ramBase: PhysicalAddress
    /// The least RAM, in bytes.
    package var minimumMemorySize: UInt64
    /// The most RAM that fits above `ramBase`, in bytes.
    package var maximumMemorySize: UInt64
    /// The most vCPUs whose redistributors fit into the memory map.
    package var maximumVCPUCount: Int
    /// The place and version of the GIC.
    package var gic: GICPlacement
    /// The banks of flash, by index.
    package var flash: [FlashBank]
    /// The devices apart from flash, virtio and the GIC; the first UART is the console.
    package var devices: [DevicePlacement]
    /// The virtio-mmio transports.
    package var virtio: VirtioSlots
    /// The place of a firmware image.
    package var firmware: FirmwarePlacement
    /// The places of a kernel's device tree and initrd.
    package var images: ImagePlacement
    /// The arguments that the board adds to a kernel's command line.
    package var arguments: KernelArguments
    /// The interrupts of the generic timers.
    package var timer: TimerInterrupts
    /// The details in which the board's device tree differs from those of other boards.
    package var style: DeviceTreeStyle

    /// Always AArch64.
    package var architecture: Architecture { .aarch64 }
    /// AArch64 ELF files.
    package var programs: ELFMachine { .aarch64 }

    /// The place of the GIC's registers in guest-physical memory.
    package struct GICPlacement: Sendable {
        /// The base of the distributor, GICD.
        package var distributor: PhysicalAddress
        /// The base or the end of the redistributors, GICR.
        package var redistributors: RedistributorPlacement
        /// The base of the CPU interface, GICC, for a GICv2; unused for a GICv3.
        package var cpuInterface: PhysicalAddress
        /// The version of the GIC: 3, unless KVM's host has no GICv3.
        package var version = GICVersion.v3
        /// The number of INTIDs, counted from 0: a multiple of 32.
        package var interruptCount: Int
    }

    /// The version of the interrupt controller.
    ///
    /// A GICv2 is used only with KVM on a host that has no GICv3.
    package enum GICVersion: Sendable {
        /// Arm Generic Interrupt Controller, architecture version 2.
        case v2
        /// Arm Generic Interrupt Controller, architecture version 3.
        case v3
    }

    /// The place of the redistributors, which take 128 KiB for each vCPU.
    package enum RedistributorPlacement: Sendable {
        /// The address of the first redistributor.
        case from(PhysicalAddress)
        /// The address after the last redistributor, so that the base depends on the number of vCPUs.
        case upTo(PhysicalAddress)
    }

    /// The place of a firmware image, which is entered at its first byte.
    package enum FirmwarePlacement: Sendable {
        /// A flash bank, by index. The device tree goes to the start of RAM.
        case flash(bank: Int)
        /// The start of RAM. The device tree goes to the next 2 MiB boundary after the image.
        case ram
    }

    /// The places of a kernel's device tree and initrd.
    package enum ImagePlacement: Sendable {
        /// The device tree at the next 2 MiB boundary after the kernel, and the initrd after the device tree.
        case behindKernel
        /// The device tree at the end of the first `size` bytes of RAM, and the initrd below it.
        case downFrom(size: UInt64)
    }

    /// The generic timers' private peripheral interrupts, as PPI numbers: PPI 0 is INTID 16.
    package struct TimerInterrupts: Sendable {
        /// The EL3 physical timer's PPI.
        package var securePhysical: Int
        /// The EL1 physical timer's PPI.
        package var physical: Int
        /// The EL1 virtual timer's PPI.
        package var virtual: Int
        /// The EL2 physical timer's PPI.
        package var hypervisor: Int
    }

    /// Returns one range of RAM from `ramBase`.
    package func ram(size: UInt64) -> [Range<PhysicalAddress>] { [ramBase..<ramBase + size] }

    /// Makes a GICv3 and adds its distributor and redistributors to the bus.
    package func makeInterruptController(
        vcpuCount: Int, on bus: Bus
    ) throws(MachineError) -> (any InterruptController)? {
        let controller = GICv3(
            affinities: (0..<vcpuCount).map(Self.affinity(vcpu:)), interruptCount: gic.interruptCount)
        try bus.add(GICDistributor(controller), at: gic.distributor, size: GICDistributor.size)
        try bus.add(
            GICRedistributors(controller), at: redistributorBase(vcpuCount: vcpuCount),
            size: UInt64(vcpuCount) * GICRedistributors.sizePerVCPU)
        return controller
    }

    /// Reads the images and places them, the device tree included.
    package func plan(
        _ configuration: MachineConfiguration, memory: GuestMemory, virtioCount: Int, hasDisk: Bool
    ) throws(MachineError) -> BootPlan {
        let planner = AArch64BootPlanner(
            self, configuration, memory: memory, virtioCount: virtioCount, hasDisk: hasDisk)
        var plan = try planner.plan()
        plan.deviceTree = plan.information.bytes
        return plan
    }

    /// Returns the address of the first redistributor of a machine with so many vCPUs.
    package func redistributorBase(vcpuCount: Int) -> PhysicalAddress {
        switch gic.redistributors {
        case .from(let base): base
        case .upTo(let end): end - UInt64(vcpuCount) * GICRedistributors.sizePerVCPU
        }
    }

    /// The affinity fields of a vCPU's MPIDR_EL1.
    ///
    /// Aff0 counts to 15, because one SGI can reach 16 vCPUs of a cluster.
    package static func affinity(vcpu: Int) -> UInt64 {
        UInt64(vcpu / 16) << 8 | UInt64(vcpu % 16)
    }
}
