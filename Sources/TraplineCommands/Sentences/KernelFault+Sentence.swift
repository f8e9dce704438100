import GuestAddresses
import Machine
import NumberText

extension KernelFault {
    /// The clause that follows the file's name in the error message.
    var text: String {
        switch self {
        case .format(let format): format.text
        case .notForPC: "is neither a bzImage nor an ELF for x86-64; other images need machine virt"
        case .gzip(let failure): failure.text
        case .unpacksBeyond(let size): "unpacks to more than \(sizeInWords(size)); give more memory (--mem)"
        case .image(let fault): fault.text
        case .bzImage(let fault): fault.text
        case .elf(let fault): fault.text
        }
    }
}

extension KernelFormat {
    fileprivate var text: String {
        switch self {
        case .empty: "the file is empty"
        case .x86Kernel: "is a kernel for x86 (bzImage); give one for arm64, or take --machine pc"
        case .arm32Kernel: "is a kernel for 32-bit Arm (zImage); give one for arm64"
        case .compressedEFI: "is a compressed EFI kernel (zboot); give the Image it was made from"
        case .efi: "is an EFI program; give an arm64 Image or an ELF"
        case .uBoot: "is a U-Boot image (uImage); give the Image inside it"
        case .deviceTree: "is a device tree or a U-Boot FIT image; give the Image inside it"
        case .xz: "is packed with xz; unpack it: xz -d"
        case .zstd: "is packed with zstd; unpack it: zstd -d"
        case .lz4: "is packed with lz4; unpack it: lz4 -d"
        case .bzip2: "is packed with bzip2; unpack it: bzip2 -d"
        case .cpio: "is an initial RAM disk (cpio); give it as --initrd"
        case .unknown: "is neither a Linux Image for arm64 nor an ELF; a firmware goes to --firmware"
        }
    }
}

extension Gunzip.Failure {
    fileprivate var text: String {
        switch self {
        case .truncated: "the gzip file is cut off; copy it again"
        case .damaged(let reason): "the gzip file is damaged (\(reason)); copy it again"
        case .tooLarge: "unpacks to too much"
        }
    }
}

extension LinuxImageFault {
    fileprivate var text: String {
        switch self {
        case .cutOff: "the header of a Linux Image is cut off"
        case .bigEndian: "is a big-endian kernel; only little-endian ones run"
        case .textOffset(let offset): "text_offset \(hexadecimal(offset)) in its header is not a page below 2 MiB"
        }
    }
}

extension BzImageFault {
    fileprivate var text: String {
        switch self {
        case .headerCutOff: "the setup header of a bzImage is cut off"
        case .protocolVersion(let version):
            "has boot protocol \(version >> 8).\(version & 0xff); 2.12 and later can be booted (Linux 3.8)"
        case .is32Bit: "is a 32-bit kernel; give one for x86-64"
        case .cutOff: "is cut off after its setup part; copy it again"
        case .headerLength: "its setup header has an impossible length"
        }
    }
}

extension ELFFault {
    fileprivate var text: String {
        switch self {
        case .headerCutOff: "the ELF header is cut off"
        case .notLittleEndian64(let wanted):
            "is not a 64-bit little-endian ELF; link it for \(wanted.linkName)"
        case .machine(let number, let wanted, let board):
            "is for machine \(number), not for \(wanted.name) (\(wanted.number))"
                + (board.map { "; take --machine \($0)" } ?? "")
        case .notExecutable(let type): "is an ELF of type \(type), not an executable; link it first"
        case .noProgramHeaders: "has no program headers, so there is nothing to load"
        case .programHeaderCutOff(let index, let offset, let fileSize):
            "program header \(index) at offset \(offset) is cut off; the file has \(sizeInWords(fileSize))"
        case .interpreter: "is a program for an operating system (it names an interpreter), not bare metal"
        case .noLoadableSegment: "has no loadable segment"
        case .entry(let entry, let alignment):
            "entry \(hexadecimal(entry)) is not a multiple of \(alignment), as instructions are"
        case .segmentBeyondFile(let index, let size, let offset, let fileSize):
            "segment \(index) (\(sizeInWords(size)) at offset \(offset)) goes beyond the end of the "
                + "file, which has \(sizeInWords(fileSize))"
        case .segmentSizes(let index, let inFile, let inMemory):
            "segment \(index) has \(sizeInWords(inFile)) in the file but only \(sizeInWords(inMemory)) in memory"
        case .segmentBeyondAddressSpace(let index, let address):
            "segment \(index) at \(hexadecimal(address)) goes beyond the address space"
        case .overlap(let lower, let upper):
            "segments at \(hexadecimal(lower)) and \(hexadecimal(upper)) overlap"
        }
    }
}
