/// RFLAGS, the bits that a step touches or looks at (SDM volume 3A, 2.3).
public struct RFLAGS: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// TF: a debug exception behind each instruction.
    public static let trap: UInt64 = 1 << 8
    /// IF: maskable interrupts are taken.
    public static let interrupt: UInt64 = 1 << 9

    /// IOPL: the lowest privilege that may change IF.
    public var ioPrivilegeLevel: Int { Int(rawValue[bits: 12...13]) }

    /// The value with some bits from another one.
    func taking(_ bits: UInt64, from other: UInt64) -> RFLAGS {
        RFLAGS(rawValue: rawValue & ~bits | other & bits)
    }
}
