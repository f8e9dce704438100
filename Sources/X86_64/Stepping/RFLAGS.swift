/// A value of RFLAGS, with the bits that a step reads or changes (SDM volume 3A, 2.3).
public struct RFLAGS: RawRepresentable, Hashable, Sendable {
    /// The value of the register.
    public var rawValue: UInt64

    /// Creates a value from that of the register.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The mask of TF, which causes a debug exception after each instruction.
    public static let trap: UInt64 = 1 << 8
    /// The mask of IF, which enables maskable interrupts.
    public static let interrupt: UInt64 = 1 << 9

    /// IOPL: the highest CPL that can change IF.
    public var ioPrivilegeLevel: Int { Int(rawValue[bits: 12...13]) }

    /// Returns the value with the bits of the mask `bits` replaced by those of `other`.
    func taking(_ bits: UInt64, from other: UInt64) -> RFLAGS {
        RFLAGS(rawValue: rawValue & ~bits | other & bits)
    }
}
