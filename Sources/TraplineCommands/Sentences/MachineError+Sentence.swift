import GuestAddresses
package import GuestMemory
package import Machine
import NumberText
import SystemPackage

extension MachineError {
    /// One line for the user: what failed and where, and what to do about it.
    package var sentence: String {
        switch self {
        case .vcpuCount(let count, let board, let maximum): "\(count) vCPUs: machine \(board) has 1 to \(maximum)"
        case .memorySize(let size, let minimum):
            "\(sizeInWords(size)) of RAM: give at least \(sizeInWords(minimum)), in multiples of 4 KiB"
        case .memoryLimit(let size, let board, let maximum):
            "\(sizeInWords(size)) of RAM: machine \(board) has room for \(sizeInWords(maximum))"
        case .nothingToBoot: "nothing to boot: give a kernel (--kernel) or a firmware (--firmware)"
        case .kernelAndFirmware:
            "both a kernel and a firmware are given: leave one out, only one can be entered first"
        case .initrdWithoutKernel:
            "an initrd without a kernel: give the kernel too (--kernel), or leave the initrd out"
        case .zeroByteInBootArguments: "the boot arguments contain a zero byte, which ends them: remove it"
        case .noFirmware(let path, let board):
            "firmware \(path): machine \(board) boots kernels only; give a bzImage (--kernel)"
        case .commandLine(let count, let maximum):
            "the kernel's command line has \(count) bytes; this kernel takes \(maximum): shorten --params"
        case .virtioDeviceCount(let count, let board, let slots):
            "\(count) virtio devices: machine \(board) has room for \(slots); give fewer disks"
        case .deviceRange(let device, let base, let size):
            "\(device) at \(hexadecimal(base)): a range of \(sizeInWords(size)) is not possible"
        case .deviceOverlap(let device, let base, let other, let otherBase):
            "\(device) at \(hexadecimal(base)): overlaps \(other) at \(hexadecimal(otherBase))"
        case .region(let error): error.sentence
        case .file(let role, let path, let fault): "\(role.text) \(path): \(fault.text)"
        case .kernel(let path, let fault): "\(InputRole.kernel.text) \(path): \(fault.text)"
        case .outsideRAM(let piece, let address, let size, let ram):
            "\(piece.text): \(sizeInWords(size)) at \(hexadecimal(address)) don't fit; RAM is \(ram.text); "
                + "give more (--mem) or link it elsewhere"
        case .outsideHighRAM(let piece, let address, let size, let start):
            "\(piece.text): \(sizeInWords(size)) at \(hexadecimal(address)) don't fit; RAM for it begins at "
                + "\(hexadecimal(start)); give more (--mem) or link it elsewhere"
        case .entryOutsideMemory(let path, let entry, let ram):
            "kernel image \(path): entry \(hexadecimal(entry)) is not in memory; RAM is \(ram.text)"
        case .deviceTreeSpace(let size, let ram, let isAfterImage):
            "the device tree (\(sizeInWords(size))) does not fit\(isAfterImage ? " after the image" : ""): "
                + "RAM is \(ram.text); give more (--mem)"
        case .initrdSpace(let path, let size, let kernelEnd, let limit):
            "initrd \(path): \(sizeInWords(size)) don't fit between the kernel, which ends at "
                + "\(hexadecimal(kernelEnd)), and \(hexadecimal(limit)); give more memory (--mem)"
        case .overlap(let piece, let other, let address):
            "\(piece.text) overlaps \(other.text), which goes to \(hexadecimal(address)); "
                + "give more memory (--mem), or take the machine virt"
        case .notMemory(let piece, let error): "\(piece.text): \(error)"
        }
    }
}

extension Range<PhysicalAddress> {
    fileprivate var text: String {
        let last: PhysicalAddress = upperBound - 1
        return "\(hexadecimal(lowerBound)) to \(hexadecimal(last))"
    }
}

extension InputRole {
    fileprivate var text: String {
        switch self {
        case .kernel: "kernel image"
        case .firmware: "firmware"
        case .initrd: "initrd"
        }
    }
}

extension BootPiece {
    fileprivate var text: String {
        switch self {
        case .image(let role, let path): "\(role.text) \(path)"
        case .segment(let path, let address): "kernel image \(path): segment at \(hexadecimal(address))"
        case .deviceTree: "the device tree"
        case .descriptorTable: "the GDT"
        case .pageTables: "the page tables"
        case .commandLine: "the command line"
        case .acpiTables: "the ACPI tables"
        case .bootParameters: "boot_params"
        }
    }
}

extension FileFault {
    fileprivate var text: String {
        switch self {
        case .unreadable(let errno): Self.text(of: errno)
        case .notRegular: "not a regular file"
        case .empty: "the file is empty"
        case .tooLarge(let size, let limit):
            "\(sizeInWords(size)) is too large, there is room for \(sizeInWords(limit))"
        }
    }

    private static func text(of errno: Errno) -> String {
        switch errno {
        case .noSuchFileOrDirectory: "no such file"
        case .permissionDenied: "no permission to read it"
        case .isDirectory: "is a directory"
        default: "\(errno)"
        }
    }
}

extension RegionError {
    /// One line for the user about a region that can't be added.
    package var sentence: String {
        let what = "\(name) of \(sizeInWords(size))"
        let place = "\(what) at \(hexadecimal(base))"
        return switch cause {
        case .misaligned: "\(place): size and address must be multiples of 4 KiB"
        case .endsAboveAddressSpace: "\(place): ends above the address space"
        case .overlaps(let other, let base): "\(place): overlaps \(other) at \(hexadecimal(base))"
        case .notReserved(let errno):
            "\(what): the host can't reserve it (\(errno)); ask for less memory"
        case .notMapped(let errno): "\(what): the host can't map it (\(errno))"
        }
    }
}
