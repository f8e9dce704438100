package import GuestAddresses
package import GuestMemory
package import SystemPackage

/// Why a machine could not be built: the cause, with the values that explain it.
///
/// Sentences are made where people read them.
package enum MachineError: Error, Equatable, Sendable {
    // The configuration contradicts itself or the board.
    case vcpuCount(Int, board: String, maximum: Int)
    /// Too little RAM, or not a multiple of 4 KiB; sizes are in bytes.
    case memorySize(UInt64, minimum: UInt64)
    case memoryLimit(UInt64, board: String, maximum: UInt64)
    case nothingToBoot
    case kernelAndFirmware
    case initrdWithoutKernel
    case zeroByteInBootArguments
    /// The board boots kernels only.
    case noFirmware(path: String, board: String)
    /// In bytes, without the zero byte at the end.
    case commandLine(count: Int, maximum: Int)
    case virtioDeviceCount(Int, board: String, slots: Int)

    // The address space.
    case deviceRange(device: String, base: PhysicalAddress, size: UInt64)
    case deviceOverlap(device: String, base: PhysicalAddress, other: String, otherBase: PhysicalAddress)
    case region(RegionError)

    // Files.
    case file(InputRole, path: String, FileFault)
    case kernel(path: String, KernelFault)

    // The places of images in RAM.
    case outsideRAM(BootPiece, address: PhysicalAddress, size: UInt64, ram: Range<PhysicalAddress>)
    /// RAM for images begins at `start`.
    case outsideHighRAM(BootPiece, address: PhysicalAddress, size: UInt64, start: PhysicalAddress)
    case entryOutsideMemory(path: String, entry: PhysicalAddress, ram: Range<PhysicalAddress>)
    case deviceTreeSpace(size: UInt64, ram: Range<PhysicalAddress>, isAfterImage: Bool)
    case initrdSpace(path: String, size: UInt64, kernelEnd: PhysicalAddress, limit: PhysicalAddress)
    /// The second piece goes to `address`.
    case overlap(BootPiece, BootPiece, address: PhysicalAddress)
    case notMemory(BootPiece, MemoryError)
}

/// The use of a file that the user named.
package enum InputRole: Sendable {
    case kernel, firmware, initrd
}

/// Why a file can't be read as a whole.
package enum FileFault: Equatable, Sendable {
    case unreadable(Errno)
    case notRegular
    case empty
    /// In bytes.
    case tooLarge(UInt64, limit: UInt64)
}

/// Something that is put into memory before the first instruction.
package enum BootPiece: Equatable, Sendable {
    case image(InputRole, path: String)
    /// A segment of an ELF kernel.
    case segment(path: String, address: PhysicalAddress)
    case deviceTree
    // A PC's tables.
    case descriptorTable, pageTables, commandLine, acpiTables, bootParameters
}

/// Why a file is not a kernel that the board boots.
package enum KernelFault: Equatable, Sendable {
    /// The file is neither an Image nor an ELF, but seems to be this.
    case format(KernelFormat)
    /// The file is neither a bzImage nor an ELF.
    case notForPC
    case gzip(Gunzip.Failure)
    /// The file unpacks to more bytes than this.
    case unpacksBeyond(UInt64)
    case image(LinuxImageFault)
    case bzImage(BzImageFault)
    case elf(ELFFault)
}
