/// Says what a file seems to be that can't be booted as a kernel, and what to do about it.
enum KernelDiagnosis {
    /// A file format: bytes at an offset that give it away.
    private struct Mark {
        var offset: Int
        var bytes: [UInt8]
        var text: String
    }

    /// The first one that fits is taken.
    private static let marks: [Mark] = [
        // Linux, Documentation/arch/x86/boot.rst: `header`, behind the old boot sector.
        Mark(
            offset: 0x202, bytes: Array("HdrS".utf8),
            text: "is a kernel for x86 (bzImage); give one for arm64, or take --machine pc"),
        // Linux, arch/arm/boot/compressed/head.S: 0x016F2818, little-endian.
        Mark(
            offset: 0x24, bytes: [0x18, 0x28, 0x6F, 0x01],
            text: "is a kernel for 32-bit Arm (zImage); give one for arm64"),
        // Linux, drivers/firmware/efi/libstub/zboot-header.S.
        Mark(
            offset: 4, bytes: Array("zimg".utf8),
            text: "is a compressed EFI kernel (zboot); give the Image it was made from"),
        Mark(offset: 0, bytes: Array("MZ".utf8), text: "is an EFI program; give an arm64 Image or an ELF"),
        Mark(offset: 0, bytes: [0x27, 0x05, 0x19, 0x56], text: "is a U-Boot image (uImage); give the Image inside it"),
        Mark(
            offset: 0, bytes: [0xD0, 0x0D, 0xFE, 0xED],
            text: "is a device tree or a U-Boot FIT image; give the Image inside it"),
        Mark(offset: 0, bytes: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], text: "is packed with xz; unpack it: xz -d"),
        Mark(offset: 0, bytes: [0x28, 0xB5, 0x2F, 0xFD], text: "is packed with zstd; unpack it: zstd -d"),
        Mark(offset: 0, bytes: [0x04, 0x22, 0x4D, 0x18], text: "is packed with lz4; unpack it: lz4 -d"),
        Mark(offset: 0, bytes: [0x02, 0x21, 0x4C, 0x18], text: "is packed with lz4; unpack it: lz4 -d"),
        Mark(offset: 0, bytes: Array("BZh".utf8), text: "is packed with bzip2; unpack it: bzip2 -d"),
        Mark(offset: 0, bytes: Array("070701".utf8), text: "is an initial RAM disk (cpio); give it as --initrd"),
    ]

    static func text(of bytes: [UInt8]) -> String {
        if bytes.isEmpty { return "the file is empty" }
        let mark = marks.first { bytes.dropFirst($0.offset).starts(with: $0.bytes) }
        return mark?.text ?? "is neither a Linux Image for arm64 nor an ELF; a firmware goes to --firmware"
    }
}
