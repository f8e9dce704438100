import GuestAddresses
package import GuestMemory

/// A bank of NOR flash: two 16-bit chips side by side, with Intel's command set.
///
/// Both chips get the same commands, so they are one state machine; a word of the bus is 4 bytes. In read-array mode
/// the guest reads the region's memory directly; in any other mode its reads come to this device
/// (``MemoryRegion/isDirect``). Programming takes no time and only clears bits, as in a chip. JEDEC, JESD68, "Common
/// Flash Interface", with the command set 0x0001.
package final class CFIFlash: Device, Stateful {
    /// The name of the flash's memory region.
    package let name: String
    /// The size of an erase sector of both chips, in bytes.
    package static let sectorSize: UInt64 = 256 << 10

    private let memory: GuestMemory
    private let region: MemoryRegion

    /// The state that snapshots save.
    package private(set) var state = State()

    /// The state of the chips' command interface; the content is in the region's memory.
    package struct State: Equatable, Sendable {
        var mode = Mode.array
        var status = Status.ready
        /// Writes to be done when a buffered write is confirmed.
        var buffer: [Write] = []
    }

    struct Write: Equatable, Sendable {
        var offset: UInt64
        var size: Int
        var value: UInt64
    }

    enum Mode: Equatable, Sendable {
        // The modes between commands, named after the values that reads return.
        case array, status, identifier, query
        // The modes after the first cycle of a command; reads return the status.
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

    /// Makes the flash of a region.
    ///
    /// - Precondition: The region is flash, and its size is a power of two of sectors.
    package init(region: MemoryRegion, in memory: GuestMemory) {
        self.region = region
        self.memory = memory
        name = region.name
    }

    /// Returns to read-array mode; the content stays.
    package func reset() {
        restore(State())
    }

    /// Replaces the state and makes the region direct or not to match.
    package func restore(_ state: State) {
        self.state = state
        enter(state.mode)
    }

    private func enter(_ mode: Mode) {
        state.mode = mode
        memory.setDirect(mode == .array, region)
    }

    /// Reads the content in read-array mode; in other modes, status, identifier or query data.
    package func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        guard state.mode != .array else { return load(offset, size) }
        // Each byte of the range is taken from the 4-byte word of both chips that contains it.
        return (0..<UInt64(size)).reduce(0) { value, index in
            let word = answer(Int((offset + index) / 4))
            return value | UInt64(word >> (8 * UInt32((offset + index) % 4)) & 0xFF) << (8 * index)
        }
    }

    /// Returns the word that the chips put on the bus outside read-array mode.
    private func answer(_ word: Int) -> UInt32 {
        let half: UInt32 =
            switch state.mode {
            case .identifier: [0x89, 0x18][safe: word % Int(Self.sectorSize / 4)] ?? 0
            case .query: UInt32(Self.query(word, chipSize: region.size / 2))
            default: UInt32(state.status)
            }
        return half << 16 | half
    }

    /// Writes a command, or data for one.
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
            // Sectors are never locked, but the lock commands are accepted.
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

    /// Handles the first cycle of a command.
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
        default: enter(.array)  // 0xFF; other commands, such as AMD's reset 0xF0, are not Intel's.
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
    /// The size of each chip's write buffer as a binary logarithm of bytes, and the number of bus words that fill both.
    private static let bufferExponent: UInt8 = 9
    private static let bufferWords = (1 << Int(bufferExponent)) / 2

    /// Returns a byte of each chip's query structure.
    private static func query(_ index: Int, chipSize: UInt64) -> UInt8 {
        let chipSectorSize = sectorSize / 2
        let sectors = chipSize / chipSectorSize - 1
        let exponent = UInt8(chipSize.trailingZeroBitCount)
        switch index {
        case 0x10: return UInt8(ascii: "Q")
        case 0x11: return UInt8(ascii: "R")
        case 0x12: return UInt8(ascii: "Y")
        case 0x13: return 0x01  // Intel's extended command set.
        case 0x15: return 0x31  // The offset of the primary extended query table.
        case 0x1B: return 0x27  // Minimum supply voltage, 2.7 V; the next is the maximum, 3.6 V.
        case 0x1C: return 0x36
        case 0x1F, 0x20: return 6  // Typical times: 64 µs for a word or a buffer,
        case 0x21: return 9  // 512 ms for a sector;
        case 0x23, 0x24, 0x25: return 4  // maximum times: 16 times those.
        case 0x27: return exponent
        case 0x28: return 0x01  // 16-bit interface.
        case 0x2A: return bufferExponent
        case 0x2C: return 1  // One region of equal sectors: number minus one, size in units of 256 bytes.
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
