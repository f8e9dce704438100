/// The state of 32 consecutive interrupts, with one bit of each word for each.
///
/// SGIs and PPIs (INTIDs 0 to 31) are one bank in each redistributor; SPIs are banks of the distributor. Both frames
/// have the same layout, so they share this code.
struct InterruptBank: Equatable, Sendable {
    /// The interrupts in Group 1.
    var group: UInt32 = 0
    var enabled: UInt32 = 0
    /// The interrupts made pending by an edge, a register write or an SGI, until they are acknowledged or cleared.
    var latched: UInt32 = 0
    /// The levels of the inputs.
    var line: UInt32 = 0
    var active: UInt32 = 0
    /// The edge-triggered interrupts; the rest are level-sensitive.
    var edge: UInt32 = 0
    var priority: [UInt8] = Array(repeating: 0, count: 32)

    /// The implemented bits of a priority: 5 bits, 32 levels, as in Arm's own GICs.
    static let priorityMask: UInt8 = 0xF8

    /// The pending interrupts; a level-sensitive interrupt is pending while its input is asserted.
    var pending: UInt32 { latched | (line & ~edge) }

    /// Sets the level of an input; a rising edge makes an edge-triggered interrupt pending.
    mutating func setLine(_ bit: UInt32, _ level: Bool) {
        if level {
            latched |= bit & edge & ~line
            line |= bit
        } else {
            line &= ~bit
        }
    }

    /// Makes a pending interrupt active; a level-sensitive interrupt stays pending while its input is asserted.
    mutating func acknowledge(_ bit: UInt32) {
        latched &= ~bit
        active |= bit
    }

    /// The register arrays with one or more words for each bank.
    enum Register {
        case group, setEnable, clearEnable, setPending, clearPending, setActive, clearActive
        case priority, configuration

        /// The offsets of the first and last byte of each array, and its number of words for 32 interrupts.
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

        /// Returns the register at an offset in either frame: its array, its bank, and the word within the bank.
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
            // Two bits for each interrupt, of which the upper is set if it is edge-triggered.
            return (0..<16).reduce(0) { $0 | (edge >> UInt32(word * 16 + $1) & 1) << UInt32(2 * $1 + 1) }
        }
    }

    /// Writes a word of a register array.
    ///
    /// - Parameter writable: The interrupts that exist; the bits of the rest are RAZ/WI.
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
