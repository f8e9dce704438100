/// A machine as data: what is where, and how it is told to the guest.
///
/// `Machine` builds itself from one of these; a new machine is a new table, with code only for devices no table had before.
package struct MachineLayout: Sendable {
    /// As `--machine` names it.
    package var name: String
    package var architecture = Architecture.aarch64
    package var ramBase: UInt64
    package var minimumMemorySize: UInt64
    /// The most RAM that fits above `ramBase`.
    package var maximumMemorySize: UInt64
    package var maximumVCPUCount: Int
    package var gic: InterruptController
    package var flash: [FlashBank]
    package var devices: [DevicePlacement]
    package var virtio: VirtioSlots
    package var firmware: FirmwarePlacement
    package var images: ImagePlacement
    package var arguments: KernelArguments
    package var timer: TimerInterrupts
    package var style: DeviceTreeStyle

    package struct InterruptController: Sendable {
        package var distributor: UInt64
        package var redistributors: RedistributorPlacement
        /// Where the CPU interface is if it is a GICv2.
        package var cpuInterface: UInt64
        package var version = GICVersion.v3
        /// INTIDs from 0, a multiple of 32.
        package var interruptCount: Int
    }

    /// What the interrupt controller is: a GICv2 only where KVM's host has no better one.
    package enum GICVersion: Sendable {
        case v2
        case v3
    }

    /// Where the redistributors, 128 KiB for each vCPU, are.
    package enum RedistributorPlacement: Sendable {
        case from(UInt64)
        /// They end here, so that their base depends on how many vCPUs there are.
        case upTo(UInt64)
    }

    package struct FlashBank: Sendable {
        package var base: UInt64
        package var size: UInt64
    }

    /// What the vCPUs are.
    package enum Architecture: Sendable {
        case aarch64
        /// A PC: `gic`, `timer` and `style` mean nothing there.
        case x86_64
    }

    package struct DevicePlacement: Sendable {
        package var kind: DeviceKind
        package var space = Space.memory
        package var base: UInt64
        package var size: UInt64
        /// The shared peripheral interrupt, level-sensitive; SPI 0 is INTID 32.
        package var spi: Int?
    }

    /// What `base` is an address in.
    package enum Space: Sendable {
        case memory
        /// x86's I/O ports.
        case ports
    }

    /// The device models there are.
    package enum DeviceKind: Sendable {
        case pl011
        case pl031
        case ns16550a
        case mc146818
    }

    /// Where the virtio devices are: transports one behind the other, each with the next SPI, edge-triggered.
    package struct VirtioSlots: Sendable {
        package var base: UInt64
        package var count: Int
        package var firstSPI: Int
        /// What the transports' VendorID reads as.
        package var vendor: UInt32

        package static let size: UInt64 = 0x200

        package func base(of slot: Int) -> UInt64 { base + UInt64(slot) * Self.size }
    }

    /// Where `--firmware` goes; it is entered at its first byte.
    package enum FirmwarePlacement: Sendable {
        /// Into a flash bank, by index; the device tree goes to the start of RAM.
        case flash(bank: Int)
        /// To the start of RAM; the device tree goes to the next 2 MiB behind it.
        case ram
    }

    /// Where a kernel's device tree and initrd go.
    package enum ImagePlacement: Sendable {
        /// The device tree to the next 2 MiB behind the kernel, the initrd behind that.
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

    package func redistributorBase(vcpuCount: Int) -> UInt64 {
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
