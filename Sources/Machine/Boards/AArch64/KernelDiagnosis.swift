/// The format of a file that AArch64 boards don't boot as a kernel.
package enum KernelFormat: Sendable {
    /// A format recognized by its first bytes, or an empty file.
    case empty, x86Kernel, arm32Kernel, compressedEFI, efi, uBoot, deviceTree, xz, zstd, lz4, bzip2, cpio
    /// A format that is not recognized.
    case unknown
}

/// Recognizes the format of files that cannot be booted as a kernel, so that the error message can give advice.
enum KernelDiagnosis {
    /// The bytes at an offset that identify a format.
    private struct Mark {
        var offset: Int
        var bytes: [UInt8]
        var format: KernelFormat
    }

    /// The identifying bytes of each format; the first match decides.
    private static let marks: [Mark] = [
        // Linux, Documentation/arch/x86/boot.rst: `header`, after the old boot sector.
        Mark(offset: 0x202, bytes: Array("HdrS".utf8), format: .x86Kernel),
        // Linux, arch/arm/boot/compressed/head.S: 0x016F2818, little-endian.
        Mark(offset: 0x24, bytes: [0x18, 0x28, 0x6F, 0x01], format: .arm32Kernel),
        // Linux, drivers/firmware/efi/libstub/zboot-header.S.
        Mark(offset: 4, bytes: Array("zimg".utf8), format: .compressedEFI),
        Mark(offset: 0, bytes: Array("MZ".utf8), format: .efi),
        Mark(offset: 0, bytes: [0x27, 0x05, 0x19, 0x56], format: .uBoot),
        Mark(offset: 0, bytes: [0xD0, 0x0D, 0xFE, 0xED], format: .deviceTree),
        Mark(offset: 0, bytes: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], format: .xz),
        Mark(offset: 0, bytes: [0x28, 0xB5, 0x2F, 0xFD], format: .zstd),
        Mark(offset: 0, bytes: [0x04, 0x22, 0x4D, 0x18], format: .lz4),
        Mark(offset: 0, bytes: [0x02, 0x21, 0x4C, 0x18], format: .lz4),
        Mark(offset: 0, bytes: Array("BZh".utf8), format: .bzip2),
        Mark(offset: 0, bytes: Array("070701".utf8), format: .cpio),
    ]

    static func format(of bytes: [UInt8]) -> KernelFormat {
        if bytes.isEmpty { return .empty }
        return marks.first { bytes.dropFirst($0.offset).starts(with: $0.bytes) }?.format ?? .unknown
    }
}
