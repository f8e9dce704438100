import GuestAddresses
import GuestMemory
import Machine
import TestSupport
import Testing
import TraplineCommands

@Suite struct ELFImageTests {
    private typealias Segment = ImageBuilder.Segment
    private static let code: [UInt8] = [0x1F, 0x20, 0x03, 0xD5, 0, 0, 0, 0x14]

    @Test func segmentsAndEntryAreRead() throws {
        let bytes = ImageBuilder.elf(
            entry: 0x4000_0004,
            [
                Segment(physical: 0x4000_0000, bytes: Self.code, memorySize: 0x100),
                Segment(type: 4, physical: 0, bytes: [1, 2, 3]),
                Segment(physical: 0x4001_0000, memorySize: 0x2000),
                Segment(physical: 0x4002_0000),
            ])
        let image = try ELFImage(parsing: bytes, path: "a.elf", machine: .aarch64)
        #expect(image.entry == 0x4000_0004)
        #expect(image.segments.map(\.address) == [0x4000_0000, 0x4001_0000])
        #expect(image.segments.map(\.memorySize) == [0x100, 0x2000])
        #expect(Array(bytes[image.segments[0].file]) == Self.code)
    }

    @Test func theEntryFollowsItsSegmentToItsPhysicalAddress() throws {
        let image = try ELFImage(
            parsing: ImageBuilder.elf(
                entry: 0xFFFF_0000_0000_0004,
                [Segment(virtual: 0xFFFF_0000_0000_0000, physical: 0x4000_0000, bytes: Self.code)]), path: "a.elf",
            machine: .aarch64)
        #expect(image.entry == 0x4000_0004)
    }

    @Test func bssMayLieOverOtherLoadAddresses() throws {
        let image = try ELFImage(
            parsing: ImageBuilder.elf(
                entry: 0x4000_0000,
                [
                    Segment(physical: 0x4000_0000, bytes: Self.code, memorySize: 0x1000),
                    Segment(physical: 0x4000_0800, memorySize: 0x1000),
                ]), path: "a.elf", machine: .aarch64)
        #expect(image.segments.count == 2)
    }

    private static let good = Segment(physical: 0x4000_0000, bytes: code)

    /// Faulty files, and the end of the message about each.
    private static let bad: [(bytes: [UInt8], message: String)] = [
        (Array(ImageBuilder.elf(entry: 0, [good]).prefix(63)), "the ELF header is cut off"),
        ([0x7F, 0x45, 0x4C, 0x46], "the ELF header is cut off"),
        (ImageBuilder.elf(entry: 0, [good], class: 1), "is not a 64-bit little-endian ELF; link it for aarch64"),
        (ImageBuilder.elf(entry: 0, [good], data: 2), "is not a 64-bit little-endian ELF; link it for aarch64"),
        (
            ImageBuilder.elf(entry: 0, [good], machine: 62),
            "is for machine 62, not for AArch64 (183); take --machine pc"
        ),
        (ImageBuilder.elf(entry: 0, [good], type: 1), "is an ELF of type 1, not an executable; link it first"),
        (ImageBuilder.elf(entry: 0, []), "has no program headers, so there is nothing to load"),
        (ImageBuilder.elf(entry: 0, [Segment(type: 2, physical: 0)]), "has no loadable segment"),
        (ImageBuilder.elf(entry: 0, [Segment(physical: 0)]), "has no loadable segment"),
        (ImageBuilder.elf(entry: 0x4000_0002, [good]), "entry 0x40000002 is not a multiple of 4, as instructions are"),
        (
            Array(ImageBuilder.elf(entry: 0, [good]).prefix(100)),
            "program header 0 at offset 64 is cut off; the file has 100 bytes"
        ),
        (
            ImageBuilder.elf(entry: 0, [Segment(physical: 0x4000_0000, fileSize: 9, memorySize: 9)]),
            "segment 0 (9 bytes at offset 120) goes beyond the end of the file, which has 120 bytes"
        ),
        (
            ImageBuilder.elf(entry: 0, [Segment(offset: ~0, physical: 0x4000_0000, fileSize: 2, memorySize: 2)]),
            "segment 0 (2 bytes at offset 18446744073709551615) goes beyond the end of the file, which has 120 bytes"
        ),
        (
            ImageBuilder.elf(entry: 0, [Segment(physical: 0x4000_0000, bytes: code, memorySize: 4)]),
            "segment 0 has 8 bytes in the file but only 4 bytes in memory"
        ),
        (
            ImageBuilder.elf(entry: 0, [Segment(physical: ~7, bytes: code, memorySize: 9)]),
            "segment 0 at 0xfffffffffffffff8 goes beyond the address space"
        ),
        (
            ImageBuilder.elf(entry: 0, [good, Segment(physical: 0x4000_0004, bytes: code)]),
            "segments at 0x40000000 and 0x40000004 overlap"
        ),
        (
            ImageBuilder.elf(entry: 0, [Segment(type: 3, physical: 0, bytes: [0x2F]), good]),
            "is a program for an operating system (it names an interpreter), not bare metal"
        ),
    ]

    @Test(arguments: bad.indices) func badFilesAreRefusedInWords(_ index: Int) {
        let row = Self.bad[index]
        let error = #expect(throws: MachineError.self) {
            try ELFImage(parsing: row.bytes, path: "/x/y", machine: .aarch64)
        }
        #expect(error?.sentence == "kernel image /x/y: \(row.message)")
        guard case .kernel(path: "/x/y", .elf) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// Files with random bytes, lengths and header fields either load within bounds or are refused.
    @Test func noFileCrashesTheLoader() throws {
        var random = SeededRandom.announced("ELF")
        let whole = ImageBuilder.elf(
            entry: 0x4000_0000,
            [
                Segment(physical: 0x4000_0000, bytes: Self.code, memorySize: 0x100),
                Segment(physical: 0x4010_0000, bytes: [1, 2, 3], memorySize: 0x2000),
            ])
        let edges: [UInt8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF]
        // Without flash a machine is made in no time.
        var board = AArch64Board.virt
        board.flash = []
        var (parsed, loaded) = (0, 0)
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let index = Int.random(in: 4..<bytes.count, using: &random)
                let length = [1, 1, 2, 8].randomElement(using: &random) ?? 1
                for position in index..<min(index + length, bytes.count) {
                    bytes[position] =
                        Bool.random(using: &random)
                        ? edges.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
                }
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                bytes = Array(bytes.prefix(Int.random(in: 4...bytes.count, using: &random)))
            }
            do throws(MachineError) {
                _ = try ELFImage(parsing: bytes, path: "fuzz", machine: .aarch64)
                parsed += 1
                guard parsed % 10 == 0 else { continue }
                let machine = try Machine(
                    MachineConfiguration(
                        board: board, memorySize: 4 << 20, kernel: InputFile(name: "fuzz", bytes: bytes)))
                #expect(
                    machine.memory.available(at: machine.bootState.pc, count: 4) == 4, random.comment)
                loaded += 1
            } catch {
                #expect(error.sentence.hasPrefix("kernel image fuzz: ") || error.sentence.hasPrefix("the device tree"))
            }
        }
        #expect(loaded > 0, random.comment)
        print("ELF: 20000 files, \(parsed) parsed, \(loaded) of every tenth loaded")
    }
}
