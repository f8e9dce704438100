import AArch64

/// The registers and memory that an LDn, STn or LDnR accesses, decoded from its word.
///
/// Arm ARM, DDI 0487, C4.1, "Advanced SIMD load/store multiple structures" and "… single structure".
struct VectorStructure {
    /// The number of registers, starting with Vt.
    var registerCount: Int
    /// The number of elements in a structure, which are adjacent in memory; 1 for LD1 and ST1.
    var structureSize: Int
    var elementLog2: Int
    /// The element of each register that is moved; nil for all.
    var lane: Int?
    /// Whether the element is written to all lanes.
    var replicates = false
    /// The number of bytes of each register that are moved: 8 or 16.
    var registerSize: Int

    init(_ word: UInt32) {
        registerSize = word.bit(30) ? 16 : 8
        let q = Int(word.field(30, 1))
        let size = Int(word.field(10, 2))
        guard word.bit(24) else {
            elementLog2 = size
            // opcode: registers and structure size are 4 and 4 for 0000, 4 and 1 for 0010, 3 and 3 for 0100, 3 and 1
            // for 0110, 1 and 1 for 0111, 2 and 2 for 1000, 2 and 1 for 1010.
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

    /// Whether it is an LD1 or ST1 of multiple structures.
    var isWholeRegisters: Bool { structureSize == 1 && lane == nil }

    /// The number of bytes in memory.
    var byteCount: Int { lane == nil ? registerCount * registerSize : registerCount << elementLog2 }
}
