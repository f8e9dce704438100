package import GuestAddresses
package import GuestMemory
package import SystemPackage

/// The reason why a machine could not be built, with the values that explain it.
///
/// The command line makes the error messages. Sizes are in bytes.
package enum MachineError: Error, Equatable, Sendable {
    // Contradictions in the configuration, or between it and the board.
    /// The board does not have so many vCPUs.
    case vcpuCount(Int, board: String, maximum: Int)
    /// The size of RAM is below the board's minimum, or not a multiple of 4 KiB.
    case memorySize(UInt64, minimum: UInt64)
    /// The size of RAM is above the board's maximum.
    case memoryLimit(UInt64, board: String, maximum: UInt64)
    /// Neither a kernel nor a firmware image is given.
    case nothingToBoot
    /// Both a kernel and a firmware image are given.
    case kernelAndFirmware
    /// An initrd is given with a firmware image, which does not take one.
    case initrdWithoutKernel
    /// The command line contains a zero byte, which would end it.
    case zeroByteInBootArguments
    /// The board has no place for a firmware image.
    case noFirmware(path: String, board: String)
    /// The command line is too long for the kernel; sizes are without the terminating zero.
    case commandLine(count: Int, maximum: Int)
    /// The board has fewer virtio slots than there are virtio devices.
    case virtioDeviceCount(Int, board: String, slots: Int)

    // Errors of the address space.
    /// The range of a device is empty or ends above the address space.
    case deviceRange(device: String, base: PhysicalAddress, size: UInt64)
    /// The ranges of two devices overlap.
    case deviceOverlap(device: String, base: PhysicalAddress, other: String, otherBase: PhysicalAddress)
    /// A memory region could not be added.
    case region(RegionError)

    // Errors of files.
    /// A file could not be read.
    case file(InputRole, path: String, FileFault)
    /// A file is not a kernel that the board boots.
    case kernel(path: String, KernelFault)

    // Errors of the places of images in memory.
    /// An image does not lie in RAM or flash as a whole.
    case outsideRAM(BootPiece, address: PhysicalAddress, size: UInt64, ram: Range<PhysicalAddress>)
    /// An image does not lie as a whole in the RAM that begins at `start`.
    case outsideHighRAM(BootPiece, address: PhysicalAddress, size: UInt64, start: PhysicalAddress)
    /// The first instruction is not in memory.
    case entryOutsideMemory(path: String, entry: PhysicalAddress, ram: Range<PhysicalAddress>)
    /// The device tree does not fit into RAM; `isAfterImage` is true if it goes after the image.
    case deviceTreeSpace(size: UInt64, ram: Range<PhysicalAddress>, isAfterImage: Bool)
    /// The initrd does not fit between the end of the kernel and the limit of its addresses.
    case initrdSpace(path: String, size: UInt64, kernelEnd: PhysicalAddress, limit: PhysicalAddress)
    /// Two pieces overlap; the second is at `address`.
    case overlap(BootPiece, BootPiece, address: PhysicalAddress)
    /// A piece could not be written, because there is no memory at its place.
    case notMemory(BootPiece, MemoryError)
}

/// The use of a file that the user named.
package enum InputRole: Sendable {
    /// The image that the file is used as.
    case kernel, firmware, initrd
}

/// The reason why a file can't be read as a whole.
package enum FileFault: Equatable, Sendable {
    /// A system call failed.
    case unreadable(Errno)
    /// The path names a directory, device or other special file.
    case notRegular
    /// The file has no bytes.
    case empty
    /// The file is larger than its limit, both in bytes.
    case tooLarge(UInt64, limit: UInt64)
}

/// A range of memory that is filled before the first instruction.
package enum BootPiece: Equatable, Sendable {
    /// A file.
    case image(InputRole, path: String)
    /// A segment of an ELF kernel.
    case segment(path: String, address: PhysicalAddress)
    /// The device tree.
    case deviceTree
    // The tables of a PC.
    /// A table or text that a PC's boot protocol needs.
    case descriptorTable, pageTables, commandLine, acpiTables, bootParameters
}

/// The reason why a file is not a kernel that the board boots.
package enum KernelFault: Equatable, Sendable {
    /// The file is neither an Image nor an ELF file; its first bytes suggest this format.
    case format(KernelFormat)
    /// The file is neither a bzImage nor an ELF file.
    case notForPC
    /// The file can't be unpacked.
    case gzip(Gunzip.Failure)
    /// The file unpacks to more bytes than this limit.
    case unpacksBeyond(UInt64)
    /// The header of a Linux Image is invalid.
    case image(LinuxImageFault)
    /// The setup part of a bzImage is invalid.
    case bzImage(BzImageFault)
    /// The ELF file is invalid, or not for bare metal.
    case elf(ELFFault)
}
