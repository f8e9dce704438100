import GuestAddresses
import GuestMemory

/// Reads the images of an AArch64 board's configuration and finds a place for each.
struct AArch64BootPlanner {
    private let board: AArch64Board
    private let configuration: MachineConfiguration
    private let memory: GuestMemory
    private let virtioCount: Int
    private let bootArguments: String

    private static let deviceTreeAlignment: UInt64 = 2 << 20
    /// The bytes reserved for the device tree by boards that place it downward from a limit.
    private static let deviceTreeLimit: UInt64 = 64 << 10

    private var ram: Range<PhysicalAddress> { board.ramBase..<board.ramBase + configuration.memorySize }

    init(
        _ board: AArch64Board, _ configuration: MachineConfiguration, memory: GuestMemory, virtioCount: Int,
        hasDisk: Bool
    ) {
        self.board = board
        self.configuration = configuration
        self.memory = memory
        self.virtioCount = virtioCount
        // Firmware gets the user's arguments unchanged.
        bootArguments =
            configuration.kernel == nil
            ? configuration.bootArguments : configuration.kernelCommandLine(hasDisk: hasDisk)
    }

    func plan() throws(MachineError) -> BootPlan {
        if let firmware = configuration.firmware { return try plan(firmware: firmware) }
        guard let kernel = configuration.kernel else {
            throw .nothingToBoot
        }
        var bytes = try kernel.load(role: .kernel, limit: InputFile.sizeLimit)
        if Gunzip.matches(bytes) { bytes = try unpacked(bytes, path: kernel.path) }
        if ELFImage.matches(bytes) { return try plan(elf: bytes, path: kernel.path) }
        if LinuxImage.matches(bytes) { return try plan(linux: bytes, path: kernel.path) }
        throw .kernel(path: kernel.path, .format(KernelDiagnosis.format(of: bytes)))
    }

    private func unpacked(_ bytes: [UInt8], path: String) throws(MachineError) -> [UInt8] {
        var limit = min(configuration.memorySize, InputFile.sizeLimit)
        var format: KernelFormat?
        do throws(Gunzip.Failure) {
            // A small file may unpack to gigabytes, so it is unpacked only if its first bytes look like a kernel's.
            let head = try Gunzip.beginning(of: bytes)
            if ELFImage.matches(head) {
                // An ELF file may be larger than the memory that its segments need.
                limit = min(max(configuration.memorySize, 256 << 20), InputFile.sizeLimit)
            } else if !LinuxImage.matches(head) {
                format = KernelDiagnosis.format(of: head)
            }
            if format == nil { return try Gunzip.unpack(bytes, limit: Int(limit)) }
        } catch {
            throw .kernel(path: path, error == .tooLarge ? .unpacksBeyond(limit) : .gzip(error))
        }
        throw .kernel(path: path, .format(format ?? .unknown))
    }

    private func plan(firmware: InputFile) throws(MachineError) -> BootPlan {
        let address: PhysicalAddress
        let limit: UInt64
        switch board.firmware {
        case .flash(let bank):
            (address, limit) = (board.flash[bank].base, board.flash[bank].size)
        case .ram:
            (address, limit) = (board.ramBase, configuration.memorySize)
        }
        let bytes = try firmware.load(role: .firmware, limit: limit)
        guard !bytes.isEmpty else { throw .file(.firmware, path: firmware.path, .empty) }
        let piece = BootPlan.Piece(.image(.firmware, path: firmware.path), at: address, bytes)
        return try finish(
            [piece], entry: address, deviceTreeAfter: ram.contains(address) ? piece.range.upperBound : nil)
    }

    private func plan(linux bytes: [UInt8], path: String) throws(MachineError) -> BootPlan {
        let image = try LinuxImage(parsing: bytes, path: path)
        let piece = BootPlan.Piece(
            .image(.kernel, path: path), at: board.ramBase + image.textOffset, bytes, size: image.memorySize)
        try check(piece)
        return try finish([piece], entry: piece.address, deviceTreeAfter: piece.range.upperBound)
    }

    private func plan(elf bytes: [UInt8], path: String) throws(MachineError) -> BootPlan {
        let image = try ELFImage(parsing: bytes, path: path, machine: board.programs)
        let pieces = image.pieces(of: bytes, path: path)
        for piece in pieces { try check(piece) }
        guard memory.available(at: image.entry, count: 4) == 4 else {
            throw .entryOutsideMemory(path: path, entry: image.entry, ram: ram)
        }
        // Programs for `virt` that do not take the device tree's address from X0 look for it at the start of RAM, so it
        // goes there unless the program occupies that place.
        let inRAM = pieces.map(\.range).filter { ram.overlaps($0) }
        let first = inRAM.map(\.lowerBound).min()
        let end = inRAM.map(\.upperBound).max()
        let size = UInt64(deviceTree(initrd: 0..<0).count)
        let isFree = first.map { $0 >= ram.lowerBound + size } ?? true
        var plan = try finish(pieces, entry: image.entry, deviceTreeAfter: isFree ? nil : end, imageEnd: end)
        plan.isELF = true
        return plan
    }

    /// Places the device tree and the initrd as the board's `images` says.
    ///
    /// - Parameters:
    ///   - deviceTreeAfter: The address after which the device tree goes to the next 2 MiB boundary; nil for the start
    ///     of RAM.
    ///   - imageEnd: An address that the initrd must not overlap either; nil for none.
    private func finish(
        _ pieces: [BootPlan.Piece], entry: PhysicalAddress, deviceTreeAfter: PhysicalAddress?,
        imageEnd: PhysicalAddress? = nil
    ) throws(MachineError) -> BootPlan {
        if case .downFrom(let size) = board.images, configuration.kernel != nil {
            return try finish(pieces, entry: entry, downFrom: size)
        }
        let size = UInt64(deviceTree(initrd: 0..<0).count)
        let address = (deviceTreeAfter ?? ram.lowerBound).alignedUp(to: Self.deviceTreeAlignment)
        guard let address, address <= ram.upperBound, ram.upperBound - address >= size else {
            throw .deviceTreeSpace(size: size, ram: ram, isAfterImage: true)
        }
        var initrdPiece: BootPlan.Piece?
        if let initrd = configuration.initrd {
            let bytes = try initrd.load(role: .initrd, limit: configuration.memorySize)
            let free = max(address + size, imageEnd ?? 0).alignedUp(to: 4096) ?? ram.upperBound
            let piece = BootPlan.Piece(.image(.initrd, path: initrd.path), at: free, bytes)
            try check(piece)
            initrdPiece = piece
        }
        let tree = deviceTree(initrd: initrdPiece?.range)
        return BootPlan(
            pieces: pieces, entry: entry,
            information: BootPlan.Piece(.deviceTree, at: address, tree, size: size), initrd: initrdPiece)
    }

    /// Places the device tree at the end of the first `limit` bytes of RAM, and the initrd below it.
    private func finish(
        _ pieces: [BootPlan.Piece], entry: PhysicalAddress, downFrom limit: UInt64
    ) throws(MachineError) -> BootPlan {
        let size = UInt64(deviceTree(initrd: 0..<0).count)
        // The device tree has 64 KiB, and begins at a multiple of 2 MiB.
        let room = Self.deviceTreeLimit + Self.deviceTreeAlignment
        let end: PhysicalAddress = board.ramBase + min(configuration.memorySize, limit) - 1
        guard size <= Self.deviceTreeLimit, end - board.ramBase > room,
            let address = (end - room as PhysicalAddress).alignedUp(to: Self.deviceTreeAlignment)
        else {
            throw .deviceTreeSpace(size: size, ram: ram, isAfterImage: false)
        }
        var plan = BootPlan(
            pieces: pieces, entry: entry,
            information: BootPlan.Piece(.deviceTree, at: address, [], size: size))
        if let initrd = configuration.initrd {
            let bytes = try initrd.load(role: .initrd, limit: address - board.ramBase - 4)
            let last: PhysicalAddress = address - UInt64(bytes.count) - 1
            plan.initrd = BootPlan.Piece(.image(.initrd, path: initrd.path), at: last.alignedDown(to: 4), bytes)
        }
        let ends = [plan.information] + (plan.initrd.map { [$0] } ?? [])
        for piece in pieces {
            for other in ends where piece.range.overlaps(other.range) {
                throw .overlap(piece.name, other.name, address: other.address)
            }
        }
        plan.information.bytes = deviceTree(initrd: plan.initrd?.range)
        return plan
    }

    private func deviceTree(initrd: Range<PhysicalAddress>?) -> [UInt8] {
        FlattenedDeviceTree.bytes(
            root: board.deviceTree(
                vcpuCount: configuration.vcpuCount, memorySize: configuration.memorySize,
                bootArguments: bootArguments, initrd: initrd, virtioCount: virtioCount,
                kaslrSeed: configuration.kaslrSeed))
    }

    /// Throws if a piece does not lie in memory as a whole.
    private func check(_ piece: BootPlan.Piece) throws(MachineError) {
        if memory.holds(piece) { return }
        throw .outsideRAM(piece.name, address: piece.address, size: piece.size, ram: ram)
    }
}
