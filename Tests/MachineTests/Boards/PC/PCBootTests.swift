import GuestAddresses
import GuestMemory
import Machine
import Testing
import TraplineCommands

/// Linux, Documentation/arch/x86/boot.rst, "Details of Header Fields" and "64-bit Boot Protocol", and zero-page.rst.
@Suite("What the machine pc hands to a kernel")
struct PCBootTests {
    private static let zeroPage = 4096

    private static func parameters(_ machine: Machine) throws -> [UInt8] {
        try machine.memory.read(machine.bootState.x0, count: zeroPage)
    }

    @Test("boot_params is the kernel's setup header with the loader's fields", arguments: [UInt8(0x66), 0x6a])
    func header(length: UInt8) throws {
        let kernel = PCFixture.bzImage(headerLength: length)
        let machine = try PCFixture.machine(kernel, initrd: [1, 2, 3])
        let parameters = try Self.parameters(machine)
        let end = 0x202 + Int(length)
        // ramdisk_image and ramdisk_size, cmd_line_ptr, type_of_loader, and LOADED_HIGH beside the kernel's own bits.
        var expected = Array(kernel[0x1f1..<end])
        func put(_ bytes: [UInt8], _ offset: Int) {
            expected.replaceSubrange(offset - 0x1f1..<offset - 0x1f1 + bytes.count, with: bytes)
        }
        put([0xff, 0x81], 0x210)
        put(Array(parameters[0x218..<0x220]), 0x218)
        put(Array(parameters[0x228..<0x22c]), 0x228)
        #expect(Array(parameters[0x1f1..<end]) == expected)
        // The file's bytes after the header are not copied; the next field that is used is the map, at 0x2d0.
        #expect(parameters[end..<0x2d0].allSatisfy { $0 == 0 })
        #expect(try machine.number(machine.bootState.x0 + 0x21c, as: UInt32.self) == 3)
        // ext_ramdisk_image, ext_ramdisk_size and ext_cmd_line_ptr: all below 4 GiB.
        #expect(parameters[0x0c0..<0x0cc].allSatisfy { $0 == 0 })
    }

    @Test("The kernel lies at its address and is entered 0x200 bytes above it", arguments: [UInt8(0), 4, 7])
    func payload(sectors: UInt8) throws {
        var kernel = PCFixture.bzImage(setupSectors: sectors, address: 0x20_0000)
        // setup_sects: 0 means 4; the boot sector comes before.
        let start = 512 * (1 + (sectors == 0 ? 4 : Int(sectors)))
        kernel.replaceSubrange(start..<start + 4, with: [1, 2, 3, 4])
        let machine = try PCFixture.machine(kernel)
        #expect(machine.bootState.pc == 0x20_0200)
        #expect(try machine.memory.read(0x20_0000, count: 5) == [1, 2, 3, 4, 0x90])
    }

    @Test("The command line is in identity-mapped memory and ends with a zero byte")
    func commandLine() throws {
        let line = String(repeating: "a", count: 1900)
        let machine = try PCFixture.machine(PCFixture.bzImage(), arguments: line)
        let address: UInt32 = try machine.number(machine.bootState.x0 + 0x228)
        let text = try machine.memory.read(PhysicalAddress(UInt64(address)), count: 2048).prefix { $0 != 0 }
        #expect(text.count < 2048 && String(decoding: text, as: UTF8.self).contains(line))
        #expect(address < 0xa_0000)
    }

    /// RAM below and above the hole; E820 types are 1 for RAM and 2 for reserved.
    static let maps: [(memory: UInt64, below: UInt64, above: UInt64)] = [
        (64 << 20, 64 << 20, 0), (3 << 30, 3 << 30, 0), ((3 << 30) + 4096, 3 << 30, 4096), (8 << 30, 3 << 30, 5 << 30),
    ]

    @Test("The E820 map has all RAM around the hole below 4 GiB, and nothing twice", arguments: maps)
    func memoryMap(memory: UInt64, below: UInt64, above: UInt64) throws {
        let machine = try PCFixture.machine(PCFixture.bzImage(), memory: memory)
        let base = machine.bootState.x0
        var map: [[UInt64]] = []
        for entry in 0..<UInt64(try machine.number(base + 0x1e8, as: UInt8.self)) {
            // struct boot_e820_entry: addr, size and type, packed.
            let place = base + 0x2d0 + 20 * entry
            let type = UInt64(try machine.number(place + 16, as: UInt32.self))
            map.append([try machine.number(place), try machine.number(place + 8), type])
        }
        let low: [[UInt64]] = [[0, 0xa_0000, 1], [0xa_0000, 0x6_0000, 2], [0x10_0000, below - 0x10_0000, 1]]
        #expect(map == low + (above > 0 ? [[0x1_0000_0000, above, 1]] : []))
        // Every byte that the map calls RAM is memory, and the addresses of devices are not.
        for entry in map where entry[2] == 1 {
            #expect(machine.memory.available(at: PhysicalAddress(entry[0]), count: Int(entry[1])) == Int(entry[1]))
        }
        for device: UInt64 in [0xd000_0000, 0xfec0_0000, 0xfee0_0000, 0xfffb_c000] {
            #expect(machine.memory.region(at: PhysicalAddress(device)) == nil)
        }
    }

    @Test(
        "The initrd is above the kernel's memory and at most at initrd_addr_max",
        arguments: [
            UInt32(0x7fff_ffff), 0x3ff_ffff, 0x180_2fff,
        ])
    func initrd(limit: UInt32) throws {
        let bytes = (0..<0x1801).map { UInt8(truncatingIfNeeded: $0) }
        let machine = try PCFixture.machine(PCFixture.bzImage(initrdLimit: limit), initrd: bytes)
        let address = UInt64(try machine.number(machine.bootState.x0 + 0x218, as: UInt32.self))
        #expect(try machine.memory.read(PhysicalAddress(address), count: bytes.count) == bytes)
        #expect(address % 4096 == 0 && address >= 0x100_0000 + 0x80_0000)
        #expect(address + UInt64(bytes.count) - 1 <= UInt64(limit))
    }

    /// The protocol's __BOOT_CS, 0x10, and __BOOT_DS, 0x18 (SDM volume 3A, 3.4.5: present, S, type, G, L, D).
    @Test("The GDT has the protocol's selectors, and 4 GiB are mapped to themselves")
    func descriptorsAndTables() throws {
        let machine = try PCFixture.machine(PCFixture.bzImage())
        let code: UInt64 = try machine.number(PCMemoryMap.gdt + 0x10)
        let data: UInt64 = try machine.number(PCMemoryMap.gdt + 0x18)
        // P, DPL 0, S; code that can be read, with L and without D; data that can be written.
        #expect(code >> 40 & 0xff | 1 == 0x9b && code >> 53 & 0b11 == 0b01)
        #expect(data >> 40 & 0xff | 1 == 0x93)
        #expect(PCMemoryMap.codeSelector == 0x10 && PCMemoryMap.dataSelector == 0x18)
        #expect(try machine.number(PCMemoryMap.gdt, as: UInt64.self) == 0 && PCMemoryMap.gdtLimit >= 0x1f)
        for address: UInt64 in [0, 0x7000, 0x10_0000, 0x4020_0123, 0xbfff_ffff, 0xfee0_0000, 0xffff_ffff] {
            // Figure 4-9: P and R/W at each level, PS in the entry of a 2 MiB page.
            var table = PCMemoryMap.pageTables
            for shift: UInt64 in [39, 30] {
                let entry: UInt64 = try machine.number(table + (address >> shift & 0x1ff) * 8)
                #expect(entry & 0x83 == 3)
                table = PhysicalAddress(entry & ~0xfff)
            }
            let page: UInt64 = try machine.number(table + (address >> 21 & 0x1ff) * 8)
            #expect(page & 0x83 == 0x83 && page & ~0x1f_ffff == address & ~0x1f_ffff)
        }
    }

    struct Refusal: Sendable {
        var kernel: [UInt8]
        var initrd: [UInt8]?
        var arguments = ""
        /// In the error; nil: the kernel is taken.
        var text: String?
    }

    static let limits: [Refusal] = [
        Refusal(kernel: PCFixture.bzImage(version: 0x20c)),
        Refusal(kernel: PCFixture.bzImage(version: 0x20b), text: "has boot protocol 2.11"),
        // In protocol 2.12 the header ends with handover_offset, at 0x268; without init_size, at 0x260. boot_params has
        // room for it up to edd_mbr_sig_buffer, at 0x290.
        Refusal(kernel: PCFixture.bzImage(headerLength: 0x5e), text: "impossible length"),
        Refusal(kernel: PCFixture.bzImage(headerLength: 0x66)),
        Refusal(kernel: PCFixture.bzImage(headerLength: 0x8e)),
        Refusal(kernel: PCFixture.bzImage(headerLength: 0x8f), text: "impossible length"),
        Refusal(kernel: PCFixture.bzImage(size: 0xc00), text: "is cut off after its setup part"),
        Refusal(kernel: PCFixture.bzImage(size: 0xc01)),
        // 128 MiB of RAM from 1 MiB on: the address and init_size of the kernel.
        Refusal(kernel: PCFixture.bzImage(address: 0x10_0000)),
        Refusal(kernel: PCFixture.bzImage(address: 0xf_f000), text: "don't fit; RAM for it begins at 0x100000"),
        Refusal(kernel: PCFixture.bzImage(address: 0x780_0000)),
        Refusal(kernel: PCFixture.bzImage(address: 0x780_1000), text: "don't fit"),
        Refusal(kernel: PCFixture.bzImage(memorySize: .max), text: "don't fit"),
        Refusal(kernel: PCFixture.bzImage(address: .max - 0xfff), text: "don't fit"),
        Refusal(
            kernel: PCFixture.bzImage(initrdLimit: 0x17f_ffff), initrd: [1], text: "don't fit between the kernel"),
        Refusal(
            kernel: PCFixture.bzImage(), initrd: [UInt8](repeating: 1, count: 112 << 20),
            text: "don't fit between the kernel"),
        // cmdline_size is 2047 here.
        Refusal(
            kernel: PCFixture.bzImage(), arguments: String(repeating: "a", count: 2048),
            text: "this kernel takes 2047: shorten --params"),
    ]

    @Test("A kernel is taken up to each limit and refused beyond it", arguments: limits.indices)
    func limit(index: Int) {
        let row = Self.limits[index]
        do {
            _ = try PCFixture.machine(row.kernel, initrd: row.initrd, arguments: row.arguments)
            #expect(row.text == nil, "row \(index) was taken")
        } catch {
            let text = (error as? MachineError)?.sentence ?? "\(error)"
            #expect(row.text.map { text.contains($0) } ?? false, "row \(index): \(text)")
        }
    }
}
