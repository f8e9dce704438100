/// The machine to build, and the images to boot on it.
package struct MachineConfiguration: Sendable {
    package var board: any Board
    package var vcpuCount: Int
    /// In bytes.
    package var memorySize: UInt64
    /// A Linux Image or an ELF, either may be packed with gzip.
    package var kernel: InputFile?
    /// An image for the board's firmware place.
    package var firmware: InputFile?
    package var initrd: InputFile?
    /// The kernel's command line: `/chosen/bootargs`.
    package var bootArguments: String
    package var console: ConsoleKind
    /// Whether the board's own words are added to the command line where the user has said nothing about them.
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

    /// The command line that a kernel gets.
    func kernelCommandLine(hasDisk: Bool) -> String {
        amendsBootArguments ? board.arguments.amend(bootArguments, console: console, hasDisk: hasDisk) : bootArguments
    }

    /// Refuses what the board can't hold.
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
