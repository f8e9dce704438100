package import GuestAddresses
package import SystemPackage

/// Why a region of guest memory can't be added.
package struct RegionError: Error, Equatable, Sendable {
    package enum Cause: Equatable, Sendable {
        /// The size or the address of the region is not a multiple of 4 KiB, or the region has no bytes.
        case misaligned
        case endsAboveAddressSpace
        case overlaps(String, at: PhysicalAddress)
        /// mmap(2) refused the address range.
        case notReserved(Errno)
        /// The pages of an erased flash can't be mapped.
        case notMapped(Errno)
    }

    package var cause: Cause
    package var name: String
    package var base: PhysicalAddress
    /// In bytes.
    package var size: UInt64

    init(_ cause: Cause, name: String, base: PhysicalAddress, size: UInt64) {
        self.cause = cause
        self.name = name
        self.base = base
        self.size = size
    }
}
