import AArch64CPU
package import HostIO
package import Machine
package import SoftwareAccelerator

/// The configuration of a virtual machine, with the images to boot.
///
/// Files are given by path.
package struct VirtualMachineConfiguration: Sendable {
    /// The board.
    package var board: any Board = AArch64Board.virt
    /// The number of vCPUs.
    package var vcpuCount = 1
    /// The size of RAM in bytes.
    package var memorySize: UInt64 = 256 << 20
    /// The path of the kernel image; nil for none.
    package var kernel: String?
    /// The path of the firmware image; nil for none.
    package var firmware: String?
    /// The path of the initial RAM disk; nil for none.
    package var initrd: String?
    /// The disks.
    package var disks: [DiskOption] = []
    /// The host's end of the network device; nil for no network.
    package var network: NetworkEndpoint?
    /// Whether the guest's console is a virtio console (hvc0) instead of the UART.
    package var hasVirtioConsole = false
    /// The kernel's command line.
    package var bootArguments = ""
    /// Whether the machine adds its own arguments to the kernel's command line.
    package var amendsBootArguments = true
    /// The choice of accelerator.
    package var accelerator = AcceleratorChoice.software
    /// The processor model of the software CPU.
    package var processor = Processor.base
    /// The seed from which a kernel derives its random base address; nil keeps the board's.
    package var kaslrSeed: UInt64?
    /// The way in which virtual time passes while the guest is idle (software CPU).
    package var idleTime = SoftwareAccelerator.IdleTime.sleeps
    /// The seed of the guest's random numbers; nil leaves the choice to `idleTime`.
    package var entropySeed: UInt64?
    /// The date of the real-time clock at the start, in seconds since 1970; nil for the host's.
    package var startSeconds: UInt64?
    /// Whether semihosting calls are served (software CPU).
    package var hasSemihosting = false

    /// The default configuration: one vCPU, 256 MiB of RAM, and the software CPU.
    package init() {}

    /// The processor models of the software CPU; the raw values are the arguments of `--cpu`.
    package enum Processor: String, CaseIterable, Sendable {
        /// Armv8.0-A with LSE atomics, CRC32, RDM and the cryptographic instructions.
        case base
        /// The base processor with PAN, UAO, DIT and pointer authentication.
        case max

        var model: CPUModel { self == .max ? .max : .base }
    }

    /// Returns the error for an option that only the software CPU supports; nil if none is set.
    func refusalOfKVM(advice: StartError.Advice) -> StartError? {
        if hasSemihosting {
            return StartError(
                .semihosting, "KVM gives HLT to the guest, so calls can't be served", advice: advice)
        }
        if idleTime == .isSkipped {
            return StartError(.virtualClock, "KVM's guests have the host's time", advice: advice)
        }
        if processor != .base {
            return StartError(
                .processor(processor.rawValue), "KVM's guests have the host's processor", advice: advice)
        }
        return nil
    }

    /// The generator of the guest's random numbers.
    ///
    /// A seed determines all its numbers. With a repeatable clock the default seed is the same in each run; otherwise
    /// it is a secret from the host's generator.
    var entropy: EntropySource {
        if let entropySeed { return .seeded(entropySeed) }
        return idleTime == .isSkipped ? .seeded(0) : .seededByHost()
    }

    var machine: MachineConfiguration {
        MachineConfiguration(
            board: board, vcpuCount: vcpuCount, memorySize: memorySize, kernel: kernel.map { InputFile(path: $0) },
            firmware: firmware.map { InputFile(path: $0) }, initrd: initrd.map { InputFile(path: $0) },
            bootArguments: bootArguments, console: hasVirtioConsole ? .virtio : .serial,
            amendsBootArguments: amendsBootArguments, kaslrSeed: kaslrSeed)
    }
}
