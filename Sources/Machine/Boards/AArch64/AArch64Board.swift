package import GuestAddresses
package import GuestMemory

/// A board with AArch64 vCPUs, as data: a GIC, generic timers, PSCI, and a device tree that describes it.
///
/// A new board of this kind is a new table, with code only for devices that no table had before.
package struct AArch64Board: Board {
    package var name: String
    package var ramBase: PhysicalAddress
    package var minimumMemorySize: UInt64
    /// The most RAM that fits above `ramBase`.
    package var maximumMemorySize: UInt64
    package var maximumVCPUCount: Int
    package var gic: GICPlacement
    package var flash: [FlashBank]
    package var devices: [DevicePlacement]
    package var virtio: VirtioSlots
    package var firmware: FirmwarePlacement
    package var images: ImagePlacement
    package var arguments: KernelArguments
    package var timer: TimerInterrupts
    package var style: DeviceTreeStyle

    package var architecture: Architecture { .aarch64 }
    package var programs: ELFMachine { .aarch64 }

    package struct GICPlacement: Sendable {
        package var distributor: PhysicalAddress
        package var redistributors: RedistributorPlacement
        /// Where the CPU interface is if it is a GICv2.
        package var cpuInterface: PhysicalAddress
        package var version = GICVersion.v3
        /// INTIDs from 0, a multiple of 32.
        package var interruptCount: Int
    }

    /// The version of the interrupt controller: a GICv2 only where KVM's host has no GICv3.
    package enum GICVersion: Sendable {
        case v2
        case v3
    }

    /// Where the redistributors, 128 KiB for each vCPU, are.
    package enum RedistributorPlacement: Sendable {
        case from(PhysicalAddress)
        /// The redistributors end here, so their base depends on the number of vCPUs.
        case upTo(PhysicalAddress)
    }

    /// Where a firmware goes; it is entered at its first byte.
    package enum FirmwarePlacement: Sendable {
        /// Into a flash bank, by index; the device tree goes to the start of RAM.
        case flash(bank: Int)
        /// To the start of RAM; the device tree goes to the next 2 MiB boundary after it.
        case ram
    }

    /// Where a kernel's device tree and initrd go.
    package enum ImagePlacement: Sendable {
        /// The device tree to the next 2 MiB boundary after the kernel, the initrd after that.
        case behindKernel
        /// The device tree to the end of the first so many bytes of RAM, the initrd below it.
        case downFrom(size: UInt64)
    }

    /// The generic timers' private peripheral interrupts; PPI 0 is INTID 16.
    package struct TimerInterrupts: Sendable {
        package var securePhysical: Int
        package var physical: Int
        package var virtual: Int
        package var hypervisor: Int
    }

    package func ram(size: UInt64) -> [Range<PhysicalAddress>] { [ramBase..<ramBase + size] }

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

    package func plan(
        _ configuration: MachineConfiguration, memory: GuestMemory, virtioCount: Int, hasDisk: Bool
    ) throws(MachineError) -> BootPlan {
        let planner = AArch64BootPlanner(
            self, configuration, memory: memory, virtioCount: virtioCount, hasDisk: hasDisk)
        var plan = try planner.plan()
        plan.deviceTree = plan.information.bytes
        return plan
    }

    package func redistributorBase(vcpuCount: Int) -> PhysicalAddress {
        switch gic.redistributors {
        case .from(let base): base
        case .upTo(let end): end - UInt64(vcpuCount) * GICRedistributors.sizePerVCPU
        }
    }

    /// The affinity fields of a vCPU's MPIDR_EL1: clusters of 16, as many as one SGI can reach.
    package static func affinity(vcpu: Int) -> UInt64 {
        UInt64(vcpu / 16) << 8 | UInt64(vcpu % 16)
    }
}
