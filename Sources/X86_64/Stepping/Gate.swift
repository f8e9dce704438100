/// An entry of the interrupt descriptor table: where an exception or INT n goes.
///
/// SDM volume 3A, 6.11 "IDT Descriptors" and 6.14.1 "64-Bit Mode IDT".
public struct Gate: Hashable, Sendable {
    /// The handler's address, without the base of its code segment.
    public var offset: UInt64
    public var selector: UInt16
    /// It leaves IF alone; an interrupt gate clears it.
    public var isTrapGate: Bool
    /// The lowest privilege that may use it by INT n.
    public var privilegeLevel: Int
    /// The bytes of each field that is pushed.
    public var fieldSize: Int

    public init(offset: UInt64, selector: UInt16, isTrapGate: Bool, privilegeLevel: Int, fieldSize: Int) {
        self.offset = offset
        self.selector = selector
        self.isTrapGate = isTrapGate
        self.privilegeLevel = privilegeLevel
        self.fieldSize = fieldSize
    }

    /// A plain gate of long mode.
    public static let interrupt64 = Gate(
        offset: 0, selector: 0, isTrapGate: false, privilegeLevel: 0, fieldSize: 8)

    /// Where a vector's gate lies behind IDTR's base; it has `size(longMode:)` bytes.
    public static func offset(vector: UInt8, longMode: Bool) -> UInt64 {
        UInt64(vector) * UInt64(size(longMode: longMode))
    }

    public static func size(longMode: Bool) -> Int { longMode ? 16 : 8 }

    /// Reads a descriptor; nil if it is cut short, not present, or no interrupt or trap gate.
    public init?(_ bytes: [UInt8], longMode: Bool) {
        guard bytes.count >= Self.size(longMode: longMode) else { return nil }
        func field(_ range: ClosedRange<Int>) -> UInt64 {
            range.reversed().reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
        }
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
