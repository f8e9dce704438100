import ByteOrder

/// A Linux kernel in the form arm64's boot protocol describes: a flat binary with a 64-byte header.
///
/// Linux, Documentation/arch/arm64/booting.rst, "Call the kernel image".
package struct LinuxImage: Equatable, Sendable {
    /// Where it goes, from a 2 MiB boundary.
    package var textOffset: UInt64
    /// How much memory it needs from there on, BSS included: at least the file's size.
    package var memorySize: UInt64

    /// "ARM\x64", at offset 56.
    private static let magic: UInt32 = 0x644D_5241

    /// Whether the bytes have an Image's magic number.
    package static func matches(_ bytes: [UInt8]) -> Bool {
        bytes.littleEndian(at: 56) == magic
    }

    package init(parsing bytes: [UInt8], path: String) throws(MachineError) {
        guard Self.matches(bytes), bytes.count >= 64,
            let textOffset: UInt64 = bytes.littleEndian(at: 8), let imageSize: UInt64 = bytes.littleEndian(at: 16),
            let flags: UInt64 = bytes.littleEndian(at: 24)
        else {
            throw .kernel(path: path, .image(.cutOff))
        }
        guard flags & 1 == 0 else {
            throw .kernel(path: path, .image(.bigEndian))
        }
        // Before Linux 3.17 the header had no size, and the offset was always this one.
        self.textOffset = imageSize == 0 ? 0x80000 : textOffset
        guard self.textOffset < 2 << 20, self.textOffset % 4096 == 0 else {
            throw .kernel(path: path, .image(.textOffset(textOffset)))
        }
        memorySize = max(imageSize, UInt64(bytes.count))
    }
}

/// Why the header of a Linux Image is refused.
package enum LinuxImageFault: Equatable, Sendable {
    case cutOff
    case bigEndian
    /// The header's text_offset is not a page below 2 MiB.
    case textOffset(UInt64)
}
