import NumberText

/// What machine to build, and what to boot on it.
package struct MachineConfiguration: Sendable {
    package var layout: MachineLayout
    package var vcpuCount: Int
    /// In bytes.
    package var memorySize: UInt64
    /// A Linux Image or an ELF, either may be packed with gzip.
    package var kernel: InputFile?
    /// An image for the layout's firmware place.
    package var firmware: InputFile?
    package var initrd: InputFile?
    /// The kernel's command line: `/chosen/bootargs`.
    package var bootArguments: String
    package var console: ConsoleKind
    /// Whether the layout's own words are added to the command line where the user has said nothing about them.
    package var amendsBootArguments: Bool

    package init(
        layout: MachineLayout = .virt, vcpuCount: Int = 1, memorySize: UInt64 = 256 << 20, kernel: InputFile? = nil,
        firmware: InputFile? = nil, initrd: InputFile? = nil, bootArguments: String = "",
        console: ConsoleKind = .serial, amendsBootArguments: Bool = true
    ) {
        self.layout = layout
        self.vcpuCount = vcpuCount
        self.memorySize = memorySize
        self.kernel = kernel
        self.firmware = firmware
        self.initrd = initrd
        self.bootArguments = bootArguments
        self.console = console
        self.amendsBootArguments = amendsBootArguments
    }

    /// The command line that a kernel gets.
    func kernelCommandLine(hasDisk: Bool) -> String {
        amendsBootArguments ? layout.arguments.amend(bootArguments, console: console, hasDisk: hasDisk) : bootArguments
    }

    /// Refuses what the layout can't hold.
    func validate() throws(MachineError) {
        guard (1...layout.maximumVCPUCount).contains(vcpuCount) else {
            throw MachineError(
                .configuration,
                "\(vcpuCount) vCPUs: machine \(layout.name) has 1 to \(layout.maximumVCPUCount)")
        }
        guard memorySize % 4096 == 0, memorySize >= layout.minimumMemorySize else {
            throw MachineError(
                .configuration,
                "\(sizeInWords(memorySize)) of RAM: give at least \(sizeInWords(layout.minimumMemorySize)), in multiples "
                    + "of 4 KiB")
        }
        guard memorySize <= layout.maximumMemorySize else {
            throw MachineError(
                .configuration,
                "\(sizeInWords(memorySize)) of RAM: machine \(layout.name) has room for "
                    + sizeInWords(layout.maximumMemorySize))
        }
        switch (kernel, firmware) {
        case (nil, nil):
            throw MachineError(.configuration, "nothing to boot: give a kernel (--kernel) or a firmware (--firmware)")
        case (.some, .some):
            throw MachineError(
                .configuration, "both a kernel and a firmware are given: leave one out, only one can be entered first")
        case (nil, .some) where initrd != nil:
            throw MachineError(
                .configuration, "an initrd without a kernel: give the kernel too (--kernel), or leave the initrd out")
        default: break
        }
        guard !bootArguments.utf8.contains(0) else {
            throw MachineError(.configuration, "the boot arguments contain a zero byte, which ends them: remove it")
        }
    }
}
