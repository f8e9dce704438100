import Foundation
import GuestAddresses
import GuestMemory
import Machine
import Testing
import TraplineCommands

@Suite struct BadInputTests {
    private static let elf = ImageBuilder.elf(
        entry: 0x4020_0000, [ImageBuilder.Segment(physical: 0x4020_0000, bytes: [0, 0, 0, 0x14])])

    private static func kernel(_ bytes: [UInt8], memory: UInt64 = 64 << 20, vcpus: Int = 1) -> MachineConfiguration {
        MachineConfiguration(
            vcpuCount: vcpus, memorySize: memory, kernel: InputFile(name: "/x/y", bytes: bytes))
    }

    private static func elf(at address: UInt64, size: UInt64, entry: UInt64? = nil) -> [UInt8] {
        ImageBuilder.elf(
            entry: entry ?? address,
            [ImageBuilder.Segment(physical: address, bytes: [0, 0, 0, 0x14], memorySize: size)])
    }

    private static let rows: [(MachineConfiguration, String)] = [
        (MachineConfiguration(), "nothing to boot: give a kernel (--kernel) or a firmware (--firmware)"),
        (
            MachineConfiguration(kernel: InputFile(name: "a", bytes: elf), firmware: InputFile(name: "b", bytes: [1])),
            "both a kernel and a firmware are given: leave one out, only one can be entered first"
        ),
        (
            MachineConfiguration(firmware: InputFile(name: "b", bytes: [1]), initrd: InputFile(name: "c", bytes: [1])),
            "an initrd without a kernel: give the kernel too (--kernel), or leave the initrd out"
        ),
        (kernel(elf, vcpus: 0), "0 vCPUs: machine virt has 1 to 123"),
        (kernel(elf, vcpus: 124), "124 vCPUs: machine virt has 1 to 123"),
        (kernel(elf, memory: 0), "0 bytes of RAM: give at least 1 MiB, in multiples of 4 KiB"),
        (kernel(elf, memory: (1 << 20) + 1), "1048577 bytes of RAM: give at least 1 MiB, in multiples of 4 KiB"),
        (kernel(elf, memory: 256 << 30), "256 GiB of RAM: machine virt has room for 255 GiB"),
        (kernel([]), "kernel image /x/y: the file is empty"),
        (
            kernel([0x1F, 0x8B, 8, 0]),
            "kernel image /x/y: the gzip file is cut off; copy it again"
        ),
        (
            kernel([0x1F, 0x8B, 7] + [UInt8](repeating: 0, count: 20)),
            "kernel image /x/y: the gzip file is damaged (unknown compression method); copy it again"
        ),
        (
            kernel(Array("MZ\0\0zimg".utf8)),
            "kernel image /x/y: is a compressed EFI kernel (zboot); give the Image it was made from"
        ),
        (
            // Linux for x86 with an EFI stub: both marks are there.
            kernel(Array("MZ".utf8) + [UInt8](repeating: 0, count: 0x200) + Array("HdrS".utf8)),
            "kernel image /x/y: is a kernel for x86 (bzImage); give one for arm64, or take --machine pc"
        ),
        (
            kernel([UInt8](repeating: 0, count: 0x24) + [0x18, 0x28, 0x6F, 0x01]),
            "kernel image /x/y: is a kernel for 32-bit Arm (zImage); give one for arm64"
        ),
        (kernel(Array("MZ".utf8)), "kernel image /x/y: is an EFI program; give an arm64 Image or an ELF"),
        (
            kernel(Array("\u{FD}7zXZ\0".unicodeScalars.map { UInt8($0.value) })),
            "kernel image /x/y: is packed with xz; unpack it: xz -d"
        ),
        (kernel(Array("070701".utf8)), "kernel image /x/y: is an initial RAM disk (cpio); give it as --initrd"),
        (
            kernel(Array("#!/bin/sh".utf8)),
            "kernel image /x/y: is neither a Linux Image for arm64 nor an ELF; a firmware goes to --firmware"
        ),
        (
            kernel(ImageBuilder.linux(flags: 1)),
            "kernel image /x/y: is a big-endian kernel; only little-endian ones run"
        ),
        (
            kernel(ImageBuilder.linux(textOffset: 2 << 20)),
            "kernel image /x/y: text_offset 0x200000 in its header is not a page below 2 MiB"
        ),
        (kernel(Array(ImageBuilder.linux().prefix(60))), "kernel image /x/y: the header of a Linux Image is cut off"),
        (
            kernel(ImageBuilder.linux(imageSize: 65 << 20)),
            "kernel image /x/y: 65 MiB at 0x40000000 don't fit; RAM is 0x40000000 to 0x43ffffff; "
                + "give more (--mem) or link it elsewhere"
        ),
        (
            kernel(ImageBuilder.linux(imageSize: ~0)),
            "kernel image /x/y: 18446744073709551615 bytes at 0x40000000 don't fit; RAM is 0x40000000 to 0x43ffffff; "
                + "give more (--mem) or link it elsewhere"
        ),
        (
            kernel(ImageBuilder.linux(imageSize: 64 << 20)),
            "the device tree (1997 bytes) does not fit after the image: RAM is 0x40000000 to 0x43ffffff; "
                + "give more (--mem)"
        ),
        (
            kernel(elf(at: 0x8000_0000, size: 16)),
            "kernel image /x/y: segment at 0x80000000: 16 bytes at 0x80000000 don't fit; "
                + "RAM is 0x40000000 to 0x43ffffff; give more (--mem) or link it elsewhere"
        ),
        (
            kernel(elf(at: 0x0900_0000, size: 16)),
            "kernel image /x/y: segment at 0x9000000: 16 bytes at 0x9000000 don't fit; "
                + "RAM is 0x40000000 to 0x43ffffff; give more (--mem) or link it elsewhere"
        ),
        (
            kernel(elf(at: 0x4000_0000, size: 16, entry: 0x10_0000_0000)),
            "kernel image /x/y: entry 0x1000000000 is not in memory; RAM is 0x40000000 to 0x43ffffff"
        ),
        (
            MachineConfiguration(firmware: InputFile(name: "/x/y", bytes: [])),
            "firmware /x/y: the file is empty"
        ),
        (
            MachineConfiguration(
                firmware: InputFile(name: "/x/y", bytes: [UInt8](repeating: 0, count: (64 << 20) + 1))),
            "firmware /x/y: 67108865 bytes is too large, there is room for 64 MiB"
        ),
        (
            MachineConfiguration(
                memorySize: 4 << 20, kernel: InputFile(name: "k", bytes: elf),
                initrd: InputFile(name: "/x/y", bytes: [UInt8](repeating: 0, count: 5 << 20))),
            "initrd /x/y: 5 MiB is too large, there is room for 4 MiB"
        ),
        (
            MachineConfiguration(
                memorySize: 4 << 20, kernel: InputFile(name: "k", bytes: elf),
                initrd: InputFile(name: "/x/y", bytes: [UInt8](repeating: 0, count: 3 << 20))),
            "initrd /x/y: 3 MiB at 0x40201000 don't fit; RAM is 0x40000000 to 0x403fffff; "
                + "give more (--mem) or link it elsewhere"
        ),
        (
            MachineConfiguration(kernel: InputFile(name: "k", bytes: elf), bootArguments: "a\0b"),
            "the boot arguments contain a zero byte, which ends them: remove it"
        ),
    ]

    @Test(arguments: rows.indices) func isRefusedInOneLineThatSaysWhatAndWhere(_ index: Int) {
        let (configuration, message) = Self.rows[index]
        let error = #expect(throws: MachineError.self) { try Machine(configuration) }
        #expect(error?.sentence == message)
    }

    /// Kinds of files, and the message about each as a kernel.
    private static let paths: [(String, String)] = [
        ("/x/y", "kernel image /x/y: no such file"),
        ("/", "kernel image /: not a regular file"),
        ("/dev/null", "kernel image /dev/null: not a regular file"),
        ("", "kernel image : no such file"),
    ]

    @Test(arguments: paths) func filesThatCanNotBeReadAreNamed(_ path: String, _ message: String) {
        let error = #expect(throws: MachineError.self) {
            try Machine(MachineConfiguration(kernel: InputFile(path: path)))
        }
        #expect(error?.sentence == message)
    }

    @Test func aFIFOIsRefusedWithoutWaitingForItsWriter() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("fifo-\(UUID())").path
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let error = #expect(throws: MachineError.self) {
            try Machine(MachineConfiguration(firmware: InputFile(path: path)))
        }
        #expect(error?.sentence == "firmware \(path): not a regular file")
    }

    @Test func aFileIsReadWhole() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("firmware-\(UUID())")
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        let machine = try Machine(MachineConfiguration(firmware: InputFile(path: url.path)))
        #expect(try machine.memory.read(0, count: bytes.count) == bytes)
    }
}
