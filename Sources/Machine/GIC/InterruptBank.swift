/// The state of 32 consecutive interrupts, one bit of each word for each.
///
/// SGIs and PPIs (INTIDs 0 to 31) are one bank per vCPU, in its redistributor; SPIs are banks of the distributor. Both
/// frames lay the registers out the same way, so reading and writing them is here once.
struct InterruptBank: Equatable, Sendable {
    /// 1 is Group 1.
    var group: UInt32 = 0
    var enabled: UInt32 = 0
    /// Pending by an edge, by software or by an SGI: stays until acknowledged or cleared.
    var latched: UInt32 = 0
    /// The level of the input.
    var line: UInt32 = 0
    var active: UInt32 = 0
    /// 1 is edge-triggered.
    var edge: UInt32 = 0
    var priority: [UInt8] = Array(repeating: 0, count: 32)

    /// What `priority` can hold: 5 bits, 32 levels, as many as Arm's own GICs have.
    static let priorityMask: UInt8 = 0xF8

    /// A level-sensitive interrupt is pending as long as its input is asserted.
    var pending: UInt32 { latched | (line & ~edge) }

    /// Sets the level of an input; an edge-triggered interrupt remembers that it rose.
    mutating func setLine(_ bit: UInt32, _ level: Bool) {
        if level {
            latched |= bit & edge & ~line
            line |= bit
        } else {
            line &= ~bit
        }
    }

    /// Pending becomes active; a level-sensitive one whose input is still asserted is pending as well.
    mutating func acknowledge(_ bit: UInt32) {
        latched &= ~bit
        active |= bit
    }

    /// The registers that come once per bank, or in a few words per bank.
    enum Register {
        case group, setEnable, clearEnable, setPending, clearPending, setActive, clearActive
        case priority, configuration

        /// The table of register arrays: first and last offset, and how many words 32 interrupts take.
        private static let rows: [(register: Register, first: UInt64, last: UInt64, words: UInt64)] = [
            (.group, 0x080, 0x0FF, 1),
            (.setEnable, 0x100, 0x17F, 1),
            (.clearEnable, 0x180, 0x1FF, 1),
            (.setPending, 0x200, 0x27F, 1),
            (.clearPending, 0x280, 0x2FF, 1),
            (.setActive, 0x300, 0x37F, 1),
            (.clearActive, 0x380, 0x3FF, 1),
            (.priority, 0x400, 0x7FF, 8),
            (.configuration, 0xC00, 0xCFF, 2),
        ]

        /// The register at an offset of either frame: its kind, bank and word within the bank.
        static func at(_ offset: UInt64) -> (register: Register, bank: Int, word: Int)? {
            guard let row = rows.first(where: { offset >= $0.first && offset <= $0.last }) else { return nil }
            let word = (offset - row.first) / 4
            return (row.register, Int(word / row.words), Int(word % row.words))
        }
    }

    func read(_ register: Register, word: Int) -> UInt32 {
        switch register {
        case .group: return group
        case .setEnable, .clearEnable: return enabled
        case .setPending, .clearPending: return pending
        case .setActive, .clearActive: return active
        case .priority:
            return (0..<4).reduce(0) { $0 | UInt32(priority[word * 4 + $1]) << UInt32(8 * $1) }
        case .configuration:
            // Two bits per interrupt, of which the upper says edge.
            return (0..<16).reduce(0) { $0 | (edge >> UInt32(word * 16 + $1) & 1) << UInt32(2 * $1 + 1) }
        }
    }

    /// - Parameter writable: the interrupts that exist; the bits of others are RAZ/WI.
    mutating func write(_ register: Register, word: Int, value: UInt32, writable: UInt32 = ~0) {
        let bits = value & writable
        switch register {
        case .group: group = bits
        case .setEnable: enabled |= bits
        case .clearEnable: enabled &= ~bits
        case .setPending: latched |= bits
        case .clearPending: latched &= ~bits
        case .setActive: active |= bits
        case .clearActive: active &= ~bits
        case .priority:
            for index in 0..<4 {
                writePriority(
                    word * 4 + index, UInt8(truncatingIfNeeded: value >> UInt32(8 * index)), writable: writable)
            }
        case .configuration:
            for index in 0..<16 {
                let bit: UInt32 = 1 << UInt32(word * 16 + index)
                guard writable & bit != 0 else { continue }
                if value >> UInt32(2 * index + 1) & 1 != 0 { edge |= bit } else { edge &= ~bit }
            }
        }
    }

    mutating func writePriority(_ index: Int, _ value: UInt8, writable: UInt32 = ~0) {
        guard writable >> UInt32(index) & 1 != 0 else { return }
        priority[index] = value & Self.priorityMask
    }
}
