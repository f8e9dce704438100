/// The machine to build, and the images to boot on it.
package struct MachineConfiguration: Sendable {
    /// The board.
    package var board: any Board
    /// The number of vCPUs.
    package var vcpuCount: Int
    /// The size of RAM in bytes: a multiple of 4 KiB.
    package var memorySize: UInt64
    /// The kernel: a Linux Image or an ELF file for AArch64, which may be compressed with gzip; a bzImage or an ELF
    /// file on a PC.
    package var kernel: InputFile?
    /// The firmware image, which goes to the place that the board has for it.
    package var firmware: InputFile?
    /// The initial RAM disk, only with a kernel.
    package var initrd: InputFile?
    /// The kernel's command line, without the arguments that the board adds.
    package var bootArguments: String
    /// The device that console input goes to.
    package var console: ConsoleKind
    /// Whether the board's own arguments are added to the command line where the user has not set them.
    package var amendsBootArguments: Bool
    /// The seed from which a kernel derives its random base address; nil keeps the board's.
    package var kaslrSeed: UInt64?

    package init(
        board: any Board = AArch64Board.virt, vcpuCount: Int = 1, memorySize: UInt64 = 256 << 20,
        kernel: InputFile? = nil,
        firmware: InputFile? = nil, initrd: InputFile? = nil, bootArguments: String = "",
        console: ConsoleKind = .serial, amendsBootArguments: Bool = true, kaslrSeed: UInt64? = nil
    ) {
        self.board = board
        self.vcpuCount = vcpuCount
        self.memorySize = memorySize
        self.kernel = kernel
        self.firmware = firmware
        self.initrd = initrd
        self.bootArguments = bootArguments
        self.console = console
        self.amendsBootArguments = amendsBootArguments
        self.kaslrSeed = kaslrSeed
    }

    /// Returns the command line for a kernel.
    func kernelCommandLine(hasDisk: Bool) -> String {
        amendsBootArguments ? board.arguments.amend(bootArguments, console: console, hasDisk: hasDisk) : bootArguments
    }

    /// Throws if the configuration contradicts itself or the board.
    func validate() throws(MachineError) {
        guard (1...board.maximumVCPUCount).contains(vcpuCount) else {
            throw .vcpuCount(vcpuCount, board: board.name, maximum: board.maximumVCPUCount)
        }
        guard memorySize % 4096 == 0, memorySize >= board.minimumMemorySize else {
            throw .memorySize(memorySize, minimum: board.minimumMemorySize)
        }
        guard memorySize <= board.maximumMemorySize else {
            throw .memoryLimit(memorySize, board: board.name, maximum: board.maximumMemorySize)
        }
        switch (kernel, firmware) {
        case (nil, nil): throw .nothingToBoot
        case (.some, .some): throw .kernelAndFirmware
        case (nil, .some) where initrd != nil: throw .initrdWithoutKernel
        default: break
        }
        guard !bootArguments.utf8.contains(0) else { throw .zeroByteInBootArguments }
    }
}
