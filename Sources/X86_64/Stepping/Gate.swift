import ByteOrder

/// A gate of the interrupt descriptor table (IDT), which has the handler of an exception or an INT n.
///
/// SDM volume 3A, 6.11 "IDT Descriptors" and 6.14.1 "64-Bit Mode IDT".
public struct Gate: Hashable, Sendable {
    /// The offset of the handler in its code segment.
    public var offset: UInt64
    /// The selector of the code segment of the handler.
    public var selector: UInt16
    /// Whether the gate is a trap gate, which does not change IF; an interrupt gate clears IF.
    public var isTrapGate: Bool
    /// DPL: the highest CPL from which INT n can use the gate.
    public var privilegeLevel: Int
    /// The size of each value that the CPU pushes, in bytes: 2, 4 or 8.
    public var fieldSize: Int

    /// Creates a gate from its fields.
    public init(offset: UInt64, selector: UInt16, isTrapGate: Bool, privilegeLevel: Int, fieldSize: Int) {
        self.offset = offset
        self.selector = selector
        self.isTrapGate = isTrapGate
        self.privilegeLevel = privilegeLevel
        self.fieldSize = fieldSize
    }

    /// A long mode interrupt gate with an offset, a selector and a DPL of 0.
    public static let interrupt64 = Gate(
        offset: 0, selector: 0, isTrapGate: false, privilegeLevel: 0, fieldSize: 8)

    /// Returns the offset of the gate of a vector from the base of the IDT, in bytes.
    public static func offset(vector: UInt8, longMode: Bool) -> UInt64 {
        UInt64(vector) * UInt64(size(longMode: longMode))
    }

    /// Returns the size of a gate descriptor, in bytes.
    public static func size(longMode: Bool) -> Int { longMode ? 16 : 8 }

    /// Decodes a gate descriptor; nil if it is truncated, not present, or neither an interrupt gate nor a trap gate.
    public init?(_ bytes: [UInt8], longMode: Bool) {
        guard bytes.count >= Self.size(longMode: longMode) else { return nil }
        func field(_ range: ClosedRange<Int>) -> UInt64 { UInt64(littleEndianBytes: bytes[range]) }
        let type = bytes[5] & 0x1f
        guard bytes[5] & 0x80 != 0 else { return nil }
        switch type {
        case 0x0e, 0x0f: fieldSize = longMode ? 8 : 4
        case 0x06 where !longMode, 0x07 where !longMode: fieldSize = 2
        default: return nil
        }
        isTrapGate = type & 1 != 0
        privilegeLevel = Int(bytes[5] >> 5 & 3)
        selector = UInt16(field(2...3))
        var offset = field(0...1)
        if fieldSize > 2 { offset |= field(6...7) << 16 }
        if longMode { offset |= field(8...11) << 32 }
        self.offset = offset
    }
}
