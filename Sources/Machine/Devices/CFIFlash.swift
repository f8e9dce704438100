import GuestAddresses
package import GuestMemory

/// A bank of NOR flash: two 16-bit chips side by side, with Intel's command set.
///
/// JEDEC, JESD68, "Common Flash Interface", with the command set 0x0001. Both chips get the same commands, so they are one
/// state machine; a word of the bus is 4 bytes. In read-array mode the guest reads the region's memory directly; in any other
/// mode its reads come here (``MemoryRegion/isDirect``). Programming takes no time and, as in a chip, only clears bits.
package final class CFIFlash: Device, Stateful {
    package let name: String
    package static let sectorSize: UInt64 = 256 << 10

    private let memory: GuestMemory
    private let region: MemoryRegion

    package private(set) var state = State()

    /// The state of the chips' command interface; their content is the region's.
    package struct State: Equatable, Sendable {
        var mode = Mode.array
        var status = Status.ready
        /// Bytes waiting for the confirmation of a buffered write.
        var buffer: [Write] = []
    }

    struct Write: Equatable, Sendable {
        var offset: UInt64
        var size: Int
        var value: UInt64
    }

    enum Mode: Equatable, Sendable {
        // What reads give.
        case array, status, identifier, query
        // A first command cycle has been written; reads give the status.
        case programSetup, eraseSetup, lockSetup
        case bufferCount, bufferData(remaining: Int), bufferConfirm
    }

    /// Bits of the status register.
    private enum Status {
        static let ready: UInt8 = 0x80
        static let eraseError: UInt8 = 0x20
        static let programError: UInt8 = 0x10
        static let sequenceError: UInt8 = eraseError | programError
    }

    /// - Precondition: the region is flash, a power of two of sectors.
    package init(region: MemoryRegion, in memory: GuestMemory) {
        self.region = region
        self.memory = memory
        name = region.name
    }

    /// Back to read-array mode; the content stays.
    package func reset() {
        restore(State())
    }

    package func restore(_ state: State) {
        self.state = state
        enter(state.mode)
    }

    private func enter(_ mode: Mode) {
        state.mode = mode
        memory.setDirect(mode == .array, region)
    }

    package func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        guard state.mode != .array else { return load(offset, size) }
        // Every byte of the range has its place in a 4-byte word of the two chips.
        return (0..<UInt64(size)).reduce(0) { value, index in
            let word = answer(Int((offset + index) / 4))
            return value | UInt64(word >> (8 * UInt32((offset + index) % 4)) & 0xFF) << (8 * index)
        }
    }

    /// What the chips put on the bus at a word's address while they are not in read-array mode.
    private func answer(_ word: Int) -> UInt32 {
        let half: UInt32 =
            switch state.mode {
            case .identifier: [0x89, 0x18][safe: word % Int(Self.sectorSize / 4)] ?? 0
            case .query: UInt32(Self.query(word, chipSize: region.size / 2))
            default: UInt32(state.status)
            }
        return half << 16 | half
    }

    package func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) {
        if size == 8 {
            writeWord(offset, 4, value & 0xFFFF_FFFF)
            writeWord(offset + 4, 4, value >> 32)
        } else {
            writeWord(offset, size, value)
        }
    }

    private func writeWord(_ offset: UInt64, _ size: Int, _ value: UInt64) {
        let command = UInt8(truncatingIfNeeded: value)
        switch state.mode {
        case .array, .status, .identifier, .query:
            begin(command)
        case .programSetup:
            program(offset, size, value)
            enter(.status)
        case .eraseSetup:
            if command == 0xD0 { erase(offset) } else { state.status |= Status.sequenceError }
            enter(.status)
        case .lockSetup:
            // Sectors are never locked; the protocol is answered.
            if ![0x01, 0xD0, 0x2F].contains(command) { state.status |= Status.sequenceError }
            enter(.status)
        case .bufferCount:
            let count = Int(value & 0xFFFF) + 1
            state.buffer = []
            if count > Self.bufferWords {
                state.status |= Status.sequenceError
                enter(.status)
            } else {
                enter(.bufferData(remaining: count))
            }
        case .bufferData(let remaining):
            state.buffer.append(Write(offset: offset, size: size, value: value))
            enter(remaining > 1 ? .bufferData(remaining: remaining - 1) : .bufferConfirm)
        case .bufferConfirm:
            if command == 0xD0 {
                for part in state.buffer { program(part.offset, part.size, part.value) }
            } else {
                state.status |= Status.sequenceError
            }
            state.buffer = []
            enter(.status)
        }
    }

    /// The first cycle of a command.
    private func begin(_ command: UInt8) {
        switch command {
        case 0x10, 0x40: enter(.programSetup)
        case 0x20: enter(.eraseSetup)
        case 0x50: state.status = Status.ready
        case 0x60: enter(.lockSetup)
        case 0x70: enter(.status)
        case 0x90: enter(.identifier)
        case 0x98: enter(.query)
        case 0xE8: enter(.bufferCount)
        default: enter(.array)  // 0xFF; the others, such as AMD's reset 0xF0, are not Intel's.
        }
    }

    private func erase(_ offset: UInt64) {
        let first = offset / Self.sectorSize * Self.sectorSize
        // The bank is a whole number of sectors, and the bus has checked the offset.
        memory.modify(region.base + first, count: Self.sectorSize, by: .device) { $0.update(repeating: 0xFF) }
    }

    private func program(_ offset: UInt64, _ size: Int, _ value: UInt64) {
        let count = min(UInt64(size), region.size - offset)
        memory.modify(region.base + offset, count: count, by: .device) { bytes in
            for index in bytes.indices { bytes[index] &= UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
        }
    }

    private func load(_ offset: UInt64, _ size: Int) -> UInt64 {
        (0..<size).reduce(0) {
            $0 | UInt64(memory.load(region.base + offset + UInt64($1), as: UInt8.self) ?? 0) << UInt64(8 * $1)
        }
    }
}

extension CFIFlash {
    /// The write buffer of each chip, 2 to this power bytes, and the words of the bus that fill both.
    private static let bufferExponent: UInt8 = 9
    private static let bufferWords = (1 << Int(bufferExponent)) / 2

    /// A byte of the query structure each chip answers with.
    private static func query(_ index: Int, chipSize: UInt64) -> UInt8 {
        let chipSectorSize = sectorSize / 2
        let sectors = chipSize / chipSectorSize - 1
        let exponent = UInt8(chipSize.trailingZeroBitCount)
        switch index {
        case 0x10: return UInt8(ascii: "Q")
        case 0x11: return UInt8(ascii: "R")
        case 0x12: return UInt8(ascii: "Y")
        case 0x13: return 0x01  // Intel's extended command set.
        case 0x15: return 0x31  // Where its own table is.
        case 0x1B: return 0x27  // Supply, 2.7 V to 3.6 V.
        case 0x1C: return 0x36
        case 0x1F, 0x20: return 6  // Typical times: a word and a buffer 64 µs,
        case 0x21: return 9  // a sector 512 ms;
        case 0x23, 0x24, 0x25: return 4  // at most 16 times that.
        case 0x27: return exponent
        case 0x28: return 0x01  // 16-bit interface.
        case 0x2A: return bufferExponent
        case 0x2C: return 1  // One region of sectors, all alike: how many less one, and their size in 256 bytes.
        case 0x2D: return UInt8(truncatingIfNeeded: sectors)
        case 0x2E: return UInt8(truncatingIfNeeded: sectors >> 8)
        case 0x2F: return UInt8(truncatingIfNeeded: chipSectorSize >> 8)
        case 0x30: return UInt8(truncatingIfNeeded: chipSectorSize >> 16)
        case 0x31: return UInt8(ascii: "P")
        case 0x32: return UInt8(ascii: "R")
        case 0x33: return UInt8(ascii: "I")
        case 0x34: return UInt8(ascii: "1")
        case 0x35: return UInt8(ascii: "0")
        default: return 0
        }
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
