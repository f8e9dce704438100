import GuestMemory

/// Reads the images of a PC's configuration and finds a place for each.
///
/// Linux, Documentation/arch/x86/boot.rst, "64-bit Boot Protocol": the kernel is entered in 64-bit mode with its memory
/// mapped to itself, RSI has the address of `boot_params`. An ELF is entered in the same way.
struct PCBootPlanner {
    let board: PCBoard
    let configuration: MachineConfiguration
    let memory: GuestMemory
    let virtioCount: Int
    let hasDisk: Bool

    private static let fileLimit: UInt64 = 2 << 30
    private typealias Map = PCMemoryMap

    func plan() throws(MachineError) -> BootPlan {
        if let firmware = configuration.firmware {
            throw .noFirmware(path: firmware.path, board: board.name)
        }
        guard let kernel = configuration.kernel else { throw .nothingToBoot }
        let bytes = try kernel.load(role: .kernel, limit: Self.fileLimit)
        if ELFImage.matches(bytes) { return try plan(elf: bytes, path: kernel.path) }
        if BzImage.matches(bytes) { return try plan(linux: bytes, path: kernel.path) }
        throw .kernel(path: kernel.path, .notForPC)
    }

    private func plan(linux bytes: [UInt8], path: String) throws(MachineError) -> BootPlan {
        let image = try BzImage(parsing: bytes, path: path)
        let piece = BootPlan.Piece(
            name: .image(.kernel, path: path), address: image.preferredAddress, bytes: Array(bytes[image.payload...]),
            size: image.memorySize)
        try check(piece)
        let line = configuration.kernelCommandLine(hasDisk: hasDisk)
        guard line.utf8.count <= min(image.commandLineLimit, 0xffff) else {
            throw .commandLine(count: line.utf8.count, maximum: image.commandLineLimit)
        }
        let initrd = try initrd(above: piece.address + piece.size, limit: image.initrdLimit)
        var parameters = BootParameters(header: image.header)
        parameters.place(initrd: initrd.map { $0.address..<$0.address + $0.size })
        // The 64-bit entry point.
        return finish([piece], entry: piece.address + 0x200, parameters, line: line, initrd: initrd)
    }

    private func plan(elf bytes: [UInt8], path: String) throws(MachineError) -> BootPlan {
        let image = try ELFImage(parsing: bytes, path: path, machine: board.programs)
        var pieces: [BootPlan.Piece] = []
        for segment in image.segments {
            let piece = BootPlan.Piece(
                name: .segment(path: path, address: segment.address), address: segment.address,
                bytes: Array(bytes[segment.file]), size: segment.memorySize)
            try check(piece)
            pieces.append(piece)
        }
        let end = pieces.map { $0.address + $0.size }.max() ?? Map.high
        let initrd = try initrd(above: end, limit: Map.hole.lowerBound - 1)
        var parameters = BootParameters(header: [])
        parameters.place(initrd: initrd.map { $0.address..<$0.address + $0.size })
        var plan = finish(
            pieces, entry: image.entry, parameters, line: configuration.bootArguments, initrd: initrd)
        plan.isELF = true
        return plan
    }

    /// As high below 4 GiB as the kernel takes it.
    private func initrd(above end: UInt64, limit: UInt64) throws(MachineError) -> BootPlan.Piece? {
        guard let initrd = configuration.initrd else { return nil }
        let top = min(limit + 1, min(configuration.memorySize, Map.hole.lowerBound))
        let bytes = try initrd.load(role: .initrd, limit: Self.fileLimit)
        let size = UInt64(bytes.count)
        guard top > end, top - end >= size + 0x1000 else {
            throw .initrdSpace(path: initrd.path, size: size, kernelEnd: end, limit: top)
        }
        return BootPlan.Piece(
            name: .image(.initrd, path: initrd.path), address: (top - size) & ~0xfff, bytes: bytes, size: size)
    }

    private func finish(
        _ pieces: [BootPlan.Piece], entry: UInt64, _ parameters: BootParameters, line: String,
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
        func piece(_ name: BootPiece, _ address: UInt64, _ bytes: [UInt8]) -> BootPlan.Piece {
            BootPlan.Piece(name: name, address: address, bytes: bytes, size: UInt64(bytes.count))
        }
        let fixed = [
            piece(.descriptorTable, Map.gdt, Map.gdtEntries.flatMap(\.littleEndianBytes)),
            piece(.pageTables, Map.pageTables, Map.identityTables),
            piece(.commandLine, Map.commandLine, Array(line.utf8) + [0]),
            piece(.acpiTables, Map.acpi, tables.bytes(at: Map.acpi)),
        ]
        return BootPlan(
            pieces: fixed + pieces, entry: entry,
            information: piece(.bootParameters, Map.bootParameters, parameters.bytes), initrd: initrd)
    }

    /// Refuses what does not lie in memory as a whole, or where the machine's own tables are.
    private func check(_ piece: BootPlan.Piece) throws(MachineError) {
        guard piece.address >= Map.high, let count = Int(exactly: piece.size),
            memory.available(at: PhysicalAddress(piece.address), count: count) == count
        else {
            throw .outsideHighRAM(piece.name, address: piece.address, size: piece.size, start: Map.high)
        }
    }
}
