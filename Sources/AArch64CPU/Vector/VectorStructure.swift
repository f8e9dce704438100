import AArch64

/// What an LDn, STn or LDnR moves, as its word says.
///
/// Arm ARM, DDI 0487, C4.1, "Advanced SIMD load/store multiple structures" and "… single structure".
struct VectorStructure {
    /// How many registers, from Vt on.
    var registerCount: Int
    /// How many of them make a structure whose elements lie side by side in memory; 1 for LD1 and ST1.
    var structureSize: Int
    var elementLog2: Int
    /// The one element of each register that is moved; nil for all of them.
    var lane: Int?
    /// The element goes into all lanes.
    var replicates = false
    /// The bytes of each register that take part: 8 or 16.
    var registerSize: Int

    init(_ word: UInt32) {
        registerSize = word.bit(30) ? 16 : 8
        let q = Int(word.field(30, 1))
        let size = Int(word.field(10, 2))
        guard word.bit(24) else {
            elementLog2 = size
            // opcode: 0000 four of four, 0010 four, 0100 three of three, 0110 three, 0111 one, 1000 two of two, 1010 two.
            (registerCount, structureSize) =
                switch word.field(12, 4) {
                case 0b0000: (4, 4)
                case 0b0010: (4, 1)
                case 0b0100: (3, 3)
                case 0b0110: (3, 1)
                case 0b0111: (1, 1)
                case 0b1000: (2, 2)
                default: (2, 1)
                }
            return
        }
        registerCount = Int(word.field(13, 1) << 1 | word.field(21, 1)) + 1
        structureSize = registerCount
        let s = Int(word.field(12, 1))
        switch word.field(14, 2) {
        case 0:
            elementLog2 = 0
            lane = q << 3 | s << 2 | size
        case 1:
            elementLog2 = 1
            lane = q << 2 | s << 1 | size >> 1
        case 2 where size & 1 == 0:
            elementLog2 = 2
            lane = q << 1 | s
        case 2:
            elementLog2 = 3
            lane = q
        default:
            elementLog2 = size
            lane = 0
            replicates = true
        }
    }

    /// LD1 and ST1 of multiple structures.
    var isWholeRegisters: Bool { structureSize == 1 && lane == nil }

    /// The bytes in memory.
    var byteCount: Int { lane == nil ? registerCount * registerSize : registerCount << elementLog2 }
}
