public import GuestAddresses
import NumberText

/// Where a linear address leads, and what may be done there.
public struct Translation: Hashable, Sendable {
    public var physicalAddress: PhysicalAddress
    /// The binary logarithm of the page's size: 12, 21, 22 or 30; 12 with paging off.
    public var pageBits: Int
    /// The level of the table whose entry maps the page, 1 to 3; 0 with paging off.
    public var level: Int
    public var permissions: Permissions
    /// The page stays in the TLB over a change of CR3: G with CR4.PGE.
    public var isGlobal: Bool
    public var isAccessed: Bool
    public var isDirty: Bool

    /// The accesses that every entry of the walk allows (SDM volume 3A, "Determination of Access Rights").
    public struct Permissions: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// U/S: CPL 3 too.
        public static let user = Self(rawValue: 1)
        public static let write = Self(rawValue: 2)
        /// No entry has XD set, or EFER.NXE is 0.
        public static let execute = Self(rawValue: 4)

        /// Such as `user rwx` or `supervisor r--`.
        public var text: String {
            (contains(.user) ? "user" : "supervisor") + " r" + (contains(.write) ? "w" : "-")
                + (contains(.execute) ? "x" : "-")
        }
    }

    public init(
        physicalAddress: PhysicalAddress, pageBits: Int, level: Int, permissions: Permissions, isGlobal: Bool = false,
        isAccessed: Bool = true, isDirty: Bool = true
    ) {
        self.physicalAddress = physicalAddress
        self.pageBits = pageBits
        self.level = level
        self.permissions = permissions
        self.isGlobal = isGlobal
        self.isAccessed = isAccessed
        self.isDirty = isDirty
    }

    /// How many bytes from `physicalAddress` on the same entry maps.
    public var bytesToEnd: UInt64 {
        let size: UInt64 = 1 &<< UInt64(pageBits)
        return size - (physicalAddress.rawValue & (size - 1))
    }

    /// The whole translation in one line.
    public var text: String {
        guard level != 0 else { return "PA \(hexadecimal(physicalAddress)) (paging off)" }
        let size = sizeInWords(1 << UInt64(pageBits))
        var line = "PA \(hexadecimal(physicalAddress)), \(size) page, \(permissions.text)"
        if isGlobal { line += ", global" }
        if !isAccessed { line += ", not accessed" }
        if !isDirty { line += ", clean" }
        return line
    }
}
