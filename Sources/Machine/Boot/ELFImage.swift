import ByteOrder
package import GuestAddresses

/// The processor that an ELF file is for.
package struct ELFMachine: Equatable, Sendable {
    /// e_machine.
    package var number: UInt16
    /// The architecture's name for display.
    package var name: String
    /// The architecture's name in a linker's options.
    package var linkName: String
    /// The alignment of instructions in bytes.
    package var instructionAlignment: UInt64
}

/// A bare-metal program: the loadable segments of a 64-bit little-endian ELF.
///
/// System V ABI, "Object Files" and "Program Loading"; ELF for the Arm 64-bit Architecture (AAELF64). Nothing in the
/// file is believed: every offset and size is checked against what is there.
package struct ELFImage: Equatable, Sendable {
    /// Where execution begins.
    package var entry: PhysicalAddress
    /// In the order of the file.
    package var segments: [Segment]

    package struct Segment: Equatable, Sendable {
        /// p_paddr, where it is loaded; before the MMU is on that is where it runs as well.
        package var address: PhysicalAddress
        package var memorySize: UInt64
        /// The range of the segment's bytes in the file; the rest of its memory is zero.
        package var file: Range<Int>

        /// The first address after it.
        package var end: PhysicalAddress { address + memorySize }
    }

    /// Whether the bytes have an ELF's magic number.
    package static func matches(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x7F, UInt8(ascii: "E"), UInt8(ascii: "L"), UInt8(ascii: "F")])
    }

    package init(parsing bytes: [UInt8], path: String, machine: ELFMachine) throws(MachineError) {
        let header = try Header(bytes, path, machine)
        segments = []
        // An entry in no segment: it is looked for in memory as it is.
        entry = PhysicalAddress(header.entry.rawValue)
        for index in 0..<UInt64(header.programHeaderCount) {
            // The sum can't overflow: 65535 headers of 65535 bytes, and an offset the header reader has checked.
            let offset = header.programHeaderOffset + index * UInt64(header.programHeaderSize)
            guard let row = ProgramHeader(bytes, at: offset) else {
                throw Self.error(
                    path, .programHeaderCutOff(index: index, offset: offset, fileSize: UInt64(bytes.count)))
            }
            guard row.type != ProgramHeader.interpreter else {
                throw Self.error(path, .interpreter)
            }
            guard row.type == ProgramHeader.load, row.memorySize > 0 else { continue }
            let segment = try Self.segment(row, index: index, fileSize: bytes.count, path)
            if header.entry >= row.virtual, header.entry - row.virtual < row.memorySize {
                entry = row.physical &+ (header.entry - row.virtual)
            }
            segments.append(segment)
        }
        guard !segments.isEmpty else { throw Self.error(path, .noLoadableSegment) }
        let alignment = machine.instructionAlignment
        guard entry.isAligned(to: alignment) else {
            throw Self.error(path, .entry(entry, alignment: alignment))
        }
        try refuseOverlap(path)
    }

    private static func segment(
        _ row: ProgramHeader, index: UInt64, fileSize: Int, _ path: String
    ) throws(MachineError) -> Segment {
        let fileEnd = row.offset.addingReportingOverflow(row.fileSize)
        guard !fileEnd.overflow, fileEnd.partialValue <= UInt64(fileSize) else {
            throw error(
                path,
                .segmentBeyondFile(index: index, size: row.fileSize, offset: row.offset, fileSize: UInt64(fileSize)))
        }
        guard row.fileSize <= row.memorySize else {
            throw error(path, .segmentSizes(index: index, inFile: row.fileSize, inMemory: row.memorySize))
        }
        guard !row.physical.addingReportingOverflow(row.memorySize).overflow else {
            throw error(path, .segmentBeyondAddressSpace(index: index, address: row.physical))
        }
        return Segment(
            address: row.physical, memorySize: row.memorySize,
            file: Int(row.offset)..<Int(fileEnd.partialValue))
    }

    /// Refuses segments whose bytes would overwrite each other.
    ///
    /// One without bytes in the file may lie anywhere: linker scripts give BSS a load address without meaning.
    private func refuseOverlap(_ path: String) throws(MachineError) {
        let sorted = segments.filter { !$0.file.isEmpty }.sorted { $0.address < $1.address }
        for (lower, upper) in zip(sorted, sorted.dropFirst()) where lower.end > upper.address {
            throw Self.error(path, .overlap(lower.address, upper.address))
        }
    }

    private static func error(_ path: String, _ fault: ELFFault) -> MachineError {
        .kernel(path: path, .elf(fault))
    }

    /// The parts of the ELF header that matter.
    private struct Header {
        var entry: VirtualAddress
        var programHeaderOffset: UInt64
        var programHeaderSize: UInt16
        var programHeaderCount: UInt16

        init(_ bytes: [UInt8], _ path: String, _ wanted: ELFMachine) throws(MachineError) {
            guard bytes.count >= 64, let type: UInt16 = bytes.littleEndian(at: 16),
                let machine: UInt16 = bytes.littleEndian(at: 18), let entry: UInt64 = bytes.littleEndian(at: 24),
                let offset: UInt64 = bytes.littleEndian(at: 32), let size: UInt16 = bytes.littleEndian(at: 54),
                let count: UInt16 = bytes.littleEndian(at: 56)
            else { throw ELFImage.error(path, .headerCutOff) }
            // EI_CLASS and EI_DATA.
            guard bytes[4] == 2, bytes[5] == 1 else {
                throw ELFImage.error(path, .notLittleEndian64(wanted: wanted))
            }
            guard machine == wanted.number else {
                let other = Boards.all.first { $0.programs.number == machine }
                throw ELFImage.error(path, .machine(machine, wanted: wanted, board: other?.name))
            }
            // ET_EXEC, or ET_DYN: a program that relocates itself, loaded where it was linked.
            guard type == 2 || type == 3 else {
                throw ELFImage.error(path, .notExecutable(type: type))
            }
            guard size >= 56, count > 0, offset <= UInt64(bytes.count) else {
                throw ELFImage.error(path, .noProgramHeaders)
            }
            self.entry = VirtualAddress(entry)
            (programHeaderOffset, programHeaderSize, programHeaderCount) = (offset, size, count)
        }
    }

    private struct ProgramHeader {
        static let load: UInt32 = 1
        static let interpreter: UInt32 = 3

        var type: UInt32
        var offset: UInt64
        var virtual: VirtualAddress
        var physical: PhysicalAddress
        var fileSize: UInt64
        var memorySize: UInt64

        init?(_ bytes: [UInt8], at start: UInt64) {
            guard let type: UInt32 = bytes.littleEndian(at: start),
                let offset: UInt64 = bytes.littleEndian(at: start + 8),
                let virtual: UInt64 = bytes.littleEndian(at: start + 16),
                let physical: UInt64 = bytes.littleEndian(at: start + 24),
                let fileSize: UInt64 = bytes.littleEndian(at: start + 32),
                let memorySize: UInt64 = bytes.littleEndian(at: start + 40)
            else { return nil }
            (self.type, self.offset) = (type, offset)
            (self.virtual, self.physical) = (VirtualAddress(virtual), PhysicalAddress(physical))
            (self.fileSize, self.memorySize) = (fileSize, memorySize)
        }
    }
}

/// Why an ELF file is refused.
///
/// Sizes and offsets are in bytes.
package enum ELFFault: Equatable, Sendable {
    case headerCutOff
    case notLittleEndian64(wanted: ELFMachine)
    /// `board` is one that runs files of this e_machine.
    case machine(UInt16, wanted: ELFMachine, board: String?)
    case notExecutable(type: UInt16)
    case noProgramHeaders
    case programHeaderCutOff(index: UInt64, offset: UInt64, fileSize: UInt64)
    /// The program is an operating system's, not bare metal.
    case interpreter
    case noLoadableSegment
    case entry(PhysicalAddress, alignment: UInt64)
    case segmentBeyondFile(index: UInt64, size: UInt64, offset: UInt64, fileSize: UInt64)
    /// There is more in the file than in memory.
    case segmentSizes(index: UInt64, inFile: UInt64, inMemory: UInt64)
    case segmentBeyondAddressSpace(index: UInt64, address: PhysicalAddress)
    case overlap(PhysicalAddress, PhysicalAddress)
}
