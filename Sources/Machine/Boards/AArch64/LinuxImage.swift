import ByteOrder

/// A Linux kernel image for arm64: a flat binary with a 64-byte header.
///
/// Linux, Documentation/arch/arm64/booting.rst, "Call the kernel image".
package struct LinuxImage: Equatable, Sendable {
    /// The offset of the image from a 2 MiB boundary, in bytes: a multiple of 4 KiB below 2 MiB.
    package var textOffset: UInt64
    /// The memory that the image needs from its first byte, BSS included, in bytes: at least the file's size.
    package var memorySize: UInt64

    /// The magic number "ARM\x64", at offset 56.
    private static let magic: UInt32 = 0x644D_5241

    /// Whether the bytes have an Image's magic number.
    package static func matches(_ bytes: [UInt8]) -> Bool {
        bytes.littleEndian(at: 56) == magic
    }

    /// Reads the header of an image.
    ///
    /// Throws ``MachineError/kernel(path:_:)`` with a ``LinuxImageFault`` if the header is cut off or invalid.
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
        // Before Linux 3.17 the header had no image size, and text_offset was always 0x80000.
        self.textOffset = imageSize == 0 ? 0x80000 : textOffset
        guard self.textOffset < 2 << 20, self.textOffset % 4096 == 0 else {
            throw .kernel(path: path, .image(.textOffset(textOffset)))
        }
        memorySize = max(imageSize, UInt64(bytes.count))
    }
}

/// The reason why the header of a Linux image is refused.
package enum LinuxImageFault: Equatable, Sendable {
    /// The file ends before the header does.
    case cutOff
    /// The kernel is big-endian: bit 0 of the header's flags is set.
    case bigEndian
    /// The header's text_offset is not a multiple of 4 KiB below 2 MiB.
    case textOffset(UInt64)
}
