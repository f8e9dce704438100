import ByteOrder
package import GuestAddresses

/// The processor architecture of an ELF file.
package struct ELFMachine: Equatable, Sendable {
    /// The value of e_machine.
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
/// System V ABI, "Object Files" and "Program Loading"; ELF for the Arm 64-bit Architecture (AAELF64). Every offset and
/// size is checked against the size of the file.
package struct ELFImage: Equatable, Sendable {
    /// The physical address of the first instruction.
    package var entry: PhysicalAddress
    /// The loadable segments, in the order of the file.
    package var segments: [Segment]

    /// A PT_LOAD segment that has a size in memory.
    package struct Segment: Equatable, Sendable {
        /// The load address, p_paddr, at which the program also runs until it turns on the MMU.
        package var address: PhysicalAddress
        /// The size in memory, p_memsz, in bytes.
        package var memorySize: UInt64
        /// The range of the segment's bytes in the file; the rest of the segment is zero.
        package var file: Range<Int>

        /// The address after the segment.
        package var end: PhysicalAddress { address + memorySize }
    }

    /// Whether the bytes have an ELF's magic number.
    package static func matches(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x7F, UInt8(ascii: "E"), UInt8(ascii: "L"), UInt8(ascii: "F")])
    }

    /// Reads the program headers of an ELF file.
    ///
    /// Throws ``MachineError/kernel(path:_:)`` with an ``ELFFault`` if the file is not a bare-metal program for
    /// `machine`.
    package init(parsing bytes: [UInt8], path: String, machine: ELFMachine) throws(MachineError) {
        let header = try Header(bytes, path, machine)
        segments = []
        // If no segment contains the entry address, it is used as a physical address.
        entry = PhysicalAddress(header.entry.rawValue)
        for index in 0..<UInt64(header.programHeaderCount) {
            // The sum can't overflow: there are at most 65535 headers of at most 65535 bytes, and `Header` has checked
            // the offset.
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

    /// Throws if the bytes of two segments overlap in memory.
    ///
    /// A segment without bytes in the file may lie anywhere, because linker scripts often give BSS an arbitrary load
    /// address.
    private func refuseOverlap(_ path: String) throws(MachineError) {
        let sorted = segments.filter { !$0.file.isEmpty }.sorted { $0.address < $1.address }
        for (lower, upper) in zip(sorted, sorted.dropFirst()) where lower.end > upper.address {
            throw Self.error(path, .overlap(lower.address, upper.address))
        }
    }

    private static func error(_ path: String, _ fault: ELFFault) -> MachineError {
        .kernel(path: path, .elf(fault))
    }

    /// The fields of the ELF header that are needed to load a program.
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
            // ET_EXEC, or ET_DYN: a program that relocates itself, which is loaded at its linked address.
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

/// The reason why an ELF file is refused.
///
/// Sizes and offsets are in bytes.
package enum ELFFault: Equatable, Sendable {
    /// The file ends before the ELF header does.
    case headerCutOff
    /// The file is not of class ELFCLASS64 with data encoding ELFDATA2LSB.
    case notLittleEndian64(wanted: ELFMachine)
    /// The file's e_machine is not that of the board's processor; `board` names a board that runs it, if there is one.
    case machine(UInt16, wanted: ELFMachine, board: String?)
    /// The file's e_type is neither ET_EXEC nor ET_DYN.
    case notExecutable(type: UInt16)
    /// The file has no program headers, or their size or offset is invalid.
    case noProgramHeaders
    /// A program header extends beyond the end of the file.
    case programHeaderCutOff(index: UInt64, offset: UInt64, fileSize: UInt64)
    /// The program has a PT_INTERP segment, so it is for an operating system, not for bare metal.
    case interpreter
    /// The file has no PT_LOAD segment with a size in memory.
    case noLoadableSegment
    /// The entry address is not aligned as instructions are; the alignment is in bytes.
    case entry(PhysicalAddress, alignment: UInt64)
    /// A segment extends beyond the end of the file.
    case segmentBeyondFile(index: UInt64, size: UInt64, offset: UInt64, fileSize: UInt64)
    /// A segment is larger in the file than in memory.
    case segmentSizes(index: UInt64, inFile: UInt64, inMemory: UInt64)
    /// A segment extends beyond the highest 64-bit address.
    case segmentBeyondAddressSpace(index: UInt64, address: PhysicalAddress)
    /// Two segments overlap in memory; the addresses are those of the segments.
    case overlap(PhysicalAddress, PhysicalAddress)
}
