/// A Linux kernel for x86 in the form the boot protocol describes: a setup part, and the kernel behind it.
///
/// Linux, Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header" and "64-bit Boot Protocol".
package struct BzImage: Equatable, Sendable {
    /// The setup header as it goes into `boot_params`, from offset 0x1F1 on.
    package var header: [UInt8]
    /// Where the kernel begins in the file.
    package var payload: Int
    /// Where the kernel wants to be.
    package var preferredAddress: UInt64
    /// How much memory it needs from its address on, before it knows of any map.
    package var memorySize: UInt64
    /// The highest address an initrd's last byte may have.
    package var initrdLimit: UInt64
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
        func error(_ text: String) -> MachineError { MachineError(.format, "kernel image \(path): \(text)") }
        guard Self.matches(bytes), let version: UInt16 = bytes.littleEndian(at: 0x206),
            let loadFlags: UInt16 = bytes.littleEndian(at: 0x236),
            let preferred: UInt64 = bytes.littleEndian(at: 0x258),
            let initSize: UInt32 = bytes.littleEndian(at: 0x260),
            let initrdLimit: UInt32 = bytes.littleEndian(at: 0x22c),
            let commandLineLimit: UInt32 = bytes.littleEndian(at: 0x238)
        else { throw error("the setup header of a bzImage is cut off") }
        guard version >= 0x20c else {
            throw error("has boot protocol \(version >> 8).\(version & 0xff); 2.12 and later can be booted (Linux 3.8)")
        }
        // XLF_KERNEL_64.
        guard loadFlags & 1 != 0 else { throw error("is a 32-bit kernel; give one for x86-64") }
        let setupSectors = Int(bytes[Offset.header] == 0 ? 4 : bytes[Offset.header])
        payload = (setupSectors + 1) * 512
        guard bytes.count > payload + 0x200 else { throw error("is cut off behind its setup part; copy it again") }
        let end = Int(Offset.magic) + Int(bytes[Offset.headerLength])
        guard end > 0x264, end <= payload, end <= 0x290 else {
            throw error("its setup header has an impossible length")
        }
        header = Array(bytes[Offset.header..<end])
        preferredAddress = preferred
        memorySize = max(UInt64(initSize), UInt64(bytes.count - payload))
        self.initrdLimit = UInt64(initrdLimit)
        self.commandLineLimit = Int(commandLineLimit)
    }
}
