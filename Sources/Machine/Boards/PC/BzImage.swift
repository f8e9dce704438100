import ByteOrder
package import GuestAddresses

/// A Linux kernel for x86, as a bzImage: a setup part, and the kernel after it.
///
/// Linux, Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header" and "64-bit Boot Protocol".
package struct BzImage: Equatable, Sendable {
    /// The setup header, which is copied to offset 0x1F1 of `boot_params`.
    package var header: [UInt8]
    /// The offset of the kernel in the file, in bytes.
    package var payload: Int
    /// The address that the kernel is linked for, pref_address.
    package var preferredAddress: PhysicalAddress
    /// The memory that the kernel needs from its address before it reads the memory map, in bytes.
    package var memorySize: UInt64
    /// The highest address that the last byte of an initrd may have.
    package var initrdLimit: PhysicalAddress
    /// The longest command line, in bytes, without the terminating zero.
    package var commandLineLimit: Int

    /// Offsets in the file; the offset of the header is the same in `boot_params`.
    enum Offset {
        static let header = 0x1f1
        static let magic: UInt64 = 0x202
        static let headerLength = 0x201
    }

    /// Whether the bytes have the header's magic number.
    package static func matches(_ bytes: [UInt8]) -> Bool {
        bytes.littleEndian(at: Offset.magic, as: UInt32.self) == 0x5372_6448
    }

    /// Reads the setup header of a bzImage.
    ///
    /// Throws ``MachineError/kernel(path:_:)`` with a ``BzImageFault`` if the header is cut off, invalid, or not for
    /// 64-bit boot.
    package init(parsing bytes: [UInt8], path: String) throws(MachineError) {
        func error(_ fault: BzImageFault) -> MachineError { .kernel(path: path, .bzImage(fault)) }
        guard Self.matches(bytes), let version: UInt16 = bytes.littleEndian(at: 0x206),
            let loadFlags: UInt16 = bytes.littleEndian(at: 0x236),
            let preferred: UInt64 = bytes.littleEndian(at: 0x258),
            let initSize: UInt32 = bytes.littleEndian(at: 0x260),
            let initrdLimit: UInt32 = bytes.littleEndian(at: 0x22c),
            let commandLineLimit: UInt32 = bytes.littleEndian(at: 0x238)
        else { throw error(.headerCutOff) }
        guard version >= 0x20c else { throw error(.protocolVersion(version)) }
        // xloadflags: XLF_KERNEL_64, a 64-bit entry point at 0x200.
        guard loadFlags & 1 != 0 else { throw error(.is32Bit) }
        let setupSectors = Int(bytes[Offset.header] == 0 ? 4 : bytes[Offset.header])
        payload = (setupSectors + 1) * 512
        guard bytes.count > payload + 0x200 else { throw error(.cutOff) }
        let end = Int(Offset.magic) + Int(bytes[Offset.headerLength])
        guard end > 0x264, end <= payload, end <= 0x290 else { throw error(.headerLength) }
        header = Array(bytes[Offset.header..<end])
        preferredAddress = PhysicalAddress(preferred)
        memorySize = max(UInt64(initSize), UInt64(bytes.count - payload))
        self.initrdLimit = PhysicalAddress(UInt64(initrdLimit))
        self.commandLineLimit = Int(commandLineLimit)
    }
}

/// The reason why the setup part of a bzImage is refused.
package enum BzImageFault: Equatable, Sendable {
    /// The file ends before the setup header does.
    case headerCutOff
    /// The boot protocol is older than 2.12; the low byte is the minor version.
    case protocolVersion(UInt16)
    /// The kernel has no 64-bit entry point.
    case is32Bit
    /// The kernel after the setup part is missing.
    case cutOff
    /// The header's own length is not that of a setup header.
    case headerLength
}
