public import GuestAddresses
import NumberText

/// Where a virtual address leads, and what may be done there.
public struct Translation: Hashable, Sendable {
    /// The table in which the address was looked up.
    public enum Base: UInt8, Sendable {
        /// Nothing: the MMU is off and the address is the physical one.
        case none
        /// The table of the lower half, in TTBR0_EL1.
        case ttbr0
        /// The table of the upper half, in TTBR1_EL1.
        case ttbr1
    }

    /// The output address.
    public var physicalAddress: PhysicalAddress
    /// The binary logarithm of the size of the page or block; 12 with the MMU off.
    public var blockBits: UInt8
    /// The level of the page or block descriptor, -1 to 3; 0 with the MMU off.
    public var level: Int8
    /// The table in which the address was looked up.
    public var base: Base
    /// The accesses that the page permits.
    public var permissions: PagePermissions
    /// The memory type and cacheability.
    public var attributes: MemoryAttributes
    /// nG: the entry belongs to the current ASID only.
    public var isNonGlobal: Bool
    /// AF: false can only come from a walk, which doesn't check it.
    public var isAccessed: Bool
    /// GP: FEAT_BTI guards the page.
    public var isGuarded: Bool

    @inlinable
    public init(
        physicalAddress: PhysicalAddress, blockBits: UInt8, level: Int8, base: Base, permissions: PagePermissions,
        attributes: MemoryAttributes, isNonGlobal: Bool = false, isAccessed: Bool = true, isGuarded: Bool = false
    ) {
        self.physicalAddress = physicalAddress
        self.blockBits = blockBits
        self.level = level
        self.base = base
        self.permissions = permissions
        self.attributes = attributes
        self.isNonGlobal = isNonGlobal
        self.isAccessed = isAccessed
        self.isGuarded = isGuarded
    }

    /// How many bytes from `physicalAddress` on the same entry maps.
    @inlinable public var bytesToEnd: UInt64 {
        let size: UInt64 = 1 &<< UInt64(blockBits)
        return size - (physicalAddress.rawValue & (size - 1))
    }

    /// The whole translation in one line.
    public var text: String {
        let pa = hexadecimal(physicalAddress)
        guard base != .none else { return "PA \(pa) (MMU off)" }
        var line = "PA \(pa), \(sizeInWords(UInt64(1) << UInt64(blockBits))) \(level == 3 ? "page" : "block")"
        line += " at level \(level), EL0/EL1 \(permissions.text), \(attributes.text)"
        if isNonGlobal { line += ", nG" }
        if !isAccessed { line += ", access flag clear" }
        if isGuarded { line += ", guarded" }
        return line
    }
}
