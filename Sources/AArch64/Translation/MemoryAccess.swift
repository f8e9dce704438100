/// An access as the permission check sees it.
public struct MemoryAccess: Hashable, Sendable {
    /// The kinds of access.
    public enum Kind: UInt8, CaseIterable, Sendable {
        /// A data read.
        case read
        /// A data write.
        case write
        /// An atomic read-modify-write: both permissions are needed.
        case readWrite
        /// An instruction fetch.
        case fetch
    }

    /// The kind of the access.
    public var kind: Kind
    /// Whether it is made with EL1's rights; false at EL0, and for LDTR and STTR at EL1 (unless PSTATE.UAO).
    public var isPrivileged: Bool
    /// PSTATE.PAN, where it applies: not for a fetch, nor for cache maintenance other than DC ZVA.
    public var pan: Bool
    /// Whether the address suits the size; an access to Device memory must be aligned.
    public var isAligned: Bool

    @inlinable
    public init(_ kind: Kind, isPrivileged: Bool, pan: Bool = false, isAligned: Bool = true) {
        self.kind = kind
        self.isPrivileged = isPrivileged
        self.pan = pan
        self.isAligned = isAligned
    }
}

/// The accesses of EL0 and EL1 that a page permits, with WXN and the hierarchical bits applied.
public struct PagePermissions: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// EL0 may read.
    public static let el0Read = Self(rawValue: 1 << 0)
    /// EL0 may write.
    public static let el0Write = Self(rawValue: 1 << 1)
    /// EL0 may execute.
    public static let el0Execute = Self(rawValue: 1 << 2)
    /// EL1 may read.
    public static let el1Read = Self(rawValue: 1 << 3)
    /// EL1 may write.
    public static let el1Write = Self(rawValue: 1 << 4)
    /// EL1 may execute.
    public static let el1Execute = Self(rawValue: 1 << 5)
    /// With PSTATE.PAN set EL1 may neither read nor write: EL0 can access the page, or, with SCTLR_EL1.EPAN, execute
    /// it.
    public static let panProtected = Self(rawValue: 1 << 6)

    /// The permissions with the MMU off: everything is allowed.
    public static let unrestricted: Self = [.el0Read, .el0Write, .el0Execute, .el1Read, .el1Write, .el1Execute]

    /// Whether the access is allowed.
    @inlinable
    public func allows(_ access: MemoryAccess) -> Bool {
        let rights = access.isPrivileged ? rawValue >> 3 : rawValue
        switch access.kind {
        case .fetch: return rights & 0b100 != 0
        case .read: return rights & 0b001 != 0 && !isRefusedByPAN(access)
        case .write: return rights & 0b010 != 0 && !isRefusedByPAN(access)
        case .readWrite: return rights & 0b011 == 0b011 && !isRefusedByPAN(access)
        }
    }

    @inlinable
    func isRefusedByPAN(_ access: MemoryAccess) -> Bool {
        access.pan && access.isPrivileged && contains(.panProtected)
    }

    /// As `ls` would: EL0's rights, then EL1's, such as `r-- rw-`.
    public var text: String {
        func letters(_ rights: UInt8) -> String {
            (rights & 1 != 0 ? "r" : "-") + (rights & 2 != 0 ? "w" : "-") + (rights & 4 != 0 ? "x" : "-")
        }
        return letters(rawValue) + " " + letters(rawValue >> 3)
    }
}

/// A byte of MAIR_EL1: what kind of memory it is.
public struct MemoryAttributes: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Device-nGnRnE: every data access with the MMU off.
    public static let deviceNGnRnE = Self(rawValue: 0x00)
    /// Normal, Inner and Outer Non-cacheable: a fetch with the MMU and SCTLR_EL1.I off.
    public static let normalNonCacheable = Self(rawValue: 0x44)
    /// Normal, Inner and Outer Write-Through: a fetch with the MMU off and SCTLR_EL1.I set.
    public static let normalWriteThrough = Self(rawValue: 0xaa)

    /// Whether it is Device memory, where unaligned accesses fault and reads may have side effects.
    @inlinable public var isDevice: Bool { rawValue & 0xf0 == 0 }

    /// The type in the Arm ARM's words.
    public var text: String {
        if isDevice {
            switch rawValue & 0b1100 {
            case 0b0000: return "Device-nGnRnE"
            case 0b0100: return "Device-nGnRE"
            case 0b1000: return "Device-nGRE"
            default: return "Device-GRE"
            }
        }
        if rawValue == 0xf0 { return "Normal, Tagged Write-Back" }
        let outer = Self.cacheability(rawValue >> 4)
        let inner = Self.cacheability(rawValue & 0xf)
        return outer == inner ? "Normal, \(outer)" : "Normal, Outer \(outer), Inner \(inner)"
    }

    private static func cacheability(_ bits: UInt8) -> String {
        if bits & 0b1100 == 0b0100 && bits & 0b0011 == 0 { return "Non-cacheable" }
        let policy = bits & 0b0100 != 0 ? "Write-Back" : "Write-Through"
        return bits & 0b1000 != 0 ? policy : policy + " Transient"
    }
}
