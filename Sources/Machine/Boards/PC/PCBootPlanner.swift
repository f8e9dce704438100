import ByteOrder
import GuestAddresses
import GuestMemory

/// Reads the images of a PC's configuration and finds a place for each.
///
/// The kernel is entered in 64-bit mode, with its memory identity-mapped and the address of `boot_params` in RSI
/// (Linux, Documentation/arch/x86/boot.rst, "64-bit Boot Protocol"). An ELF is entered in the same way.
struct PCBootPlanner {
    let board: PCBoard
    let configuration: MachineConfiguration
    let memory: GuestMemory
    let virtioCount: Int
    let hasDisk: Bool

    private typealias Map = PCMemoryMap

    func plan() throws(MachineError) -> BootPlan {
        if let firmware = configuration.firmware {
            throw .noFirmware(path: firmware.path, board: board.name)
        }
        guard let kernel = configuration.kernel else { throw .nothingToBoot }
        let bytes = try kernel.load(role: .kernel, limit: InputFile.sizeLimit)
        if ELFImage.matches(bytes) { return try plan(elf: bytes, path: kernel.path) }
        if BzImage.matches(bytes) { return try plan(linux: bytes, path: kernel.path) }
        throw .kernel(path: kernel.path, .notForPC)
    }

    private func plan(linux bytes: [UInt8], path: String) throws(MachineError) -> BootPlan {
        let image = try BzImage(parsing: bytes, path: path)
        let piece = BootPlan.Piece(
            .image(.kernel, path: path), at: image.preferredAddress, Array(bytes[image.payload...]),
            size: image.memorySize)
        try check(piece)
        let line = configuration.kernelCommandLine(hasDisk: hasDisk)
        guard line.utf8.count <= min(image.commandLineLimit, 0xffff) else {
            throw .commandLine(count: line.utf8.count, maximum: image.commandLineLimit)
        }
        let initrd = try initrd(above: piece.range.upperBound, limit: image.initrdLimit)
        var parameters = BootParameters(header: image.header)
        parameters.place(initrd: initrd.map(\.range))
        // The 64-bit entry point is at 0x200.
        return finish([piece], entry: piece.address + 0x200, parameters, line: line, initrd: initrd)
    }

    private func plan(elf bytes: [UInt8], path: String) throws(MachineError) -> BootPlan {
        let image = try ELFImage(parsing: bytes, path: path, machine: board.programs)
        let pieces = image.pieces(of: bytes, path: path)
        for piece in pieces { try check(piece) }
        let end = pieces.map(\.range.upperBound).max() ?? Map.high
        let initrd = try initrd(above: end, limit: Map.hole.lowerBound - 1)
        var parameters = BootParameters(header: [])
        parameters.place(initrd: initrd.map(\.range))
        var plan = finish(
            pieces, entry: image.entry, parameters, line: configuration.bootArguments, initrd: initrd)
        plan.isELF = true
        return plan
    }

    /// Places the initrd as high as the kernel's limit, RAM and the hole below 4 GiB allow.
    private func initrd(above end: PhysicalAddress, limit: PhysicalAddress) throws(MachineError) -> BootPlan.Piece? {
        guard let initrd = configuration.initrd else { return nil }
        let top = min(limit + 1, PhysicalAddress(configuration.memorySize), Map.hole.lowerBound)
        let bytes = try initrd.load(role: .initrd, limit: InputFile.sizeLimit)
        let size = UInt64(bytes.count)
        guard top > end, top - end >= size + 0x1000 else {
            throw .initrdSpace(path: initrd.path, size: size, kernelEnd: end, limit: top)
        }
        let address: PhysicalAddress = top - size
        return BootPlan.Piece(.image(.initrd, path: initrd.path), at: address.alignedDown(to: 4096), bytes)
    }

    private func finish(
        _ pieces: [BootPlan.Piece], entry: PhysicalAddress, _ parameters: BootParameters, line: String,
        initrd: BootPlan.Piece?
    ) -> BootPlan {
        var parameters = parameters
        parameters.setCommandLine(at: Map.commandLine)
        parameters.setRootPointer(Map.acpi)
        parameters.setMemory(board.ram(size: configuration.memorySize))
        let slots = board.virtio
        let tables = ACPITables(
            vcpuCount: configuration.vcpuCount,
            virtio: (0..<virtioCount).map { (slots.base(of: $0), slots.firstLine + $0) })
        let fixed = [
            BootPlan.Piece(.descriptorTable, at: Map.gdt, Map.gdtEntries.flatMap(\.littleEndianBytes)),
            BootPlan.Piece(.pageTables, at: Map.pageTables, Map.identityTables),
            BootPlan.Piece(.commandLine, at: Map.commandLine, Array(line.utf8) + [0]),
            BootPlan.Piece(.acpiTables, at: Map.acpi, tables.bytes(at: Map.acpi)),
        ]
        return BootPlan(
            pieces: fixed + pieces, entry: entry,
            information: BootPlan.Piece(.bootParameters, at: Map.bootParameters, parameters.bytes), initrd: initrd)
    }

    /// Throws if a piece does not lie in RAM above 1 MiB as a whole; the machine's own tables are below.
    private func check(_ piece: BootPlan.Piece) throws(MachineError) {
        guard piece.address >= Map.high, memory.holds(piece) else {
            throw .outsideHighRAM(piece.name, address: piece.address, size: piece.size, start: Map.high)
        }
    }
}
