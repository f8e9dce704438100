import ByteOrder
package import GuestAddresses

/// A Linux kernel for x86 in the form of the boot protocol: a setup part, and the kernel after it.
///
/// Linux, Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header" and "64-bit Boot Protocol".
package struct BzImage: Equatable, Sendable {
    /// The setup header as it goes into `boot_params`, from offset 0x1F1 on.
    package var header: [UInt8]
    /// Where the kernel begins in the file.
    package var payload: Int
    /// Where the kernel wants to be.
    package var preferredAddress: PhysicalAddress
    /// The bytes of memory that the kernel needs from its address on, before it reads the memory map.
    package var memorySize: UInt64
    /// The highest address an initrd's last byte may have.
    package var initrdLimit: PhysicalAddress
    /// The longest command line, without its zero byte.
    package var commandLineLimit: Int

    /// Offsets in the file, and in `boot_params`.
    enum Offset {
        static let header = 0x1f1
        static let magic: UInt64 = 0x202
        static let headerLength = 0x201
    }

    /// Whether the bytes have the header's magic number.
    package static func matches(_ bytes: [UInt8]) -> Bool {
        bytes.littleEndian(at: Offset.magic, as: UInt32.self) == 0x5372_6448
    }

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
        // XLF_KERNEL_64.
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

/// Why the setup part of a bzImage is refused.
package enum BzImageFault: Equatable, Sendable {
    case headerCutOff
    /// The boot protocol is older than 2.12; the low byte is the minor version.
    case protocolVersion(UInt16)
    case is32Bit
    /// The kernel after the setup part is missing.
    case cutOff
    case headerLength
}
