/// A static ELF executable, written byte by byte: program headers, and nothing a linker would be needed for.
struct LinuxProgram {
    struct Segment {
        var address: UInt64
        var bytes: [UInt8]
        /// The size in memory where it is more than the bytes.
        var memorySize: UInt64 = 0
        var isWritable = false
        var isExecutable = false
    }

    var entry: UInt64
    var segments: [Segment]

    /// The harness with these sequences, each at the address `addresses` says.
    init(_ sequences: [PlacedSequence]) throws {
        var code: [UInt8] = []
        var descriptors: [UInt8] = []
        for placed in sequences {
            precondition(AddressSpace.code + UInt64(code.count) == placed.address)
            for word in placed.sequence.words { code.append(littleEndian: word) }
            let initial = placed.sequence.initial
            for value in initial.registers + [initial.sp, placed.address, initial.nzcv, initial.tpidr] {
                descriptors.append(littleEndian: value)
            }
            let floatingPoint = initial.floatingPoint
            for value in [floatingPoint.fpsr | floatingPoint.fpcr << 32] + floatingPoint.halves {
                descriptors.append(littleEndian: value)
            }
            descriptors += initial.memory
        }
        entry = LinuxHarness.base
        segments = [
            Segment(address: LinuxHarness.base, bytes: try LinuxHarness.image(), isExecutable: true),
            Segment(address: AddressSpace.code, bytes: code, isExecutable: true),
            Segment(address: LinuxHarness.descriptors, bytes: descriptors),
            Segment(
                address: LinuxHarness.state, bytes: LinuxHarness.stateImage(count: sequences.count),
                memorySize: LinuxHarness.stateSize, isWritable: true),
            Segment(
                address: LinuxHarness.dumps, bytes: [],
                memorySize: UInt64(sequences.count * LinuxHarness.dumpSize), isWritable: true),
            Segment(
                address: AddressSpace.windowPages, bytes: [],
                memorySize: AddressSpace.windowPageCount * AddressSpace.pageSize, isWritable: true),
            Segment(
                address: AddressSpace.writableCode, bytes: [], memorySize: AddressSpace.pageSize, isWritable: true,
                isExecutable: true),
        ]
    }

    /// The file: ELF-64 for AArch64 (System V ABI, "ELF Header"), one PT_LOAD for each segment.
    var file: [UInt8] {
        var bytes: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let page = AddressSpace.pageSize
        bytes.append(littleEndian: UInt16(2))  // ET_EXEC
        bytes.append(littleEndian: UInt16(183))  // EM_AARCH64
        bytes.append(littleEndian: UInt32(1))
        bytes.append(littleEndian: entry)
        bytes.append(littleEndian: UInt64(64))
        bytes.append(littleEndian: UInt64(0))
        bytes.append(littleEndian: UInt32(0))
        for value in [64, 56, segments.count, 0, 0, 0] { bytes.append(littleEndian: UInt16(value)) }
        var offset = page
        for segment in segments {
            bytes.append(littleEndian: UInt32(1))  // PT_LOAD
            bytes.append(littleEndian: UInt32(4 | (segment.isWritable ? 2 : 0) | (segment.isExecutable ? 1 : 0)))
            for value in [offset, segment.address, segment.address, UInt64(segment.bytes.count)] {
                bytes.append(littleEndian: value)
            }
            bytes.append(littleEndian: max(segment.memorySize, UInt64(segment.bytes.count)))
            bytes.append(littleEndian: page)
            offset += (UInt64(segment.bytes.count) + page - 1) / page * page
        }
        for segment in segments {
            let padding = (Int(page) - bytes.count % Int(page)) % Int(page)
            bytes += [UInt8](repeating: 0, count: padding) + segment.bytes
        }
        return bytes
    }
}

/// A sequence and where its first word lies.
struct PlacedSequence: Sendable {
    var sequence: TestSequence
    var address: UInt64

    /// Places sequences one after the other from the start of the code.
    static func place(_ sequences: [TestSequence]) -> [PlacedSequence] {
        var address = AddressSpace.code
        return sequences.map { sequence in
            defer { address += UInt64(sequence.words.count * 4) }
            return PlacedSequence(sequence: sequence, address: address)
        }
    }
}
