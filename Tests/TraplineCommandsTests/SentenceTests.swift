import GuestAddresses
import GuestMemory
import HostIO
import Machine
import SystemPackage
import Testing
import TraplineCommands
import VirtualMachine

/// Sentences about causes that no test of a machine brings about.
@Suite struct SentenceTests {
    static let rows: [(MachineError, String)] = [
        (.noFirmware(path: "/f", board: "pc"), "firmware /f: machine pc boots kernels only; give a bzImage (--kernel)"),
        (
            .commandLine(count: 9, maximum: 8),
            "the kernel's command line has 9 bytes; this kernel takes 8: shorten --params"
        ),
        (
            .notMemory(.deviceTree, MemoryError(address: 0x1000, count: 2)),
            "the device tree: physical address 0x1000: 2 bytes from here are not all RAM or flash"
        ),
        (
            .overlap(.image(.kernel, path: "/k"), .image(.initrd, path: "/i"), address: 16),
            "kernel image /k overlaps initrd /i, which goes to 0x10; give more memory (--mem), or take the machine virt"
        ),
        (.file(.initrd, path: "/i", .unreadable(.permissionDenied)), "initrd /i: no permission to read it"),
        (.file(.initrd, path: "/i", .unreadable(.ioError)), "initrd /i: Input/output error"),
        (
            .deviceTreeSpace(size: 1, ram: 0..<0x1000, isAfterImage: false),
            "the device tree (1 byte) does not fit: RAM is 0x0 to 0xfff; give more (--mem)"
        ),
    ]

    @Test(arguments: rows.indices) func machineErrors(index: Int) {
        let (error, sentence) = Self.rows[index]
        #expect(error.sentence == sentence)
        #expect(VirtualMachineError.machine(error).sentence == sentence)
    }

    @Test func aSocketThatNothingServes() {
        let error = StartError(.network(.unix(path: "/s")), "No such file or directory", advice: .passt(socket: "/s"))
        #expect(
            error.sentence == "--net unix:/s: No such file or directory; start what serves it first, such as: "
                + "passt --socket /s")
    }

    @Test("the printed line is ready to paste into GDB")
    func command() {
        #expect(DebugEndpoint("0")?.command(boundPort: 4711) == "target remote 127.0.0.1:4711")
        #expect(DebugEndpoint("[::1]:0")?.command(boundPort: 4711) == "target remote [::1]:4711")
        #expect(DebugEndpoint("unix:/tmp/x")?.command(boundPort: 0) == "target remote /tmp/x")
        #expect(DebugEndpoint.pipe.command(boundPort: 0) == "target remote | trapline run … --gdb -")
    }
}
