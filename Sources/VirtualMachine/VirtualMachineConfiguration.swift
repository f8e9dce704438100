import AArch64CPU
package import HostIO
package import Machine
package import SoftwareAccelerator

/// The virtual machine to build and the images to boot on it; files are named by path.
package struct VirtualMachineConfiguration: Sendable {
    package var board: any Board = AArch64Board.virt
    package var vcpuCount = 1
    /// In bytes.
    package var memorySize: UInt64 = 256 << 20
    package var kernel: String?
    package var firmware: String?
    package var initrd: String?
    package var disks: [DiskOption] = []
    package var network: NetworkEndpoint?
    /// The guest's console is hvc0 instead of its UART.
    package var hasVirtioConsole = false
    package var bootArguments = ""
    /// Whether the machine's own words are added to the kernel's command line.
    package var amendsBootArguments = true
    package var accelerator = AcceleratorChoice.software
    package var processor = Processor.base
    /// The seed from which a kernel derives its random base address; nil keeps the board's.
    package var kaslrSeed: UInt64?
    package var idleTime = SoftwareAccelerator.IdleTime.sleeps
    /// The seed of the guest's random numbers; nil leaves the choice to `idleTime`.
    package var entropySeed: UInt64?
    /// The real-time clock's date at the start, in seconds since 1970; nil is the host's.
    package var startSeconds: UInt64?
    package var hasSemihosting = false

    package init() {}

    /// The software CPU to choose from; `--cpu` names them.
    package enum Processor: String, CaseIterable, Sendable {
        /// Armv8.0-A with LSE atomics, CRC32, RDM and the cryptographic instructions.
        case base
        /// The base processor with PAN, UAO, DIT and pointer authentication.
        case max

        var model: CPUModel { self == .max ? .max : .base }
    }

    /// The error for an option that only the software CPU supports; nil if no such option was given.
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
    /// Always one that a seed determines. With a clock that can be repeated, the seed is the same in each run;
    /// otherwise it is the host's secret.
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
